// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.net.Cidr;

/**
 * Encodes the instructions of a rule into a buffer, in sequence. See struct ipfw_insn and its
 * variants.
 */
final class IpfwInstructions {
  /** Maximum length in words, as in ipfw(8). */
  private static final int ROOM = 255;

  private static final int IFNAMSIZ = 16;
  private final ByteBuffer bytes =
      ByteBuffer.allocate((ROOM + 64) * 4).order(ByteOrder.nativeOrder());

  /** Returns the number of words written. */
  int words() {
    return bytes.position() / 4;
  }

  byte[] toArray() {
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Writes an instruction of one word. */
  void plain(int opcode, int flags, int argument) {
    begin(opcode, flags, 1, argument);
  }

  void begin(int opcode, int flags, int words, int argument) {
    if (words > IpfwOpcode.F_LEN_MASK) {
      throw new IllegalArgumentException("too many addresses, ports or values in one list");
    }
    if (words() + words > ROOM) {
      throw new IllegalArgumentException("rule too long");
    }
    bytes.put((byte) opcode).put((byte) (words | flags)).putShort((short) argument);
  }

  void word(int word) {
    bytes.putInt(word);
  }

  void octets(byte[] octets) {
    bytes.put(octets);
  }

  /**
   * Writes the index of a name: as the argument in version 0, as a word of its own in version 1.
   */
  void index(IpfwVersion version, int opcode, int flags, int index) {
    if (version == IpfwVersion.V0) {
      plain(opcode, flags, index);
    } else {
      begin(opcode, flags, 2, 0);
      word(index);
    }
  }

  /** Writes pairs of 16 bit numbers: ports, lengths. */
  void ranges(int opcode, int flags, List<NumberRange> ranges) {
    begin(opcode, flags, 1 + ranges.size(), 0);
    for (NumberRange range : ranges) {
      bytes.putShort((short) range.first()).putShort((short) range.last());
    }
  }

  /**
   * Writes addresses: a single address without mask, otherwise pairs of address and mask.
   *
   * @param single the opcode for a single address
   * @param masked the opcode for pairs
   */
  void addresses(int single, int masked, int flags, List<Cidr> prefixes) {
    int words = prefixes.get(0).isIpv6() ? 4 : 1;
    if (prefixes.size() == 1 && prefixes.get(0).prefixLength() == words * 32) {
      begin(single, flags, 1 + words, 0);
      octets(prefixes.get(0).address().getAddress());
      return;
    }
    begin(masked, flags, 1 + 2 * words * prefixes.size(), 0);
    for (Cidr prefix : prefixes) {
      octets(prefix.address().getAddress());
      octets(prefix.netmask().getAddress());
    }
  }

  /** Writes hosts of a small network: its size, its address in host order, a bit for each host. */
  void hosts(int opcode, int flags, Cidr network, SortedSet<Integer> hosts) {
    int size = 1 << (32 - network.prefixLength());
    int words = (size + 31) / 32;
    int base = ByteBuffer.wrap(network.address().getAddress()).getInt();
    begin(opcode, flags, 2 + words, size);
    word(base);
    bits(words, hosts, base & 0xff);
  }

  /** Writes a bit map: a bit for each number, the first bit being {@code from}. */
  void bits(int words, SortedSet<Integer> numbers, int from) {
    int[] map = new int[words];
    for (int number : numbers) {
      map[(number - from) / 32] |= 1 << ((number - from) % 32);
    }
    for (int word : map) {
      word(word);
    }
  }

  void interfaceName(int opcode, int flags, String name, boolean pattern) {
    begin(opcode, flags, 2 + IFNAMSIZ / 4, 0);
    word(pattern ? 1 : 0);
    text(name, IFNAMSIZ);
  }

  /** Writes the last word of a limit: padding, mask, number. */
  void limit(int mask, int connections) {
    bytes.put((byte) 0).put((byte) mask).putShort((short) connections);
  }

  void comment(String comment) {
    int words = (comment.length() + 1 + 3) / 4;
    begin(IpfwOpcode.O_NOP, 0, 1 + words, 0);
    text(comment, words * 4);
  }

  private void text(String text, int size) {
    octets(java.util.Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), size));
  }
}
