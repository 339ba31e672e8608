// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.Trial;
import org.vnet4j.freebsd.ipfw.IpfwCalls;
import org.vnet4j.freebsd.ipfw.IpfwRangeCodec;
import org.vnet4j.freebsd.ipfw.IpfwRule;
import org.vnet4j.freebsd.ipfw.ShapingRules;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.DeferredActions;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.owner.TrialNote;
import org.vnet4j.spi.TrialDriver;

/**
 * A trial of ipfw rules. The new rules are in a spare set; a single request enables that set and
 * disables set 0, which holds the old rules. Rolling back is the reverse request. It is valid at
 * any time, even before the switch; the helper sends it if the trial is not confirmed in time.
 *
 * <p>A rule of set 31 that matches nothing notes the trial for other programs. The note holds while
 * set 0 is disabled and the time is not up.
 */
final class FreeBsdIpfwTrial implements TrialDriver {
  /** Delay until the helper retries a rollback that failed. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Begins the comment of the rule that notes a trial. */
  static final String NOTE = "vnet4j trial ";

  private final FreeBsdIpfw ipfw;
  private final FreeBsdStack stack;
  private final int spare;
  private final boolean spareEnabled;
  private DeferredActions.Action armed;
  private int note;

  /** Whether the trial was confirmed in time; from then on the new rules stay. */
  private boolean kept;

  private FreeBsdIpfwTrial(
      FreeBsdIpfw ipfw, FreeBsdStack stack, int spare, boolean spareEnabled, Duration limit) {
    this.ipfw = ipfw;
    this.stack = stack;
    this.spare = spare;
    this.spareEnabled = spareEnabled;
    this.armed = arm(limit);
  }

  /** Arms the rollback in the helper. The spare set is loaded and disabled. */
  static FreeBsdIpfwTrial begin(
      FreeBsdIpfw ipfw, FreeBsdStack stack, int spare, boolean spareEnabled, Duration limit) {
    FreeBsdIpfwTrial trial = new FreeBsdIpfwTrial(ipfw, stack, spare, spareEnabled, limit);
    try {
      trial.note = ipfw.note(note(limit));
    } catch (RuntimeException e) {
      Failures.undo(e, trial.armed::cancel);
      throw e;
    }
    return trial;
  }

  /** Returns a rule that matches no packet: none has less than its header. */
  private static Rule note(Duration limit) {
    return Rule.parse("count ip4 from any to any iplen 0").comment(NOTE + TrialNote.of(limit));
  }

  /** Returns the firewall and its stack, as errors name them. */
  static String of(FreeBsdStack stack) {
    return "ipfw of " + stack.ref();
  }

  /** Returns the trial that a rule notes: when it ends, and who began it. */
  static Optional<String> noted(IpfwRule rule) {
    return rule.set() != ShapingRules.SET
        ? Optional.empty()
        : rule.neutral()
            .flatMap(Rule::comment)
            .filter(comment -> comment.startsWith(NOTE))
            .map(comment -> comment.substring(NOTE.length()));
  }

  private DeferredActions.Action arm(Duration limit) {
    ByteBuffer wayBack =
        ipfw().use(socket -> new IpfwRangeCodec(socket.version()).enableSets(1 << spare, 1));
    byte[] bytes = new byte[wayBack.limit()];
    wayBack.get(0, bytes);
    try (Fd socket = stack.anotherRaw()) {
      return stack
          .deferredActions()
          .arm(
              limit,
              new Helper.Deferred.SetOption(socket, IpfwCalls.IPPROTO_IP, IpfwCalls.IP_FW3, bytes),
              () -> ipfw().switchSets(1, 1 << spare));
    }
  }

  /**
   * Returns the firewall of the open stack: this stack may have been closed for a removal of its
   * jail that failed. While it is open, its own socket serves: another one must come from the
   * helper, which may be dead. The stack of this process is closed with the session only.
   */
  private FreeBsdIpfw ipfw() {
    return stack.isClosed() && !stack.isOwn() ? stack.session().stack(stack.jid()).ipfw() : ipfw;
  }

  /** Switches to the new rules. If that fails, cancels the rollback. */
  void start() {
    try {
      ipfw().switchSets(1 << spare, 1);
    } catch (RuntimeException e) {
      Failures.undo(e, armed::cancel);
      Failures.undo(e, () -> ipfw().deleteNote(note));
      throw e;
    }
  }

  /**
   * Confirms the trial. If that is in time, deletes the old rules, enables set 0, which is empty
   * then, and moves the new rules there. Otherwise deletes the new rules.
   */
  @Override
  public void confirm() {
    if (!kept) {
      try {
        armed.confirm(of(stack));
        kept = true;
      } catch (Trial.TooLateException e) {
        Failures.undo(e, this::deleteNew);
        throw e;
      }
    }
    FreeBsdIpfw.persistently(() -> ipfw().emptySet(0));
    FreeBsdIpfw.persistently(() -> ipfw().switchSets(1, 0));
    FreeBsdIpfw.persistently(() -> ipfw().moveSet(spare, 0));
    FreeBsdIpfw.persistently(this::leaveSpare);
  }

  /**
   * Restores the old rules. If that fails, arms the helper's rollback again. After a confirmation,
   * completes that instead.
   */
  @Override
  public void restore() {
    if (kept) {
      confirm();
      return;
    }
    if (armed.cancel()) {
      try {
        ipfw().switchSets(1, 1 << spare);
      } catch (RuntimeException e) {
        Failures.undo(e, () -> armed = arm(AGAIN));
        throw e;
      }
    }
    deleteNew();
  }

  private void deleteNew() {
    FreeBsdIpfw.persistently(() -> ipfw().emptySet(spare));
    FreeBsdIpfw.persistently(this::leaveSpare);
  }

  private void leaveSpare() {
    ipfw().deleteNote(note);
    ipfw().switchSets(spareEnabled ? 1 << spare : 0, spareEnabled ? 0 : 1 << spare);
  }
}
