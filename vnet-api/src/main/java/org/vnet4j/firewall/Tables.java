// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.TableDriver;

/** What the engines share: the way to their tables, and lists as text. */
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
      public void change(String what, Consumer<TableDriver> change) {
        engine.change(what, driver -> change.accept(tables.apply(driver)));
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
