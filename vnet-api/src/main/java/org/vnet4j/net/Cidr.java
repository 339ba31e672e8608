// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * An IP address with a prefix length, as in {@code 192.0.2.2/24}.
 *
 * <p>The host bits after the prefix are kept: the same value serves as the address of an interface
 * and, by {@link #network()}, as the destination of a route. See RFC 4632 and RFC 4291.
 *
 * @param address the IPv4 or IPv6 address, without a zone
 * @param prefixLength bits of the network part, 0 to 32 for IPv4 and 0 to 128 for IPv6
 */
public record Cidr(InetAddress address, int prefixLength) {

  /** Checks the prefix length against the address family and drops an IPv6 zone. */
  public Cidr {
    Objects.requireNonNull(address, "address");
    address = withoutZone(address);
    int bits = bits(address);
    if (prefixLength < 0 || prefixLength > bits) {
      throw outOfRange(prefixLength, bits, address.getHostAddress() + "/" + prefixLength);
    }
  }

  /**
   * Parses {@code address/length}.
   *
   * @param text such as {@code 192.0.2.2/24} or {@code 2001:db8::1/64}
   * @return the value
   * @throws IllegalArgumentException if the text is not of that form or the length is out of range;
   *     the message quotes the text
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "Cidr: no prefix length in \"" + text + "\"; write it as \"192.0.2.1/24\"");
    }
    InetAddress address;
    try {
      address = IpLiteral.parse(text.substring(0, slash));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Cidr: " + e.getMessage() + " in \"" + text + "\"", e);
    }
    String digits = text.substring(slash + 1);
    int length = number(digits);
    if (length < 0) {
      throw new IllegalArgumentException(
          "Cidr: prefix length \"" + digits + "\" is not a number in \"" + text + "\"");
    }
    int bits = bits(address);
    if (length > bits) {
      throw outOfRange(length, bits, text);
    }
    return new Cidr(address, length);
  }

  /**
   * Returns the prefix that contains a single address.
   *
   * @param address an IPv4 or IPv6 address; a zone is dropped
   * @return {@code 192.0.2.2/32} for {@code 192.0.2.2}, and a length of 128 for IPv6
   */
  public static Cidr host(InetAddress address) {
    return new Cidr(address, bits(address));
  }

  /** Parses one to three digits without a leading zero; returns -1 for any other text. */
  private static int number(String digits) {
    int length = digits.length();
    if (length < 1 || length > 3 || length > 1 && digits.charAt(0) == '0') {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < length; i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static int bits(InetAddress address) {
    return address instanceof Inet6Address ? 128 : 32;
  }

  private static IllegalArgumentException outOfRange(int length, int bits, String text) {
    return new IllegalArgumentException(
        "Cidr: prefix length " + length + " is not in 0.." + bits + " in \"" + text + "\"");
  }

  private static InetAddress withoutZone(InetAddress address) {
    if (address instanceof Inet6Address v6 && v6.getScopeId() != 0) {
      return ofBytes(address.getAddress());
    }
    return address;
  }

  /**
   * Returns whether this is an IPv6 address.
   *
   * @return true for IPv6, false for IPv4
   */
  public boolean isIpv6() {
    return address instanceof Inet6Address;
  }

  /**
   * Returns the network of this address: the host bits after the prefix are zero.
   *
   * @return {@code 192.0.2.0/24} for {@code 192.0.2.2/24}
   */
  public Cidr network() {
    byte[] bytes = address.getAddress();
    for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    return new Cidr(ofBytes(bytes), prefixLength);
  }

  /**
   * Returns whether this network contains an address.
   *
   * @param other the address; an address of the other family is never contained
   * @return true if the first {@link #prefixLength()} bits are equal
   */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the netmask.
   *
   * @return for example {@code 255.255.255.0}, or {@code ffff:ffff::} for IPv6
   */
  public InetAddress netmask() {
    byte[] mask = new byte[address.getAddress().length];
    for (int bit = 0; bit < prefixLength; bit++) {
      mask[bit / 8] |= (byte) (0x80 >> (bit % 8));
    }
    return ofBytes(mask);
  }

  /**
   * Returns the broadcast address of an IPv4 network: the last address in it.
   *
   * @return for example {@code 192.0.2.255}
   * @throws IllegalStateException for IPv6, which has no broadcast
   */
  public Inet4Address broadcast() {
    if (isIpv6()) {
      throw new IllegalStateException("IPv6 has no broadcast address: " + this);
    }
    byte[] bytes = address.getAddress();
    for (int bit = prefixLength; bit < 32; bit++) {
      bytes[bit / 8] |= (byte) (0x80 >> (bit % 8));
    }
    return (Inet4Address) ofBytes(bytes);
  }

  /**
   * Returns the text that {@link #parse} reads.
   *
   * @return for example {@code 192.0.2.2/24}
   */
  @Override
  public String toString() {
    return IpText.of(address) + "/" + prefixLength;
  }

  private static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of " + bytes.length + " bytes", e);
    }
  }
}
