// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.spi.FilterCompiler;

/** A filter that libpcap compiles. */
final class PcapFilter extends Filter {
  private static final int RET = 0x06;
  private static final int JUMP = 0x05;
  private static final int JA = 0x05;
  private static final int CLASS = 0x07;

  /**
   * Number of words that libpcap is given. It needs seconds for some two hundred ports, and its
   * recursion overflows the stack, and so ends the JVM, at some thousand.
   */
  private static final int MOST_WORDS = 256;

  /** Words of pcap-filter(7) that depend only on the bytes of the packet. */
  private static final Set<String> KNOWN =
      Set.of(
          ("and or not host net port portrange src dst mask ether fddi ip ip6 arp rarp decnet tcp"
                  + " udp icmp icmp6 igmp igrp pim vrrp carp sctp ah esp proto protochain broadcast"
                  + " multicast less greater len stp isis aarp atalk ipx netbeui lat moprc mopdl"
                  + " iso clnp esis link ppp icmptype icmpcode icmp-echoreply icmp-unreach"
                  + " icmp-sourcequench icmp-redirect icmp-echo icmp-routeradvert"
                  + " icmp-routersolicit icmp-timxceed icmp-paramprob icmp-tstamp icmp-tstampreply"
                  + " icmp-ireq icmp-ireqreply icmp-maskreq icmp-maskreply icmp6type icmp6code"
                  + " icmp6-destinationunreach icmp6-packettoobig icmp6-timeexceeded"
                  + " icmp6-parameterproblem icmp6-echo icmp6-echoreply icmp6-routersolicit"
                  + " icmp6-routeradvert icmp6-neighborsolicit icmp6-neighboradvert icmp6-redirect"
                  + " tcpflags tcp-fin tcp-syn tcp-rst tcp-push tcp-ack tcp-urg tcp-ece tcp-cwr")
              .split(" "));

  /** All characters that a filter may contain, so that no other character can form a name. */
  private static final Pattern PLAIN = Pattern.compile("[\\w\\s.:()\\[\\]!&|=<>+*/%^-]*");

  private static final Pattern WORD = Pattern.compile("[\\w.:-]+");

  /** A number or an address: digits, or hexadecimal digits with at least two colons. */
  private static final Pattern NUMBER =
      Pattern.compile("[0-9.:-]+|0x[0-9A-Fa-f]+|(?=.*:.*:)[0-9A-Fa-f:]+[0-9.]*");

  private final String expression;

  private PcapFilter(String expression) {
    this.expression = expression;
  }

  static Filter of(String text) {
    String expression = text.strip();
    FilterCompiler compiler = compiler();
    Optional<String> missing = unavailable();
    if (compiler == null || missing.isPresent()) {
      throw new Vnet.UnsupportedException(missing.orElse(""));
    }
    check(expression);
    PcapFilter filter = new PcapFilter(expression);
    filter.program(Capture.Builder.WHOLE);
    return filter;
  }

  /** Returns why libpcap cannot be used, with the remedy; empty if it can. */
  static Optional<String> unavailable() {
    FilterCompiler compiler = compiler();
    return compiler == null
        ? Optional.of("no provider for libpcap: put vnet-native on the class path")
        : compiler.unavailable();
  }

  private static @Nullable FilterCompiler compiler() {
    return Holder.COMPILER;
  }

  /**
   * Rejects long filters, and names, which libpcap would pass to the resolver: that sends packets
   * from the stack of this process.
   */
  private static void check(String text) {
    if (!PLAIN.matcher(text).matches()) {
      throw new SyntaxException(text, "there are characters in it that no filter needs");
    }
    Matcher matcher = WORD.matcher(text);
    int words = 0;
    while (matcher.find()) {
      if (++words > MOST_WORDS) {
        throw new LimitException(
            "a filter of more than "
                + MOST_WORDS
                + " words, which is the most that libpcap is given here: it can take only the words"
                + " that Filter.parse knows itself, or nets in place of hosts; or join filters by"
                + " or(..)");
      }
      String word = matcher.group();
      if (!KNOWN.contains(word) && !NUMBER.matcher(word).matches()) {
        throw new SyntaxException(
            text,
            "\""
                + word
                + "\" is no word about a packet's bytes; names are not looked up: write numbers");
      }
    }
  }

  @Override
  public List<Instruction> program(int snaplen) {
    FilterCompiler compiler = compiler();
    if (compiler == null) {
      throw new AssertionError("it was there before");
    }
    try {
      return compiler.compile(expression, snaplen);
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(expression, String.valueOf(e.getMessage()));
    }
  }

  @Override
  String operand(boolean ofAnd) {
    return "(" + expression + ")";
  }

  @Override
  public String toString() {
    return expression;
  }

  /**
   * Inserts libpcap's program into this program. Each of its returns becomes a jump to the next
   * test.
   */
  @Override
  int compile(BpfProgram program, int ifTrue, int ifFalse) {
    List<Instruction> inner = program(Capture.Builder.WHOLE);
    int[] places = new int[inner.size()];
    for (int i = inner.size() - 1; i >= 0; i--) {
      Instruction one = inner.get(i);
      if (one.code() == RET) {
        places[i] = program.jump(one.k() != 0 ? ifTrue : ifFalse);
      } else if (one.code() == JA) {
        places[i] = program.jump(places[i + 1 + one.k()]);
      } else if ((one.code() & CLASS) == JUMP) {
        places[i] =
            program.test(one.code(), one.k(), places[i + 1 + one.jt()], places[i + 1 + one.jf()]);
      } else {
        places[i] = program.step(one.code(), one.k());
      }
    }
    return places[0];
  }

  /** Loads the compiler once, at first use. */
  private static final class Holder {
    static final @Nullable FilterCompiler COMPILER =
        ServiceLoader.load(FilterCompiler.class).findFirst().orElse(null);
  }
}
