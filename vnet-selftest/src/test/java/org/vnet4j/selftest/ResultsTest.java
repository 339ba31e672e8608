// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResultsTest {
  private int status = -1;

  @Test
  void topics_are_the_nested_classes_by_name() {
    assertThat(Topic.of(SampleContract.Broken.class))
        .extracting(Topic::name)
        .containsExactly("bad-day", "clear", "good-day");
    assertThat(Topic.of(ThisMachine.class)).extracting(Topic::name).contains("ipv6", "rehearsal");
  }

  @Test
  void all_that_passed_is_passed() {
    String report = run(SampleContract.Sound.class, "clear");

    assertThat(report).containsPattern("clear +1 +0 +0 ").endsWith("\n\nPASSED: all of 1 tests.\n");
    assertThat(status).isZero();
  }

  @Test
  void what_was_skipped_is_an_issue_and_reasons_come_once() {
    String report = run(SampleContract.Sound.class, "clear", "good-day");

    assertThat(report)
        .containsPattern("good-day +1 +0 +2 ")
        .containsPattern("all +2 +0 +2 ")
        .containsOnlyOnce("there is no moon")
        .contains("good-day: another wants a moon", "good-day: one wants a moon")
        .endsWith("\nPASSED WITH ISSUES: 2 of 4 tests passed, 2 skipped for want of something.\n");
    assertThat(status).isZero();
  }

  @Test
  void what_failed_is_told_with_its_message_and_place() {
    String report = run(SampleContract.Broken.class, "bad-day", "clear", "good-day");

    assertThat(report)
        .containsPattern("bad-day +1 +2 +0 ")
        .contains("\n  bad-day: it goes wrong\n      the cable\n      is cut\n")
        .contains("at SampleContract.java:")
        .contains("\n  bad-day: numbers are odd [2]")
        .contains("[2 modulo 2]")
        .contains("there is no moon")
        .endsWith("\nFAIL: 2 of 7 tests failed, for the reasons above.\n");
    assertThat(status).isEqualTo(1);
  }

  @Test
  void nothing_tested_is_no_success() {
    String report = run(SampleContract.Sound.class);

    assertThat(report).endsWith("\nFAIL: nothing was tested.\n");
    assertThat(status).isEqualTo(1);
  }

  private String run(Class<?> contract, String... names) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Results results = new Results(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<Topic> topics =
        Topic.of(contract).stream().filter(t -> List.of(names).contains(t.name())).toList();
    SelfTest.execute(contract, topics, results);
    status = results.verdict();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
