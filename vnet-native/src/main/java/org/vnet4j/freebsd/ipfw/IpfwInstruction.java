// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.net.Cidr;

/**
 * One instruction of an ipfw rule, decoded from a buffer.
 *
 * @param words length in 32 bit words, including the word of the opcode
 * @param data the words after the first
 */
record IpfwInstruction(
    int opcode, boolean negated, boolean or, int words, int argument, ByteBuffer data) {

  /**
   * Decodes an instruction. An instruction that extends beyond the end of the buffer gets length 0.
   */
  static IpfwInstruction at(ByteBuffer from, int offset) {
    int length = from.get(offset + 1) & 0xff;
    int words = length & IpfwOpcode.F_LEN_MASK;
    if (offset + words * 4 > from.limit()) {
      words = 0;
    }
    int size = Math.max(words - 1, 0) * 4;
    return new IpfwInstruction(
        from.get(offset) & 0xff,
        (length & IpfwOpcode.F_NOT) != 0,
        (length & IpfwOpcode.F_OR) != 0,
        words,
        from.getShort(offset + 2) & 0xffff,
        from.slice(Math.min(offset + 4, from.limit()), size).order(from.order()));
  }

  private void need(int size) {
    if (data.limit() < size) {
      throw new UnsupportedRuleException(this + " is too short");
    }
  }

  int word(int index) {
    need(index * 4 + 4);
    return data.getInt(index * 4);
  }

  int octet(int offset) {
    need(offset + 1);
    return data.get(offset) & 0xff;
  }

  int number16(int offset) {
    need(offset + 2);
    return data.getShort(offset) & 0xffff;
  }

  String text(int offset, int size) {
    need(offset + size);
    return IpfwObjects.text(data, offset, size);
  }

  List<NumberRange> ranges() {
    List<NumberRange> ranges = new ArrayList<>();
    for (int i = 0; i < words - 1; i++) {
      ranges.add(new NumberRange(number16(i * 4), number16(i * 4 + 2)));
    }
    return ranges;
  }

  /** Returns the numbers of the bits that are set in a bit map. */
  SortedSet<Integer> bits(int firstWord, int count, int from) {
    SortedSet<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < count * 32; i++) {
      if ((word(firstWord + i / 32) & 1 << (i % 32)) != 0) {
        numbers.add(from + i);
      }
    }
    return numbers;
  }

  Address.Hosts hosts() {
    int base = word(0);
    int length = 32 - Integer.numberOfTrailingZeros(argument);
    byte[] octets = ByteBuffer.allocate(4).putInt(base).array();
    return new Address.Hosts(
        new Cidr(address(octets), length), bits(1, (argument + 31) / 32, base & 0xff));
  }

  /** Returns the addresses: a single address, or pairs of address and mask. */
  List<Cidr> prefixes() {
    int size =
        switch (opcode) {
          case IpfwOpcode.O_IP_SRC,
              IpfwOpcode.O_IP_DST,
              IpfwOpcode.O_IP_SRC_MASK,
              IpfwOpcode.O_IP_DST_MASK ->
              4;
          default -> 16;
        };
    boolean masked =
        switch (opcode) {
          case IpfwOpcode.O_IP_SRC,
              IpfwOpcode.O_IP_DST,
              IpfwOpcode.O_IP6_SRC,
              IpfwOpcode.O_IP6_DST ->
              false;
          default -> true;
        };
    if (!masked) {
      return List.of(new Cidr(address(octets(0, size)), size * 8));
    }
    List<Cidr> prefixes = new ArrayList<>();
    for (int at = 0; at + 2 * size <= data.limit(); at += 2 * size) {
      prefixes.add(new Cidr(address(octets(at, size)), length(octets(at + size, size))));
    }
    return prefixes;
  }

  private byte[] octets(int offset, int size) {
    need(offset + size);
    byte[] octets = new byte[size];
    data.get(offset, octets);
    return octets;
  }

  private static int length(byte[] mask) {
    int length = 0;
    while (length < mask.length * 8 && (mask[length / 8] & 0x80 >> (length % 8)) != 0) {
      length++;
    }
    for (int bit = length; bit < mask.length * 8; bit++) {
      if ((mask[bit / 8] & 0x80 >> (bit % 8)) != 0) {
        throw new UnsupportedRuleException("a mask that is not contiguous");
      }
    }
    return length;
  }

  private static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of " + octets.length + " bytes", e);
    }
  }

  @Override
  public String toString() {
    return "opcode " + opcode + " of " + words + " words";
  }
}
