// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Reads IP addresses as text, without ever asking a name server. */
public final class IpLiteral {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private IpLiteral() {}

  /**
   * Parses an IPv4 address in dotted quad form or an IPv6 address (RFC 4291, no zone).
   *
   * @param text such as {@code 192.0.2.1} or {@code 2001:db8::1}
   * @return the address
   * @throws IllegalArgumentException if the text is not an address; it is quoted in the message
   */
  public static InetAddress parse(String text) {
    boolean ipv4 = IPV4.matcher(text).matches();
    if (!ipv4 && !IPV6.matcher(text).matches()) {
      throw notAnAddress(text);
    }
    try {
      InetAddress address = InetAddress.getByName(text);
      if (!ipv4 && address instanceof Inet4Address) {
        throw new IllegalArgumentException(
            "IPv4-mapped address \"" + text + "\": write it as IPv4");
      }
      return address;
    } catch (UnknownHostException e) {
      throw notAnAddress(text);
    }
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException("not an IPv4 or IPv6 address: \"" + text + "\"");
  }
}
