// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnet4j.net.Errno.EEXIST;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.vnet4j.KernelError;
import org.vnet4j.NetInterface;

class UnitNumbersTest {
  private final UnitNumbers numbers = new UnitNumbers();
  private final Set<String> taken = new TreeSet<>();

  private String create(String kind) {
    return numbers.next(
        kind,
        unit -> {
          String name = kind + unit;
          if (!taken.add(name)) {
            throw new NetInterface.NameTakenException(
                KernelError.of("RTM_NEWLINK", name, 17, EEXIST, "File exists"));
          }
          return name;
        });
  }

  @Test
  void numbers_are_given_in_order_and_taken_ones_are_left_out() {
    taken.add("bridge1");

    assertThat(create("bridge")).isEqualTo("bridge0");
    assertThat(create("bridge")).isEqualTo("bridge2");
    assertThat(create("tap")).isEqualTo("tap0");
  }

  @Test
  void a_number_that_is_free_again_is_given_again() {
    create("epair");
    create("epair");
    taken.remove("epair0");
    numbers.freed("epair0a");

    assertThat(create("epair")).isEqualTo("epair0");
    assertThat(create("epair")).isEqualTo("epair2");
  }

  @Test
  void names_of_other_forms_are_of_no_concern() {
    numbers.freed("em0.100");
    numbers.freed("uplink");

    assertThat(create("em")).isEqualTo("em0");
  }
}
