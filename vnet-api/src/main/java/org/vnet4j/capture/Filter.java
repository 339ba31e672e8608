// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import static org.vnet4j.capture.BpfProgram.*;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;

/**
 * A filter of captured packets, which the kernel runs: {@code
 * Filter.tcp().and(Filter.port(80)).and(Filter.host("192.0.2.1").not())}, or {@link #parse
 * Filter.parse("tcp port 80 and not host 192.0.2.1")}. Words and meaning are those of
 * pcap-filter(7).
 */
public abstract class Filter {
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;
  private static final int RARP = 0x8035;
  private static final int IPV6 = 0x86dd;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int FRAGMENT6 = 44;
  private static final int ICMP6 = 58;
  private static final int SCTP = 132;

  // Offsets of header fields in an Ethernet frame, in bytes.
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

  /** The address or port that a test applies to: source, destination, or either. */
  enum Side {
    BOTH,
    SOURCE,
    DESTINATION;

    private Filter of(Filter source, Filter destination) {
      return this == BOTH ? source.or(destination) : this == SOURCE ? source : destination;
    }
  }

  /**
   * How deep filters may be in one another: on their right side, since a chain grows on the left
   * and is no deeper for it.
   */
  private static final int DEEPEST = 1000;

  private static final Filter ALL =
      new Filter() {
        @Override
        int compile(BpfProgram program, int ifTrue, int ifFalse) {
          return ifTrue;
        }
      };

  /** Number of filters in one another, which a recursion walks through. */
  final int depth;

  /** Makes a test, or a filter without others in it. */
  Filter() {
    this(1);
  }

  private Filter(int depth) {
    if (depth > DEEPEST) {
      throw new LimitException(
          "a filter has more than "
              + DEEPEST
              + " others in one another; make it one.and(two).and(three) in place of"
              + " one.and(two.and(three))");
    }
    this.depth = depth;
  }

  /**
   * Adds the instructions of this filter before those in the program; returns the position of the
   * first, counted from the end.
   */
  abstract int compile(BpfProgram program, int ifTrue, int ifFalse);

  /**
   * Returns the text on the right side of "and" or "or", which bind alike, to what is left of them.
   */
  String operand(boolean ofAnd) {
    return toString();
  }

  /**
   * Compiles the filter to classic BPF.
   *
   * @param snaplen number of bytes to keep of a matching packet
   * @return a program for Ethernet frames
   */
  public List<Instruction> program(int snaplen) {
    return BpfProgram.of(this, snaplen);
  }

  /**
   * Parses a filter in the language of pcap-filter(7): {@code "tcp port 80 and host 10.0.0.1"}.
   * This library parses the common part itself: {@code ip}, {@code ip6}, {@code arp}, {@code tcp},
   * {@code udp}, {@code icmp}, {@code icmp6}, {@code [src|dst] host|net|port ..}, joined with
   * {@code and}, {@code or}, {@code not} and parentheses. libpcap parses all other filters, if it
   * is installed.
   *
   * <p>Hosts and ports are numbers. Names are rejected, since resolving them could send packets.
   *
   * @param text the filter; empty for all packets
   * @return the filter
   * @throws SyntaxException if the text is not a filter; carries libpcap's message if libpcap
   *     parsed it, or says that libpcap is missing
   * @throws LimitException if libpcap would have to parse it, and it has more than 256 words
   */
  public static Filter parse(String text) {
    try {
      return new FilterParser(text).filter();
    } catch (SyntaxException e) {
      Optional<String> missing = PcapFilter.unavailable();
      if (missing.isPresent()) {
        throw new SyntaxException(e, missing.get());
      }
      return pcap(text);
    }
  }

  /**
   * Parses a filter in the language of pcap-filter(7) by libpcap alone, as {@link #parse} does for
   * filters that it cannot parse itself. libpcap runs in this process and touches no network stack.
   * Filters that depend on more than the packet's bytes ({@code inbound}, {@code vlan} if the
   * kernel removed the tag) are rejected.
   *
   * @param text the filter; empty for all packets
   * @return the filter, for Ethernet frames
   * @throws SyntaxException if libpcap rejects the text, with its message, or if the text contains
   *     a name to resolve
   * @throws LimitException if the text has more than 256 words, for which libpcap takes too long
   * @throws org.vnet4j.Vnet.UnsupportedException if libpcap is not installed; the message names its
   *     package
   */
  public static Filter pcap(String text) {
    return PcapFilter.of(text);
  }

  /**
   * Keeps all packets.
   *
   * @return the filter
   */
  public static Filter all() {
    return ALL;
  }

  /**
   * Keeps IPv4 packets.
   *
   * @return the filter
   */
  public static Filter ip() {
    return type(IPV4).named("ip");
  }

  /**
   * Keeps IPv6 packets.
   *
   * @return the filter
   */
  public static Filter ip6() {
    return type(IPV6).named("ip6");
  }

