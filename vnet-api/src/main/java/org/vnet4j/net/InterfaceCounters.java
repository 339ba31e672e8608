// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.util.function.LongBinaryOperator;

/**
 * The counters of an interface since it was created. See netstat(1).
 *
 * @param packetsIn packets received
 * @param bytesIn bytes received
 * @param errorsIn packets received with errors
 * @param dropsIn incoming packets dropped
 * @param packetsOut packets sent
 * @param bytesOut bytes sent
 * @param errorsOut packets that could not be sent
 * @param dropsOut outgoing packets dropped
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
   * Returns the differences to earlier counters.
   *
   * <p>A counter that is smaller than before has wrapped if it was in the upper half of 32 or of 64
   * bits and is in the lower half now. Otherwise it was reset, and its value is the difference.
   *
   * @param before the earlier counters
   * @return the differences, unsigned
   */
  public InterfaceCounters since(InterfaceCounters before) {
    return with(before, InterfaceCounters::counted);
  }

  /**
   * Returns the sums with other counters.
   *
   * @param more the counters to add
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
      return now - before; // correct across a wrap at 64 bits, too
    }
    boolean wrapped = before >= WORD / 2 && before < WORD && now >= 0 && now < WORD / 2;
    return wrapped ? now + WORD - before : now;
  }
}
