// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses IP addresses from text, without any name server. */
public final class IpLiteral {
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private IpLiteral() {}

  /**
   * Parses an IPv4 address in dotted quad form or an IPv6 address (RFC 4291, no zone).
   *
   * @param text such as {@code 192.0.2.1} or {@code 2001:db8::1}
   * @return the address
   * @throws IllegalArgumentException if the text is not an address or is IPv4-mapped; the message
   *     quotes it
   */
  public static InetAddress parse(String text) {
    byte[] ipv4 = ipv4(text);
    if (ipv4 == null && !IPV6.matcher(text).matches()) {
      throw notAnAddress(text);
    }
    try {
      if (ipv4 != null) {
        return InetAddress.getByAddress(ipv4);
      }
      InetAddress address = InetAddress.getByName(text);
      if (address instanceof Inet4Address) {
        throw new IllegalArgumentException(
            "IPv4-mapped address \""
                + text
                + "\": not supported, since Java takes it for IPv4; "
                + IpText.of(address)
                + " is the IPv4 address, which other packets have");
      }
      return address;
    } catch (UnknownHostException e) {
      throw notAnAddress(text);
    }
  }

  /** Parses four numbers up to 255 without leading zeros; returns null for any other text. */
  private static byte @Nullable [] ipv4(String text) {
    byte[] bytes = new byte[4];
    int at = 0;
    for (int i = 0; i < 4; i++) {
      int begin = at;
      int value = 0;
      while (at < text.length() && at < begin + 3 && isDigit(text.charAt(at))) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      boolean needless = at > begin + 1 && text.charAt(begin) == '0';
      boolean ends = i == 3 ? at == text.length() : at < text.length() && text.charAt(at++) == '.';
      if (at == begin || needless || value > 255 || !ends) {
        return null;
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException("not an IPv4 or IPv6 address: \"" + text + "\"");
  }
}