  /**
   * Keeps ARP packets.
   *
   * @return the filter
   */
  public static Filter arp() {
    return type(ARP).named("arp");
  }

  /**
   * Keeps TCP over IPv4 and IPv6.
   *
   * @return the filter
   */
  public static Filter tcp() {
    return protocol(TCP).named("tcp");
  }

  /**
   * Keeps UDP over IPv4 and IPv6.
   *
   * @return the filter
   */
  public static Filter udp() {
    return protocol(UDP).named("udp");
  }

  /**
   * Keeps ICMP over IPv4.
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
    return type(IPV6).and(next6(ICMP6)).named("icmp6");
  }

  /**
   * Keeps packets from or to an address, and ARP packets that carry it.
   *
   * @param address an IPv4 or IPv6 address
   * @return the filter
   */
  public static Filter host(String address) {
    return host(IpLiteral.parse(address));
  }

  /**
   * Keeps packets from or to an address, and ARP packets that carry it.
   *
   * @param address an IPv4 or IPv6 address
   * @return the filter
   */
  public static Filter host(InetAddress address) {
    return net(Cidr.host(address), Side.BOTH).named("host " + IpText.of(address));
  }

  /**
   * Keeps packets from or to a network, and ARP packets that carry an address of it.
   *
   * @param prefix such as {@code 192.0.2.0/24}
   * @return the filter
   */
  public static Filter net(String prefix) {
    return net(Cidr.parse(prefix));
  }

  /**
   * Keeps packets from or to a network, and ARP packets that carry an address of it.
   *
   * @param prefix its address and length
   * @return the filter
   */
  public static Filter net(Cidr prefix) {
    return net(prefix, Side.BOTH).named("net " + prefix);
  }

  static Filter net(Cidr cidr, Side side) {
    if (cidr.isIpv6()) {
      return type(IPV6).and(side.of(prefix(IP6_SOURCE, cidr), prefix(IP6_DESTINATION, cidr)));
    }
    Filter inIp = type(IPV4).and(side.of(prefix(IP_SOURCE, cidr), prefix(IP_DESTINATION, cidr)));
    Filter inArp = side.of(prefix(ARP_SENDER, cidr), prefix(ARP_TARGET, cidr));
    return inIp.or(type(ARP).or(type(RARP)).and(inArp));
  }

  /** Compares the bits of a prefix in words of 32 bits. */
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
   * Keeps TCP, UDP and SCTP packets from or to a port. Of a fragmented packet, keeps the first
   * fragment.
   *
   * @param number port number, 0 to 65535
   * @return the filter
   */
  public static Filter port(int number) {
    return port(number, Side.BOTH).named("port " + number);
  }

