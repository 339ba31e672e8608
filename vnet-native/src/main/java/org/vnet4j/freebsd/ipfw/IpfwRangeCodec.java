// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.nio.ByteBuffer;

/**
 * Encodes requests that affect many rules at once: deletion, zeroing, changes of sets. The kernel
 * writes the number of affected rules into the same buffer. See struct ipfw_range_tlv.
 */
public final class IpfwRangeCodec {
  private final IpfwVersion version;

  public IpfwRangeCodec(IpfwVersion version) {
    this.version = version;
  }

  /** Deletes the rules with numbers in a range, in every set. */
  public ByteBuffer delete(int first, int last) {
    return range(IpfwAbi.IP_FW_XDEL, first, last);
  }

  /** Deletes the rules with numbers in a range that are in a set. */
  public ByteBuffer deleteInSet(int first, int last, int set) {
    int at = IpfwAbi.OPHEADER_SIZE;
    return range(IpfwAbi.IP_FW_XDEL, first, last)
        .putInt(at + 8, IpfwAbi.IPFW_RCFLAG_RANGE | IpfwAbi.IPFW_RCFLAG_SET)
        .putInt(at + version.rangeSet, checked(set));
  }

  /** Deletes all rules of a set. */
  public ByteBuffer deleteSet(int set) {
    return request(IpfwAbi.IP_FW_XDEL, IpfwAbi.IPFW_RCFLAG_SET, checked(set), 0);
  }

  /** Deletes all rules but the default rule and those of set 31. */
  public ByteBuffer flush() {
    return request(IpfwAbi.IP_FW_XDEL, IpfwAbi.IPFW_RCFLAG_ALL, 0, 0);
  }

  /** Zeroes the counters of the rules with numbers in a range. */
  public ByteBuffer zero(int first, int last) {
    return range(IpfwAbi.IP_FW_XZERO, first, last);
  }

  /** Zeroes the counters of all rules. */
  public ByteBuffer zeroAll() {
    return request(IpfwAbi.IP_FW_XZERO, IpfwAbi.IPFW_RCFLAG_ALL, 0, 0);
  }

  /** Moves the rules with numbers in a range to a set. */
  ByteBuffer move(int first, int last, int set) {
    ByteBuffer request = range(IpfwAbi.IP_FW_XMOVE, first, last);
    return request.putInt(IpfwAbi.OPHEADER_SIZE + version.rangeNewSet, checked(set));
  }

  /** Moves all rules of a set to another. */
  public ByteBuffer moveSet(int from, int to) {
    return request(IpfwAbi.IP_FW_SET_MOVE, 0, checked(from), checked(to));
  }

  /** Swaps the rules of two sets atomically. */
  public ByteBuffer swapSets(int one, int other) {
    return request(IpfwAbi.IP_FW_SET_SWAP, 0, checked(one), checked(other));
  }

  /**
   * Disables and enables sets atomically.
   *
   * @param disable a bit for each set to disable
   * @param enable a bit for each set to enable, none of them in {@code disable}
   */
  public ByteBuffer enableSets(int disable, int enable) {
    if ((disable & enable) != 0) {
      throw new IllegalArgumentException("the same set to be enabled and disabled");
    }
    if ((disable & 1 << (IpfwAbi.IPFW_MAX_SETS - 1)) != 0) {
      throw new IllegalArgumentException("set 31 cannot be disabled");
    }
    return request(IpfwAbi.IP_FW_SET_ENABLE, 0, disable, enable);
  }

  /** Returns the number of affected rules from the answer. */
  public int touched(ByteBuffer answer) {
    return answer.getInt(IpfwAbi.OPHEADER_SIZE + version.rangeNewSet);
  }

  private static int checked(int set) {
    IpfwRuleCodec.checkSet(set);
    return set;
  }

  private ByteBuffer range(int opcode, int first, int last) {
    // Older kernels treat a range from 0 to 0 as all rules.
    if (first < 1 || last < first || last > IpfwAbi.IPFW_DEFAULT_RULE) {
      throw new IllegalArgumentException("rules " + first + "-" + last + " are not in 1..65535");
    }
    ByteBuffer request = request(opcode, IpfwAbi.IPFW_RCFLAG_RANGE, 0, 0);
    version.putNumber(request, IpfwAbi.OPHEADER_SIZE + 12, first);
    version.putNumber(request, IpfwAbi.OPHEADER_SIZE + version.rangeEnd, last);
    return request;
  }

  private ByteBuffer request(int opcode, int flags, int set, int newSet) {
    int at = IpfwAbi.OPHEADER_SIZE;
    return version
        .request(opcode, at + version.rangeSize)
        .putShort(at + IpfwAbi.TLV_TYPE, (short) IpfwAbi.IPFW_TLV_RANGE)
        .putInt(at + IpfwAbi.TLV_LENGTH, version.rangeSize)
        .putInt(at + 8, flags)
        .putInt(at + version.rangeSet, set)
        .putInt(at + version.rangeNewSet, newSet);
  }
}
