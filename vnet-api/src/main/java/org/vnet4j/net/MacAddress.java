// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A MAC address: the link-level address of an Ethernet interface (IEEE 802, EUI-48).
 *
 * @param bits the 48 bits; the first byte on the wire is the highest, the 16 bits above are zero
 */
public record MacAddress(long bits) {
  private static final Pattern FORM = Pattern.compile("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}");
  private static final long MULTICAST = 0x0100_0000_0000L;
  private static final long LOCAL = 0x0200_0000_0000L;

  /** Checks that the value has 48 bits. */
  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException(
          "MacAddress: more than 48 bits: 0x" + Long.toHexString(bits));
    }
  }

  /**
   * Parses six hexadecimal bytes with colons between them.
   *
   * @param text such as {@code 02:00:00:00:00:0a}
   * @return the address
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static MacAddress parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "MacAddress: \"" + text + "\" is not six hexadecimal bytes with colons between them");
    }
    return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
  }

  /**
   * Returns the address of six bytes.
   *
   * @param bytes exactly six, in the order of the wire
   * @return the address
   * @throws IllegalArgumentException if there are not six bytes
   */
  public static MacAddress of(byte[] bytes) {
    if (bytes.length != 6) {
      throw new IllegalArgumentException("MacAddress: " + bytes.length + " bytes, not 6");
    }
    long bits = 0;
    for (byte b : bytes) {
      bits = bits << 8 | b & 0xff;
    }
    return new MacAddress(bits);
  }

  /**
   * Returns a random address for a virtual interface: locally administered and unicast.
   *
   * @param random the source of its 46 free bits
   * @return the address
   */
  public static MacAddress random(RandomGenerator random) {
    return new MacAddress(random.nextLong() & 0xfcff_ffff_ffffL | LOCAL);
  }

  /**
   * Returns the six bytes in the order of the wire.
   *
   * @return a new array
   */
  public byte[] bytes() {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (bits >>> 40 - 8 * i);
    }
    return bytes;
  }

  /**
   * Returns whether this is the address of a group of stations. No interface may have such an
   * address.
   *
   * @return true for multicast and broadcast
   */
  public boolean isMulticast() {
    return (bits & MULTICAST) != 0;
  }

  /**
   * Returns whether the address was assigned locally and not by a manufacturer.
   *
   * @return true if the locally administered bit is set
   */
  public boolean isLocallyAdministered() {
    return (bits & LOCAL) != 0;
  }

  /**
   * Returns the text that {@link #parse} reads, in lower case.
   *
   * @return for example {@code 02:00:00:00:00:0a}
   */
  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(bytes());
  }
}
