// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;
import java.util.function.Function;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.TableDriver;

/** Shared parts of the engines: access to their tables, and rule lists as text. */
final class Tables {
  private Tables() {}

  static <D> Access<TableDriver> of(Access<D> engine, Function<D, TableDriver> tables) {
    return new Access<>() {
      @Override
      public String stack() {
        return engine.stack();
      }

      @Override
      public TableDriver driver() {
        return tables.apply(engine.driver());
      }

      @Override
      public <T> T changeAndGet(String what, Function<TableDriver, T> change) {
        return engine.changeAndGet(what, driver -> change.apply(tables.apply(driver)));
      }
    };
  }

  static String lines(List<ListedRule> rules) {
    StringBuilder text = new StringBuilder();
    for (ListedRule rule : rules) {
      text.append(rule).append('\n');
    }
    return text.toString();
  }
}
