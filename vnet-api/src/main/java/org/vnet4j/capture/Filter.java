// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import static org.vnet4j.capture.BpfProgram.*;

import java.nio.ByteBuffer;
import java.util.List;
import org.vnet4j.net.Cidr;

/**
 * Which packets to keep, decided in the kernel: {@code
 * Filter.tcp().and(Filter.port(80)).and(Filter.host("192.0.2.1").not())}. The words are those of
 * pcap-filter(7); IPv6 extension headers are not looked behind.
 */
public abstract class Filter {
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;
  private static final int IPV6 = 0x86dd;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP6 = 58;

  // Where things are in an Ethernet frame.
  private static final int TYPE = 12;
  private static final int IP = 14;
  private static final int IP_FRAGMENT = 20;
  private static final int IP_PROTOCOL = 23;
  private static final int IP_SOURCE = 26;
  private static final int IP_DESTINATION = 30;
  private static final int ARP_SENDER = 28;
  private static final int ARP_TARGET = 38;
  private static final int IP6_NEXT = 20;
  private static final int IP6_SOURCE = 22;
  private static final int IP6_DESTINATION = 38;
  private static final int IP6_PAYLOAD = 54;
  private static final int OFFSET = 0x1fff;

  private final String text;

  private Filter(String text) {
    this.text = text;
  }

  /** Puts the test before what is there; returns where it begins. */
  abstract int compile(BpfProgram program, int ifTrue, int ifFalse);

  /**
   * Compiles the filter.
   *
   * @param snaplen how many bytes to keep of a packet that passes
   * @return a program for Ethernet frames
   */
  public List<Instruction> program(int snaplen) {
    return BpfProgram.of(this, snaplen);
  }

