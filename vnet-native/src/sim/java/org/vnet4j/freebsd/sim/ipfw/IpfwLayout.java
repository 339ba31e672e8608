// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ipfw;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SysError;

/**
 * Offsets and sizes in the messages of IP_FW3, for either version of the interface, from {@code
 * freebsd-abi.json}.
 */
public final class IpfwLayout {
  static final int HEADER = FreeBsdAbi.size("_ip_fw3_opheader");
  static final int TLV = FreeBsdAbi.size("_ipfw_obj_tlv");
  static final int LIST = FreeBsdAbi.size("_ipfw_obj_ctlv");
  static final int NAME = FreeBsdAbi.size("_ipfw_obj_ntlv");
  static final int NAME_ROOM = 64;
  static final int COMMANDS = FreeBsdAbi.offset("ip_fw_rule", "cmd");
  static final int COUNTER = FreeBsdAbi.size("ip_fw_bcounter");

  private static final int WORDS = 0x3f;

  /** The instructions that refer to a table or a state by number. */
  private static final Set<Integer> REFERRING =
      Set.of(
          FreeBsdAbi.constant("O_PROBE_STATE"),
          FreeBsdAbi.constant("O_KEEP_STATE"),
          FreeBsdAbi.constant("O_LIMIT"),
          FreeBsdAbi.constant("O_CHECK_STATE"),
          FreeBsdAbi.constant("O_IP_SRC_LOOKUP"),
          FreeBsdAbi.constant("O_IP_DST_LOOKUP"));

  private static final Set<Integer> OF_TABLES =
      Set.of(FreeBsdAbi.constant("O_IP_SRC_LOOKUP"), FreeBsdAbi.constant("O_IP_DST_LOOKUP"));

  final int version;
  final int rangeSize;
  final int rangeEnd;
  final int rangeSet;
  final int rangeNewSet;
  final int nameSet;

  IpfwLayout(int version) {
    this.version = version;
    String release = version == 0 ? "14" : "15";
    rangeSize = FreeBsdAbi.size("_ipfw_range_tlv", release);
    rangeEnd = FreeBsdAbi.offset("_ipfw_range_tlv", "end_rule", release);
    rangeSet = FreeBsdAbi.offset("_ipfw_range_tlv", "set", release);
    rangeNewSet = FreeBsdAbi.offset("_ipfw_range_tlv", "new_set", release);
    nameSet = FreeBsdAbi.offset("_ipfw_obj_ntlv", "set", release);
  }

  public static ByteBuffer in(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static String text(byte[] bytes, int at, int room) {
    int length = 0;
    while (length < room && bytes[at + length] != 0) {
      length++;
    }
    return new String(bytes, at, length, StandardCharsets.US_ASCII);
  }

  int number(ByteBuffer from, int at) {
    return version == 0 ? from.getShort(at) & 0xffff : from.getInt(at);
  }

  void number(ByteBuffer to, int at, int value) {
    if (version == 0) {
      to.putShort(at, (short) value);
    } else {
      to.putInt(at, value);
    }
  }

  /** Maps the number of a table or state to another number. */
  interface Renumbering {
    int of(boolean table, int number);
  }

  /**
   * Returns a copy of a rule with other numbers for tables and states. 0 means any state and is
   * kept.
   */
  byte[] renumbered(byte[] rule, Renumbering numbers) {
    byte[] copy = rule.clone();
    ByteBuffer buffer = in(copy);
    int end = COMMANDS + 4 * (buffer.getShort(FreeBsdAbi.offset("ip_fw_rule", "cmd_len")) & 0xffff);
    for (int at = COMMANDS; at < end; ) {
      int opcode = buffer.get(at) & 0xff;
      int words = buffer.get(at + 1) & WORDS;
      if (words == 0 || at + 4 * words > copy.length) {
        throw new SysError("EINVAL");
      }
      if (REFERRING.contains(opcode)) {
        int where = version == 0 ? at + 2 : at + 4;
        int old = number(buffer, where);
        if (old != 0) {
          number(buffer, where, numbers.of(OF_TABLES.contains(opcode), old));
        }
      }
      at += 4 * words;
    }
    return copy;
  }

  /** Returns an entry of a list of names. */
  byte[] name(int type, int number, String name) {
    byte[] entry = new byte[NAME];
    ByteBuffer buffer = in(entry).putShort(0, (short) type).putInt(4, NAME);
    number(buffer, 8, number);
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, entry, 16, Math.min(ascii.length, NAME_ROOM - 1));
    return entry;
  }

  static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
