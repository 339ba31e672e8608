// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Exec;
import org.vnet4j.firewall.Trial;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.MemoryFile;
import org.vnet4j.posix.owner.TrialNote;
import org.vnet4j.spi.TrialDriver;

/**
 * A trial of rules that a program loads: pfctl(8) or ipf(8). The way back is a run of that program
 * which loads the old rules in one step. It is valid at any time, even before the new rules are
 * loaded, and may be repeated; the helper runs it if the trial is not confirmed in time.
 */
final class FreeBsdProgramTrial implements TrialDriver {
  /** Delay until the helper retries a way back that failed. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** How long after its end a trial still counts as running: the program takes some time. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private final FreeBsdStack stack;
  private final WayBack wayBack;
  private final String note;
  private final long deadline;
  private int armed;
  private boolean kept;
  private volatile boolean ended;

  /**
   * How the old rules are restored.
   *
   * @param command the program and its arguments
   * @param rules its standard input
   * @param now runs it and throws if it fails
   */
  record WayBack(List<String> command, String rules, Runnable now) {}

  private FreeBsdProgramTrial(FreeBsdStack stack, WayBack wayBack, Duration limit) {
    this.stack = stack;
    this.wayBack = wayBack;
    this.note = TrialNote.of(limit);
    this.deadline = System.nanoTime() + limit.plus(SLACK).toNanos();
  }

  /** Arms the way back in the helper, then loads the new rules. If that fails, returns. */
  static FreeBsdProgramTrial begin(
      FreeBsdStack stack, WayBack wayBack, Duration limit, Runnable load) {
    FreeBsdProgramTrial trial = new FreeBsdProgramTrial(stack, wayBack, limit);
    trial.armed = trial.arm(limit);
    try {
      load.run();
    } catch (RuntimeException e) {
      Failures.undo(e, trial::restore); // the program may have loaded them
      throw e;
    }
    return trial;
  }

  /**
   * Throws if a trial is running.
   *
   * @param firewall its name
   */
  static void requireNone(@Nullable FreeBsdProgramTrial trial, String firewall) {
    if (trial != null && !trial.ended && System.nanoTime() < trial.deadline) {
      throw new Trial.InProgressException(firewall + " of " + trial.stack.ref(), trial.note);
    }
  }

  private int arm(Duration delay) {
    Helper.Command command =
        new Helper.Command(wayBack.command(), Map.of("PATH", Exec.DEFAULT_PATH), "/", null, null);
    byte[] rules = wayBack.rules().getBytes(StandardCharsets.UTF_8);
    try (Fd input = MemoryFile.of("rules", rules);
        Fd output = MemoryFile.of("output", new byte[0])) {
      return stack
          .deferredActions()
          .arm(
              delay,
              new Helper.Deferred.Exec(stack.ref(), command, List.of(input, output, output)),
              () -> stack.session().evenIfKilled(wayBack.now()));
    }
  }

  @Override
  public boolean confirm() {
    kept |= stack.deferredActions().cancel(armed);
    ended = true;
    return kept;
  }

  /** Restores the old rules. If that fails, arms the helper's way back again. */
  @Override
  public boolean restore() {
    if (kept) {
      return false;
    }
    boolean inTime = stack.deferredActions().cancel(armed);
    if (inTime) {
      try {
        wayBack.now().run();
      } catch (RuntimeException e) {
        Failures.undo(e, () -> armed = arm(AGAIN));
        throw e;
      }
    }
    ended = true;
    return inTime;
  }
}
