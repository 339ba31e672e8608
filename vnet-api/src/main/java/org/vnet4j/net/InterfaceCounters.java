// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.util.function.LongBinaryOperator;

/**
 * What an interface has counted since it was made. See netstat(1).
 *
 * @param packetsIn packets received
 * @param bytesIn bytes received
 * @param errorsIn packets received with errors
 * @param dropsIn packets dropped on the way in
 * @param packetsOut packets sent
 * @param bytesOut bytes sent
 * @param errorsOut packets that could not be sent
 * @param dropsOut packets dropped on the way out
 * @param multicastIn multicast packets received
 * @param collisions collisions on the wire
 */
public record InterfaceCounters(
    long packetsIn,
    long bytesIn,
    long errorsIn,
    long dropsIn,
    long packetsOut,
    long bytesOut,
    long errorsOut,
    long dropsOut,
    long multicastIn,
    long collisions) {
  private static final long WORD = 1L << 32;

  /**
   * Returns what was counted since an earlier look.
   *
   * <p>A counter that is smaller than before has wrapped, if it was in the upper half of 32 or of
   * 64 bits and is in the lower one now; else it was set back, and what it says was counted since.
   *
   * @param before the earlier look
   * @return the differences, unsigned
   */
  public InterfaceCounters since(InterfaceCounters before) {
    return with(before, InterfaceCounters::counted);
  }

  /**
   * Adds what was counted elsewhere or at another time.
   *
   * @param more what to add
   * @return the sums
   */
  public InterfaceCounters plus(InterfaceCounters more) {
    return with(more, Long::sum);
  }

  private InterfaceCounters with(InterfaceCounters that, LongBinaryOperator what) {
    return new InterfaceCounters(
        what.applyAsLong(packetsIn, that.packetsIn),
        what.applyAsLong(bytesIn, that.bytesIn),
        what.applyAsLong(errorsIn, that.errorsIn),
        what.applyAsLong(dropsIn, that.dropsIn),
        what.applyAsLong(packetsOut, that.packetsOut),
        what.applyAsLong(bytesOut, that.bytesOut),
        what.applyAsLong(errorsOut, that.errorsOut),
        what.applyAsLong(dropsOut, that.dropsOut),
        what.applyAsLong(multicastIn, that.multicastIn),
        what.applyAsLong(collisions, that.collisions));
  }

  private static long counted(long now, long before) {
    if (Long.compareUnsigned(now, before) >= 0 || before < 0 && now >= 0) {
      return now - before; // right across a wrap at 64 bits, too
    }
    boolean wrapped = before >= WORD / 2 && before < WORD && now >= 0 && now < WORD / 2;
    return wrapped ? now + WORD - before : now;
  }
}
