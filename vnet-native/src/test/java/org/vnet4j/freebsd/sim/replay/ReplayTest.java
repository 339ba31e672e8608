// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.vnet4j.freebsd.sim.replay.Recording.Line;

/** Compares the answers of the simulated kernel with those of a running FreeBSD 15.1. */
class ReplayTest {
  /** MAC addresses that the recorded kernel chose, by interface. */
  private static final Map<String, String> TRACE_MACS =
      Map.of(
          "epair0a", "62ae4a1acdfb",
          "epair0b", "a61582697752",
          "epair5a", "765931ccaec6",
          "epair5b", "52c5cfd0bb0a");

  private static final Map<String, String> EVENT_MACS =
      Map.of("epair0a", "767006f4f893", "epair0b", "9a7343879c51");

  /** Lines that are not replayed, with the reason. */
  private static final Map<Integer, String> SKIPPED_EVENTS =
      Map.of(
          57, "bpf is opened by the helper, not by libc's calls here",
          58, "bpf: no packet travels in the simulated kernel, so none is read",
          59, "bpf: see line 57",
          68, "bpf: see line 57",
          102, "kevent: a jail is watched by its number, not by a descriptor",
          103, "kevent: a jail is watched by its number, not by a descriptor",
          105, "kevent: a jail is watched by its number, not by a descriptor");

  @Test
  void every_line_of_the_trace_is_answered_as_it_was_recorded() {
    Replay replay = new Replay(TRACE_MACS);
    List<Line> lines = Recording.trace();
    for (Line line : lines) {
      switch (line.number()) {
        // The recorder closed the jail's sockets before it removed the jail.
        case 269 -> replay.leave("kid2");
        // The process that kept the jail alive ended.
        case 299 -> replay.exit("attached");
        default -> {}
      }
      replay.play(line);
    }
    assertThat(lines).hasSize(310);
    assertThat(replay.differences).isEmpty();
  }

  @Test
  void every_event_is_sent_as_it_was_recorded() {
    Replay replay = new Replay(EVENT_MACS);
    // if_epair was loaded when the recorder began.
    replay.host.kldload(NativeMemory.of("if_epair").address);
    List<Line> lines = Recording.events();
    String step = "";
    for (Line line : lines) {
      if (line.number() == 73) {
        // Open sockets would keep the jail alive.
        replay.leave("evjail");
      }
      // After the destroy step the recorder no longer listened.
      boolean listening = line.number() <= 101;
      if (listening && !line.text("step").equals(step)) {
        replay.expectSilence(line);
      }
      step = line.text("step");
      if (!SKIPPED_EVENTS.containsKey(line.number())) {
        replay.play(line);
      }
    }
    assertThat(lines).hasSize(124);
    assertThat(replay.differences).isEmpty();
  }

  @Test
  void few_lines_are_skipped_and_each_for_a_written_reason() {
    assertThat(SKIPPED_EVENTS).hasSize(7).allSatisfy((line, why) -> assertThat(why).isNotBlank());
    assertThat(
            Recording.events().stream()
                .filter(line -> SKIPPED_EVENTS.containsKey(line.number()))
                .map(Line::call)
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(
            "bpf-in-jail", "bpf-read", "bpf-dlt", "bpf-read-after-move", "kevent", "kevent-add");
  }

  @Test
  void a_kernel_that_answers_otherwise_is_noticed() {
    Replay replay = new Replay(Map.of());
    List<Line> lines = Recording.trace().subList(0, 66);
    lines.forEach(replay::play);

    assertThat(replay.differences)
        .as("the MAC addresses were not put in, and lines 65 and 66 show them")
        .hasSize(2)
        .allSatisfy(difference -> assertThat(difference).contains("SIOCGHWADDR"));
  }
}
