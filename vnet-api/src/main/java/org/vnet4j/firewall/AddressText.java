// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;

/** Parses and formats the address forms of ipfw(8) that {@link Cidr} does not support. */
final class AddressText {
  private AddressText() {}

  static Cidr prefix(String text) {
    // "192.0.2.0:255.255.255.0"; an IPv6 address has colons of its own.
    int colon = text.indexOf(':');
    if (colon > 0 && text.indexOf('.') >= 0 && text.indexOf('.') < colon) {
      return new Cidr(IpLiteral.parse(text.substring(0, colon)), length(text.substring(colon + 1)));
    }
    if (text.indexOf('/') >= 0) {
      return Cidr.parse(text);
    }
    return Cidr.host(IpLiteral.parse(text));
  }

  private static int length(String mask) {
    int bits = 0;
    for (byte octet : IpLiteral.parse(mask).getAddress()) {
      bits = bits << 8 | octet & 0xff;
    }
    int length = Integer.bitCount(bits);
    if (length > 0 && bits != -1 << (32 - length)) {
      throw new IllegalArgumentException("mask " + mask + " is not contiguous");
    }
    return length;
  }

  static String of(Cidr prefix) {
    int bits = prefix.isIpv6() ? 128 : 32;
    return prefix.prefixLength() == bits ? IpText.of(prefix.address()) : prefix.toString();
  }

  static Address.Hosts hosts(String word) {
    int brace = word.indexOf('{');
    if (brace < 0) {
      throw new IllegalArgumentException("a set of hosts without {");
    }
    String network = word.substring(0, brace);
    TreeSet<Integer> hosts = new TreeSet<>();
    for (NumberRange range : NumberRange.parseList(word.substring(brace + 1, word.length() - 1))) {
      if (range.last() > 255) {
        throw new IllegalArgumentException("host " + range.last() + " is not in 0..255");
      }
      for (int host = range.first(); host <= range.last(); host++) {
        hosts.add(host);
      }
    }
    return new Address.Hosts(
        network.indexOf('/') < 0 ? Cidr.parse(network + "/24") : prefix(network), hosts);
  }

  /** Formats three and more consecutive numbers as a range, as ipfw(8) does. */
  static String runs(SortedSet<Integer> numbers) {
    StringBuilder text = new StringBuilder();
    List<Integer> list = List.copyOf(numbers);
    for (int i = 0; i < list.size(); i++) {
      int end = i;
      while (end + 1 < list.size() && list.get(end + 1) == list.get(end) + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ",").append(list.get(i));
      if (end >= i + 2) {
        text.append('-').append(list.get(end));
        i = end;
      }
    }
    return text.toString();
  }
}
