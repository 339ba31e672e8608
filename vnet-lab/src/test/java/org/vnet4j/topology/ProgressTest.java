// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The progress bar, and the threads that share work. */
class ProgressTest {

  @Test
  void a_bar_grows_and_ends_its_line() {
    assertThat(ProgressBar.line(1, 2, "cable a -- b"))
        .startsWith("[###############...............] 1/2 cable a -- b");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProgressBar bar = new ProgressBar(new PrintStream(out));
    bar.step(1, 2, "one");
    bar.step(2, 2, "two");

    assertThat(out.toString())
        .startsWith("\r[###############")
        .endsWith("two" + " ".repeat(37) + System.lineSeparator());
  }

  @Test
  void work_is_shared_and_all_done() {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    List<Integer> items = IntStream.range(0, 1000).boxed().toList();

    Workers.all(4, items, done::add);

    assertThat(done).hasSize(1000);
  }

  @Test
  void the_first_failure_stops_the_work_and_is_thrown() {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    List<Integer> items = IntStream.range(0, 100_000).boxed().toList();

    assertThatThrownBy(
            () ->
                Workers.all(
                    4,
                    items,
                    item -> {
                      if (item == 10) {
                        throw new IllegalStateException("ten");
                      }
                      done.add(item);
                    }))
        .hasMessage("ten");
    assertThat(done.size()).isLessThan(100_000);
  }
}
