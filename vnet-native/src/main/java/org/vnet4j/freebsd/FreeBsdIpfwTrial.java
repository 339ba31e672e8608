// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.vnet4j.posix.Fd;
import org.vnet4j.posix.Helper;
import org.vnet4j.posix.Laters;
import org.vnet4j.spi.TrialDriver;

/**
 * Rules of ipfw on trial: the new ones are in a spare set, which is enabled in the same step that
 * disables set 0 with the old ones. The way back is that step turned round, which can be taken at
 * any time, even before the way there; the helper takes it if nobody confirms.
 */
final class FreeBsdIpfwTrial implements TrialDriver {
  private final FreeBsdIpfw ipfw;
  private final Laters laters;
  private final int spare;
  private final boolean spareEnabled;
  private final int armed;

  private FreeBsdIpfwTrial(
      FreeBsdIpfw ipfw, Laters laters, int spare, boolean spareEnabled, int armed) {
    this.ipfw = ipfw;
    this.laters = laters;
    this.spare = spare;
    this.spareEnabled = spareEnabled;
    this.armed = armed;
  }

  /** Arms the way back; the spare set is loaded and disabled. */
  static FreeBsdIpfwTrial begin(
      FreeBsdIpfw ipfw, FreeBsdStack stack, int spare, boolean spareEnabled, Duration limit) {
    ByteBuffer wayBack =
        ipfw.use(socket -> new IpfwRangeCodec(socket.version()).enableSets(1 << spare, 1));
    byte[] bytes = new byte[wayBack.limit()];
    wayBack.get(0, bytes);
    try (Fd socket = stack.anotherRaw()) {
      int armed =
          stack
              .laters()
              .arm(
                  limit,
                  new Helper.Deferred.SetOption(
                      socket, IpfwCalls.IPPROTO_IP, IpfwCalls.IP_FW3, bytes));
      return new FreeBsdIpfwTrial(ipfw, stack.laters(), spare, spareEnabled, armed);
    }
  }

  void start() {
    ipfw.switchSets(1 << spare, 1);
  }

  /** The old rules go; then set 0 is empty and can be enabled, and the new ones move there. */
  @Override
  public boolean confirm() {
    boolean inTime = laters.cancel(armed);
    ipfw.deleteSet(inTime ? 0 : spare);
    if (inTime) {
      ipfw.switchSets(1, 0);
      ipfw.move(spare, 0);
    }
    leaveSpare();
    return inTime;
  }

  @Override
  public boolean restore() {
    boolean inTime = laters.cancel(armed);
    if (inTime) {
      ipfw.switchSets(1, 1 << spare);
    }
    ipfw.deleteSet(spare);
    leaveSpare();
    return inTime;
  }

  private void leaveSpare() {
    ipfw.switchSets(spareEnabled ? 1 << spare : 0, spareEnabled ? 0 : 1 << spare);
  }
}
