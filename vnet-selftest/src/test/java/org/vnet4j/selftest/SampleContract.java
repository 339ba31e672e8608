// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A contract for the tests of the report, which run it; it is never run by itself. */
abstract class SampleContract {

  /** All its tests pass. */
  static class Sound extends SampleContract {}

  /** The same with a topic that fails. */
  static class Broken extends SampleContract {
    @Nested
    class BadDay {
      @Test
      void it_goes_wrong() {
        fail("the cable\nis cut");
      }

      @ParameterizedTest
      @ValueSource(ints = {1, 2})
      void numbers_are_odd(int number) {
        assertThat(number % 2).as("%s modulo 2", number).isOne();
      }
    }
  }

  @Nested
  class GoodDay {
    @Test
    void it_works() {
      assertThat(1 + 1).isEqualTo(2);
    }

    @Test
    void one_wants_a_moon() {
      assumeTrue(false, "there is no moon");
    }

    @Test
    void another_wants_a_moon() {
      assumeTrue(false, "there is no moon");
    }
  }

  @Nested
  class Clear {
    @Test
    void it_works_too() {
      assertThat(2 + 2).isEqualTo(4);
    }
  }
}