  /**
   * Keeps everything.
   *
   * @return the filter
   */
  public static Filter all() {
    return new Filter("") {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        return ifTrue;
      }
    };
  }

  /**
   * Keeps IPv4.
   *
   * @return the filter
   */
  public static Filter ip() {
    return type(IPV4).named("ip");
  }

  /**
   * Keeps IPv6.
   *
   * @return the filter
   */
  public static Filter ip6() {
    return type(IPV6).named("ip6");
  }

  /**
   * Keeps ARP.
   *
   * @return the filter
   */
  public static Filter arp() {
    return type(ARP).named("arp");
  }

  /**
   * Keeps TCP over either IP.
   *
   * @return the filter
   */
  public static Filter tcp() {
    return protocol(TCP).named("tcp");
  }

  /**
   * Keeps UDP over either IP.
   *
   * @return the filter
   */
  public static Filter udp() {
    return protocol(UDP).named("udp");
  }

  /**
   * Keeps ICMP of IPv4.
   *
   * @return the filter
   */
  public static Filter icmp() {
    return type(IPV4).and(equal(LD_B, IP_PROTOCOL, ICMP)).named("icmp");
  }

  /**
   * Keeps ICMPv6.
   *
   * @return the filter
   */
  public static Filter icmp6() {
    return type(IPV6).and(equal(LD_B, IP6_NEXT, ICMP6)).named("icmp6");
  }

  /**
   * Keeps what comes from or goes to an address, ARP for it too.
   *
   * @param address IPv4 or IPv6
   * @return the filter
   */
  public static Filter host(String address) {
    return net(Cidr.parse(address + (address.indexOf(':') < 0 ? "/32" : "/128")))
        .named("host " + address);
  }

  /**
   * Keeps what comes from or goes to a network.
   *
   * @param prefix such as {@code 192.0.2.0/24}
   * @return the filter
   */
  public static Filter net(String prefix) {
    return net(Cidr.parse(prefix)).named("net " + prefix);
  }

  private static Filter net(Cidr cidr) {
    if (cidr.isIpv6()) {
      return type(IPV6).and(prefix(IP6_SOURCE, cidr).or(prefix(IP6_DESTINATION, cidr)));
    }
    Filter inIp = type(IPV4).and(prefix(IP_SOURCE, cidr).or(prefix(IP_DESTINATION, cidr)));
    return inIp.or(type(ARP).and(prefix(ARP_SENDER, cidr).or(prefix(ARP_TARGET, cidr))));
  }

  /** Compares word by word, as far as the prefix goes. */
  private static Filter prefix(int at, Cidr cidr) {
    ByteBuffer words = ByteBuffer.wrap(cidr.address().getAddress());
    Filter all = all();
    for (int bits = cidr.prefixLength(); bits > 0; bits -= 32) {
      int mask = bits >= 32 ? -1 : -1 << 32 - bits;
      all = all.and(masked(at + words.position(), mask, words.getInt() & mask));
    }
    return all;
  }

  /**
   * Keeps TCP and UDP from or to a port; of fragments, the first.
   *
   * @param number 0 to 65535
   * @return the filter
   */
  public static Filter port(int number) {
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException("port " + number + " is not in 0..65535");
    }
    Filter overIp =
        type(IPV4)
            .and(equal(LD_B, IP_PROTOCOL, TCP).or(equal(LD_B, IP_PROTOCOL, UDP)))
            .and(fragment().not())
            .and(behindIp(IP, number).or(behindIp(IP + 2, number)));
    Filter overIp6 =
        type(IPV6)
            .and(equal(LD_B, IP6_NEXT, TCP).or(equal(LD_B, IP6_NEXT, UDP)))
            .and(equal(LD_H, IP6_PAYLOAD, number).or(equal(LD_H, IP6_PAYLOAD + 2, number)));
    return overIp.or(overIp6).named("port " + number);
  }

  /**
   * Keeps what passes both.
   *
   * @param other the other filter
   * @return the filter
   */
  public Filter and(Filter other) {
    Filter one = this;
    return new Filter(join(text, " and ", other.text)) {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        int second = other.compile(program, ifTrue, ifFalse);
        return one.compile(program, second, ifFalse);
      }
    };
  }

  /**
   * Keeps what passes one of both.
   *
   * @param other the other filter
   * @return the filter
   */
  public Filter or(Filter other) {
    Filter one = this;
    return new Filter("(" + join(text, " or ", other.text) + ")") {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        int second = other.compile(program, ifTrue, ifFalse);
        return one.compile(program, ifTrue, second);
      }
    };
  }

  /**
   * Keeps what does not pass.
   *
   * @return the filter
   */
  public Filter not() {
    Filter one = this;
    return new Filter("not (" + text + ")") {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        return one.compile(program, ifFalse, ifTrue);
      }
    };
  }

  private static String join(String one, String word, String other) {
    return one.isEmpty() || other.isEmpty() ? one + other : one + word + other;
  }

  private Filter named(String name) {
    Filter one = this;
    return new Filter(name) {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        return one.compile(program, ifTrue, ifFalse);
      }
    };
  }

  private static Filter type(int type) {
    return equal(LD_H, TYPE, type);
  }

  private static Filter protocol(int number) {
    Filter overIp = type(IPV4).and(equal(LD_B, IP_PROTOCOL, number));
    return overIp.or(type(IPV6).and(equal(LD_B, IP6_NEXT, number)));
  }

  private static Filter equal(int load, int at, int value) {
    return new Filter("") {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JEQ, value, ifTrue, ifFalse);
        return program.step(load, at);
      }
    };
  }

  private static Filter masked(int at, int mask, int value) {
    return new Filter("") {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JEQ, value, ifTrue, ifFalse);
        program.step(AND_K, mask);
        return program.step(LD_W, at);
      }
    };
  }

  private static Filter fragment() {
    return new Filter("") {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JSET, OFFSET, ifTrue, ifFalse);
        return program.step(LD_H, IP_FRAGMENT);
      }
    };
  }

  /** Compares a half word behind an IPv4 header, whose length the header tells. */
  private static Filter behindIp(int at, int value) {
    return new Filter("") {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JEQ, value, ifTrue, ifFalse);
        program.step(LD_H_X, at);
        return program.step(LDX_MSH, IP);
      }
    };
  }

  /**
   * Says what passes, in the words of pcap-filter(7).
   *
   * @return such as {@code tcp and port 80}; empty for everything
   */
  @Override
  public String toString() {
    return text;
  }
}
