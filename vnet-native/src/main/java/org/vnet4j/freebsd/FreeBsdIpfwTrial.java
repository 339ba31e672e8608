// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.Fd;
import org.vnet4j.posix.Helper;
import org.vnet4j.spi.TrialDriver;

/**
 * Rules of ipfw on trial: the new ones are in a spare set, which is enabled in the same step that
 * disables set 0 with the old ones. The way back is that step turned round, which can be taken at
 * any time, even before the way there; the helper takes it if nobody confirms.
 */
final class FreeBsdIpfwTrial implements TrialDriver {
  /** When the way back is tried once more that could not be taken at once. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final FreeBsdIpfw ipfw;
  private final FreeBsdStack stack;
  private final int spare;
  private final boolean spareEnabled;
  private int armed;

  /** Confirmed in time: from here on there is only the way ahead. */
  private boolean kept;

  private FreeBsdIpfwTrial(FreeBsdIpfw ipfw, FreeBsdStack stack, int spare, boolean spareEnabled) {
    this.ipfw = ipfw;
    this.stack = stack;
    this.spare = spare;
    this.spareEnabled = spareEnabled;
  }

  /** Arms the way back; the spare set is loaded and disabled. */
  static FreeBsdIpfwTrial begin(
      FreeBsdIpfw ipfw, FreeBsdStack stack, int spare, boolean spareEnabled, Duration limit) {
    FreeBsdIpfwTrial trial = new FreeBsdIpfwTrial(ipfw, stack, spare, spareEnabled);
    trial.armed = trial.arm(limit);
    return trial;
  }

  private int arm(Duration limit) {
    ByteBuffer wayBack =
        ipfw.use(socket -> new IpfwRangeCodec(socket.version()).enableSets(1 << spare, 1));
    byte[] bytes = new byte[wayBack.limit()];
    wayBack.get(0, bytes);
    try (Fd socket = stack.anotherRaw()) {
      return stack
          .laters()
          .arm(
              limit,
              new Helper.Deferred.SetOption(socket, IpfwCalls.IPPROTO_IP, IpfwCalls.IP_FW3, bytes));
    }
  }

  /** Takes the way there; who cannot do so does not need the way back. */
  void start() {
    try {
      ipfw.switchSets(1 << spare, 1);
    } catch (RuntimeException e) {
      Failures.undo(e, () -> stack.laters().cancel(armed));
      throw e;
    }
  }

  /** The old rules go; then set 0 is empty and can be enabled, and the new ones move there. */
  @Override
  public boolean confirm() {
    kept |= stack.laters().cancel(armed);
    FreeBsdIpfw.persistently(() -> ipfw.deleteSet(kept ? 0 : spare));
    if (kept) {
      FreeBsdIpfw.persistently(() -> ipfw.switchSets(1, 0));
      FreeBsdIpfw.persistently(() -> ipfw.move(spare, 0));
    }
    FreeBsdIpfw.persistently(this::leaveSpare);
    return kept;
  }

  /** Who cannot go back leaves it to the helper again. */
  @Override
  public boolean restore() {
    if (kept) {
      return !confirm();
    }
    boolean inTime = stack.laters().cancel(armed);
    if (inTime) {
      try {
        ipfw.switchSets(1, 1 << spare);
      } catch (RuntimeException e) {
        Failures.undo(e, () -> armed = arm(AGAIN));
        throw e;
      }
    }
    FreeBsdIpfw.persistently(() -> ipfw.deleteSet(spare));
    FreeBsdIpfw.persistently(this::leaveSpare);
    return inTime;
  }

  private void leaveSpare() {
    ipfw.switchSets(spareEnabled ? 1 << spare : 0, spareEnabled ? 0 : 1 << spare);
  }
}
