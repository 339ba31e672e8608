// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.HashMap;
import java.util.Map;

/**
 * The protocol that a rule matches: an IP version, or one protocol above IP.
 *
 * @param number the protocol number, 1 to 255 (see protocols(5)), or 0 for {@link #IP}, {@link
 *     #IP4} and {@link #IP6}
 * @param version 4 or 6 if the protocol number does not matter but the IP version does, else 0
 */
public record Protocol(int number, int version) {
  private static final Map<String, Integer> NUMBERS = new HashMap<>();
  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    // The names of protocols(5), which ipfw(8) prints. 41 is omitted: "ipv6" means
    // the IP version to ipfw, so that protocol is written as a number.
    String names =
        "1 icmp 2 igmp 3 ggp 4 ipencap 6 tcp 8 egp 12 pup 17 udp 20 hmp 22 xns-idp 27 rdp 33 dccp"
            + " 43 ipv6-route 44 ipv6-frag 45 idrp 46 rsvp 47 gre 50 esp 51 ah 57 skip"
            + " 58 ipv6-icmp 59 ipv6-nonxt 60 ipv6-opts 88 eigrp 89 ospf 94 ipip 97 etherip"
            + " 98 encap 103 pim 108 ipcomp 112 carp 115 l2tp 132 sctp 135 mobility-header"
            + " 136 udplite 139 hip 240 pfsync";
    String[] words = names.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      NUMBERS.put(words[i + 1], Integer.valueOf(words[i]));
      NAMES.put(Integer.valueOf(words[i]), words[i + 1]);
    }
    NUMBERS.put("icmp6", 58);
  }

  /** Any IP packet, of either version. */
  public static final Protocol IP = new Protocol(0, 0);

  /** Any IPv4 packet. */
  public static final Protocol IP4 = new Protocol(0, 4);

  /** Any IPv6 packet. */
  public static final Protocol IP6 = new Protocol(0, 6);

  /** ICMP, protocol 1. */
  public static final Protocol ICMP = new Protocol(1, 0);

  /** TCP, protocol 6, over either version. */
  public static final Protocol TCP = new Protocol(6, 0);

  /** UDP, protocol 17, over either version. */
  public static final Protocol UDP = new Protocol(17, 0);

  /** ICMPv6, protocol 58. */
  public static final Protocol ICMP6 = new Protocol(58, 0);

  /** Checks that the two numbers are compatible. */
  public Protocol {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException("protocol number " + number + " is not in 0..255");
    }
    if (version != 0 && (number != 0 || version != 4 && version != 6)) {
      throw new IllegalArgumentException(
          "no protocol " + number + " with IP version " + version + " in a rule");
    }
  }

  /**
   * Reads a protocol as ipfw(8) does.
   *
   * @param word a name such as {@code tcp}, {@code ip6}, {@code all}, or a number from 1 to 255
   * @return the protocol
   * @throws IllegalArgumentException if the word is not a protocol
   */
  public static Protocol parse(String word) {
    switch (word) {
      case "ip", "all":
        return IP;
      case "ip4", "ipv4":
        return IP4;
      case "ip6", "ipv6":
        return IP6;
      default:
        break;
    }
    Integer number = NUMBERS.get(word);
    if (number == null && word.matches("[1-9][0-9]{0,2}")) {
      number = Integer.valueOf(word);
    }
    if (number == null) {
      throw new IllegalArgumentException("not a protocol");
    }
    return new Protocol(number, 0);
  }

  /**
   * Returns the IP version that packets of this protocol have.
   *
   * @return 4 for IPv4 and ICMP, 6 for IPv6 and ICMPv6, 0 if both are possible
   */
  public int family() {
    return switch (number) {
      case 1 -> 4;
      case 58 -> 6;
      default -> version;
    };
  }

  boolean hasPorts() {
    return number == 6 || number == 17 || number == 132 || number == 136;
  }

  /**
   * Returns ipfw's name of the protocol.
   *
   * @return a name, or the number of a protocol without a known name
   */
  @Override
  public String toString() {
    if (number == 0) {
      return version == 0 ? "ip" : "ip" + version;
    }
    return NAMES.getOrDefault(number, Integer.toString(number));
  }
}
