// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a helper that was killed is replaced once. */
final class HelperHolderTest {
  private final List<String> log = new ArrayList<>();
  private int started;

  /** Starts a helper that can only be closed. */
  private Helper helper() {
    String name = "helper " + ++started;
    log.add("start " + name);
    return (Helper)
        Proxy.newProxyInstance(
            Helper.class.getClassLoader(),
            new Class<?>[] {Helper.class},
            (self, method, arguments) -> {
              log.add(method.getName() + " " + name);
              return null;
            });
  }

  /** What another thread would do is done here in the midst of the work. */
  @Test
  void two_that_lost_the_same_helper_start_one_other() {
    HelperHolder holder = new HelperHolder(helper(), this::helper);
    Helper first = holder.get();
    Runnable work =
        () -> {
          if (holder.get() == first) {
            throw new Helper.LostException("killed");
          }
        };
    List<String> runs = new ArrayList<>();

    holder.evenIfKilled(
        () -> {
          runs.add("run");
          if (runs.size() == 1) {
            holder.evenIfKilled(work);
            throw new Helper.LostException("killed");
          }
        });

    assertThat(log).containsExactly("start helper 1", "start helper 2", "close helper 1");
    assertThat(runs).hasSize(2);
  }

  @Test
  void another_helper_that_is_killed_too_is_replaced_next_time() {
    HelperHolder holder = new HelperHolder(helper(), this::helper);
    for (int i = 0; i < 2; i++) {
      Helper killed = holder.get();
      holder.evenIfKilled(
          () -> {
            if (holder.get() == killed) {
              throw new Helper.LostException("killed");
            }
          });
    }

    assertThat(log).endsWith("start helper 3", "close helper 2");
  }
}
