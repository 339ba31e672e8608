// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.owner;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text that notes a trial of firewall rules: when it ends, and which program began it. */
public final class TrialNote {
  private static final Pattern TEXT = Pattern.compile("until (\\S+) by program [0-9]+");

  /** The time after its end in which the helper restores the old rules. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private TrialNote() {}

  /**
   * Returns the note of a trial that this program begins now.
   *
   * @param limit how long the trial lasts
   * @return such as {@code until 2026-11-28T12:00:30Z by program 4711}
   */
  public static String of(Duration limit) {
    Instant end = Instant.now().plus(limit).truncatedTo(ChronoUnit.SECONDS);
    return "until %s by program %d".formatted(end, ProcessHandle.current().pid());
  }

  /**
   * Returns whether the time of a trial is up.
   *
   * @param text a note, perhaps of somebody else
   * @return true for a text that is no note, too
   */
  public static boolean isPast(String text) {
    Matcher words = TEXT.matcher(text);
    try {
      return !words.matches() || Instant.parse(words.group(1)).plus(SLACK).isBefore(Instant.now());
    } catch (DateTimeException e) {
      return true;
    }
  }
}
