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
import org.vnet4j.posix.helper.DeferredActions;
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
  private final String firewall;
  private final WayBack wayBack;
  private final String note;
  private final long deadline;
  private DeferredActions.Action armed;
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

  private FreeBsdProgramTrial(
      FreeBsdStack stack, String firewall, WayBack wayBack, Duration limit) {
    this.stack = stack;
    this.firewall = firewall + " of " + stack.ref();
    this.wayBack = wayBack;
    this.note = TrialNote.of(limit);
    this.deadline = System.nanoTime() + limit.plus(SLACK).toNanos();
    this.armed = arm(limit);
  }

  /** Arms the way back in the helper, then loads the new rules. If that fails, returns. */
  static FreeBsdProgramTrial begin(
      FreeBsdStack stack, String firewall, WayBack wayBack, Duration limit, Runnable load) {
    FreeBsdProgramTrial trial = new FreeBsdProgramTrial(stack, firewall, wayBack, limit);
    try {
      load.run();
    } catch (RuntimeException e) {
      Failures.undo(e, trial::restore); // the program may have loaded them
      throw e;
    }
    return trial;
  }

  /** Throws if this trial is running. */
  static void requireNone(@Nullable FreeBsdProgramTrial trial) {
    if (trial != null && !trial.ended && System.nanoTime() < trial.deadline) {
      throw new Trial.InProgressException(trial.firewall, trial.note);
    }
  }

  private DeferredActions.Action arm(Duration delay) {
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
  public void confirm() {
    try {
      armed.confirm(firewall);
      kept = true;
      ended = true;
    } catch (Trial.TooLateException e) {
      ended = true;
      throw e;
    }
  }

  /** Restores the old rules. If that fails, arms the helper's way back again. */
  @Override
  public void restore() {
    if (kept) {
      return;
    }
    if (armed.cancel()) {
      try {
        wayBack.now().run();
      } catch (RuntimeException e) {
        Failures.undo(e, () -> armed = arm(AGAIN));
        throw e;
      }
    }
    ended = true;
  }
}