  static Filter port(int number, Side side) {
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException("port " + number + " is not in 0..65535");
    }
    Filter overIp =
        type(IPV4)
            .and(withPorts(IP_PROTOCOL))
            .and(fragment().not())
            .and(side.of(behindIp(IP, number), behindIp(IP + 2, number)));
    Filter overIp6 =
        type(IPV6)
            .and(withPorts(IP6_NEXT))
            .and(side.of(equal(LD_H, IP6_PAYLOAD, number), equal(LD_H, IP6_PAYLOAD + 2, number)));
    return overIp.or(overIp6);
  }

  private static Filter withPorts(int at) {
    return equal(LD_B, at, TCP).or(equal(LD_B, at, UDP)).or(equal(LD_B, at, SCTP));
  }

  /**
   * Keeps packets that match both filters.
   *
   * @param other the other filter
   * @return the filter
   */
  public Filter and(Filter other) {
    return this == ALL ? other : other == ALL ? this : new Pair(this, other, true);
  }

  /**
   * Keeps packets that match at least one of both filters.
   *
   * @param other the other filter
   * @return the filter
   */
  public Filter or(Filter other) {
    return this == ALL || other == ALL ? ALL : new Pair(this, other, false);
  }

  /**
   * Keeps packets that do not match this filter.
   *
   * @return the filter
   */
  public Filter not() {
    return this instanceof Negation negation ? negation.inner : new Negation(this);
  }

  private Filter named(String name) {
    return new Named(this, name, false);
  }

  /** Gives a filter the text from which it was parsed. */
  Filter parsedFrom(String text) {
    return new Named(this, text, true);
  }

  /** Two filters of which both or one must match. */
  private static final class Pair extends Filter {
    private final Filter left;
    private final Filter right;
    private final boolean both;

    Pair(Filter left, Filter right, boolean both) {
      super(Math.max(left.depth, right.depth + 1));
      this.left = left;
      this.right = right;
      this.both = both;
    }

    /** Walks down the left side in a loop, since a chain of filters is long there. */
    @Override
    int compile(BpfProgram program, int ifTrue, int ifFalse) {
      int yes = ifTrue;
      int no = ifFalse;
      Filter at = this;
      while (at instanceof Pair pair) {
        int second = pair.right.compile(program, yes, no);
        yes = pair.both ? second : yes;
        no = pair.both ? no : second;
        at = pair.left;
      }
      return at.compile(program, yes, no);
    }

    /** Walks down the left side, too: from the end of the text to its beginning. */
    @Override
    public String toString() {
      Deque<String> parts = new ArrayDeque<>();
      boolean inOr = false;
      Filter at = this;
      while (at instanceof Pair pair) {
        if (!pair.both && !inOr) {
          parts.push(")");
        }
        parts.push(pair.right.operand(pair.both));
        parts.push(pair.both ? " and " : " or ");
        inOr = !pair.both;
        at = pair.left;
      }
      StringBuilder text = new StringBuilder(at.toString());
      parts.forEach(text::append);
      return "(".repeat(opened()) + text;
    }

    @Override
    String operand(boolean ofAnd) {
      return both && !ofAnd ? "(" + this + ")" : toString();
    }

    /** Returns how many parentheses open at the beginning: one for each chain of "or". */
    private int opened() {
      int opened = 0;
      boolean inOr = false;
      Filter at = this;
      while (at instanceof Pair pair) {
        opened += !pair.both && !inOr ? 1 : 0;
        inOr = !pair.both;
        at = pair.left;
      }
      return opened;
    }
  }

  /** A filter that matches where another does not. */
  private static final class Negation extends Filter {
    private final Filter inner;

    Negation(Filter inner) {
      super(inner.depth + 1);
      this.inner = inner;
    }

    @Override
    int compile(BpfProgram program, int ifTrue, int ifFalse) {
      return inner.compile(program, ifFalse, ifTrue);
    }

    @Override
    public String toString() {
      return inner == ALL ? "not greater 0" : "not (" + inner + ")";
    }
  }

  /** A filter with a text of its own. */
  private static final class Named extends Filter {
    private final Filter inner;
    private final String name;
    private final boolean parsed;

    Named(Filter inner, String name, boolean parsed) {
      super(inner.depth + 1);
      this.inner = inner;
      this.name = name;
      this.parsed = parsed;
    }

    @Override
    String operand(boolean ofAnd) {
      return parsed ? "(" + name + ")" : name;
    }

    @Override
    int compile(BpfProgram program, int ifTrue, int ifFalse) {
      return inner.compile(program, ifTrue, ifFalse);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Filter type(int type) {
    return equal(LD_H, TYPE, type);
  }

  private static Filter protocol(int number) {
    Filter overIp = type(IPV4).and(equal(LD_B, IP_PROTOCOL, number));
    return overIp.or(type(IPV6).and(next6(number)));
  }

  /** Tests the next header, also after a fragment header, but after no other extension header. */
  private static Filter next6(int number) {
    Filter inFragment = equal(LD_B, IP6_NEXT, FRAGMENT6).and(equal(LD_B, IP6_PAYLOAD, number));
    return equal(LD_B, IP6_NEXT, number).or(inFragment);
  }

  private static Filter equal(int load, int at, int value) {
    return new Filter() {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JEQ, value, ifTrue, ifFalse);
        return program.step(load, at);
      }
    };
  }

  private static Filter masked(int at, int mask, int value) {
    return new Filter() {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JEQ, value, ifTrue, ifFalse);
        program.step(AND_K, mask);
        return program.step(LD_W, at);
      }
    };
  }

  private static Filter fragment() {
    return new Filter() {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JSET, OFFSET, ifTrue, ifFalse);
        return program.step(LD_H, IP_FRAGMENT);
      }
    };
  }

  /** Compares a half word after an IPv4 header, which states its own length. */
  private static Filter behindIp(int at, int value) {
    return new Filter() {
      @Override
      int compile(BpfProgram program, int ifTrue, int ifFalse) {
        program.test(JEQ, value, ifTrue, ifFalse);
        program.step(LD_H_X, at);
        return program.step(LDX_MSH, IP);
      }
    };
  }

  /**
   * Returns the filter in the language of pcap-filter(7).
   *
   * @return such as {@code tcp and port 80}; empty if all packets match
   */
  @Override
  public String toString() {
    return "";
  }

  /** Thrown if a text is not a filter. */
  public static final class SyntaxException extends VnetException {
    private static final long serialVersionUID = 1L;

    /** Number of characters that are quoted of the text. */
    private static final int QUOTED = 1000;

    SyntaxException(String text, String problem) {
      super(
          "filter \""
              + (text.length() > QUOTED ? text.substring(0, QUOTED) + "..." : text)
              + "\": "
              + problem);
    }

    SyntaxException(SyntaxException known, String hint) {
      super(known.getMessage() + " (" + hint + ")", known);
    }
  }

  /** Thrown if a filter is larger than this library, libpcap or the kernel can take. */
  public static final class LimitException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message the limit, and what to do
     */
    public LimitException(String message) {
      super(message);
    }

    /**
     * Makes the error of a kernel that refused a filter.
     *
     * @param error the call that failed
     * @param hint the limit, and how to set it
     */
    public LimitException(KernelError error, String hint) {
      super(error, hint);
    }
  }
}
