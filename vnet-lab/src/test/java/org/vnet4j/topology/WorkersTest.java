// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Vnet;

/** Work that is shared is given up at an interrupt, and undone in spite of all. */
@Timeout(240)
class WorkersTest {
  private static final List<Integer> WORK = IntStream.range(0, 10_000).boxed().toList();

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void an_interrupt_in_the_middle_ends_the_work_soon_and_stays(int threads) {
    AtomicInteger done = new AtomicInteger();
    Thread caller = Thread.currentThread();

    assertThatThrownBy(
            () ->
                Workers.all(
                    threads,
                    WORK,
                    one -> {
                      if (done.incrementAndGet() == 5) {
                        caller.interrupt();
                      }
                      pause();
                    }))
        .isInstanceOf(Vnet.InterruptException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).hasValueLessThan(1000);
  }

  /** Works for a moment, as a call of the kernel does, whether interrupted. */
  private static void pause() {
    long end = System.nanoTime() + 1_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void what_must_not_be_disturbed_goes_on_however_often_the_thread_is_interrupted() {
    Thread caller = Thread.currentThread();
    CountDownLatch done = new CountDownLatch(1);

    Workers.undisturbed(
        () -> {
          for (int i = 0; i < 5; i++) {
            caller.interrupt();
            Workers.all(2, List.of(1, 2), one -> pause());
          }
          done.countDown();
        });

    assertThat(done.getCount()).isZero();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void without_another_thread_it_is_done_in_this_one_and_an_earlier_interrupt_stays() {
    AtomicInteger done = new AtomicInteger();
    Thread.currentThread().interrupt();

    Workers.undisturbed(
        () -> Workers.all(1, List.of(1, 2), one -> done.incrementAndGet()),
        (name, work) -> {
          throw new Vnet.NoThreadException(name, new OutOfMemoryError());
        });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).hasValue(2);
  }

  @Test
  void what_fails_undisturbed_is_told() {
    assertThatThrownBy(
            () ->
                Workers.undisturbed(
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no");
  }
}
