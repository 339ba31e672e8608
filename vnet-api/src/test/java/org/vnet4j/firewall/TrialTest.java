// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.TrialDriver;

/**
 * Tests that a trial ends only when its end succeeded, and not when an attempt to end it failed.
 */
class TrialTest {
  private final List<RuntimeException> failures = new ArrayList<>();
  private final List<String> done = new ArrayList<>();

  private final TrialDriver driver =
      new TrialDriver() {
        @Override
        public void confirm() {
          did("confirm");
        }

        @Override
        public void restore() {
          did("restore");
        }
      };

  private void did(String what) {
    if (!failures.isEmpty()) {
      throw failures.remove(0);
    }
    done.add(what);
  }

  private Trial trial() {
    Access<TrialDriver> access =
        new Access<>() {
          @Override
          public String stack() {
            return "web";
          }

          @Override
          public TrialDriver driver() {
            return driver;
          }

          @Override
          public <T> T changeAndGet(String what, Function<TrialDriver, T> change) {
            return change.apply(driver);
          }
        };
    return Trial.begin(access, "load", Duration.ofSeconds(30), one -> one);
  }

  @Test
  void a_restore_that_fails_can_be_done_again() {
    Trial trial = trial();
    failures.add(new VnetException("no"));

    assertThatThrownBy(trial::restore).hasMessage("no");
    trial.close();
    trial.close();

    assertThat(done).containsExactly("restore");
  }

  @Test
  void a_confirmation_that_fails_leaves_the_trial_as_it_is() {
    Trial trial = trial();
    failures.add(new VnetException("no"));

    assertThatThrownBy(trial::confirm).hasMessage("no");
    trial.close();

    assertThat(done).containsExactly("restore");
  }

  @Test
  void when_the_jail_is_removed_nothing_is_left_to_restore() {
    Trial trial = trial();
    failures.add(new Jail.NotFoundException("web"));

    trial.close();

    assertThat(done).isEmpty();
  }

  @Test
  void when_the_vnet_was_closed_the_old_rules_are_back_already() {
    Trial trial = trial();
    failures.add(new Vnet.ClosedException());

    trial.close();

    assertThat(done).isEmpty();
    assertThatThrownBy(trial::confirm).isInstanceOf(IllegalStateException.class);
  }
}
