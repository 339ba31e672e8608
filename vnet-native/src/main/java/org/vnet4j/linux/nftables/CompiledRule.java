// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.nftables.Nft.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.firewall.Option;
import org.vnet4j.firewall.Ports;
import org.vnet4j.firewall.Protocol;
import org.vnet4j.firewall.Rule;

/**
 * A firewall rule compiled to nf_tables: comparisons that must all hold, and early returns. A line
 * of nf_tables can only combine comparisons with "and". So a negation or a choice of alternatives
 * is compiled into early returns from a chain of the rule's own, for the packets that the rule does
 * not match.
 */
public final class CompiledRule {
  private static final int TCP = 6;
  private static final byte ZERO = 0;

  /** The set of protocols with ports, which each table of this library contains. */
  static final String WITH_PORTS = "with_ports";

  static final List<byte[]> PROTOCOLS_WITH_PORTS =
      List.of(new byte[] {TCP}, new byte[] {17}, new byte[] {(byte) 132}, new byte[] {(byte) 136});

  private final String id;
  private final Rule rule;
  private final NftExpressions matches = new NftExpressions();
  private final List<NftExpressions> misses = new ArrayList<>();
  private final List<NftSet> sets = new ArrayList<>();

  /**
   * Compiles a rule.
   *
   * @param id makes the names of its sets unique
   * @throws IllegalArgumentException if nf_tables cannot express the rule
   */
  public CompiledRule(String id, Rule rule) {
    this.id = id;
    this.rule = rule;
    protocols();
    new NftAddressTests(this).add(rule.source(), true).add(rule.destination(), false);
    rule.source().ports().ifPresent(ports -> ports(ports, 0));
    rule.destination().ports().ifPresent(ports -> ports(ports, 2));
    rule.options().forEach(this::option);
  }

  /** Returns the comparisons that must all hold for a packet that the rule matches. */
  NftExpressions matches() {
    return matches;
  }

  /**
   * Returns the early returns: a packet for which all comparisons of one of these hold does not
   * match.
   */
  List<NftExpressions> misses() {
    return misses;
  }

  /** Returns the sets that the comparisons use. */
  List<NftSet> sets() {
    return sets;
  }

  Rule rule() {
    return rule;
  }

  // ---- protocol

  private void protocols() {
    boolean not = rule.isProtocolNegated();
    List<Protocol> protocols = rule.protocols();
    Protocol first = protocols.get(0);
    if (first.version() != 0) {
      matches.family(first.version() == 6 == !not ? 6 : 4);
    } else if (first.number() != 0) {
      if (protocols.size() == 1) {
        matches.protocol(!not, first.number());
        return;
      }
      List<byte[]> numbers =
          protocols.stream().map(Protocol::number).distinct().map(n -> bytes(n, 1)).toList();
      matches.meta(NFT_META_L4PROTO, NFT_REG_1).inSet(true, values(NftSet.INTEGER, numbers));
    }
  }

  private boolean onlyWithPorts() {
    return !rule.isProtocolNegated()
        && rule.protocols().stream()
            .allMatch(
                protocol ->
                    PROTOCOLS_WITH_PORTS.stream()
                        .anyMatch(with -> (with[0] & 0xff) == protocol.number()));
  }

  // ---- ports

  private void ports(Ports ports, int offset) {
    NftExpressions code = new NftExpressions();
    if (!onlyWithPorts()) {
      code.meta(NFT_META_L4PROTO, NFT_REG_1).inSet(true, WITH_PORTS);
    }
    code.transport(offset);
    among(code, ranges(ports.ranges(), 2));
    say(ports.negated(), List.of(code), List.of());
  }

  // ---- conditions

  /**
   * Adds a condition that holds if one of the alternatives does. Several alternatives become the
   * early returns {@code whenNone}, each of which holds if no alternative does.
   */
  private void say(
      boolean negated, List<NftExpressions> alternatives, List<NftExpressions> whenNone) {
    if (negated) {
      alternatives.forEach(code -> misses.add(code));
    } else if (alternatives.size() == 1) {
      matches.then(alternatives.get(0));
    } else {
      misses.addAll(whenNone);
    }
  }

  private void option(Option option) {
    Condition condition = option.condition();
    boolean not = option.negated();
    if (condition instanceof Condition.Direction direction) {
      say(not, List.of(direction(direction == Condition.Direction.IN)), List.of());
    } else if (condition instanceof Condition.Interface wanted) {
      iface(not, wanted);
    } else if (condition instanceof Condition.Flags flags) {
      flags(not, flags);
    } else if (condition instanceof Condition.IcmpTypes types) {
      List<byte[]> values = types.types().stream().map(type -> bytes(type, 1)).toList();
      int protocol = types.version() == 6 ? 58 : 1;
      NftExpressions code = new NftExpressions().family(types.version()).protocol(true, protocol);
      say(not, List.of(oneOf(code.transport(0), true, values)), List.of());
    } else if (condition instanceof Condition.Number number) {
      say(not, List.of(number(number)), List.of());
    } else {
      NftExpressions established = new NftExpressions().protocol(true, TCP).transport(13);
      say(not, List.of(established.mask(bytes(0x16, 1)).isNot((byte) 2)), List.of());
    }
  }

  /** Tests the direction: an incoming packet has no outgoing interface yet. */
  private static NftExpressions direction(boolean in) {
    return new NftExpressions().meta(NFT_META_OIF, NFT_REG_1).is(in, new byte[4]);
  }

  private void iface(boolean not, Condition.Interface wanted) {
    NftInterfacePattern name = new NftInterfacePattern(wanted.name());
    List<NftExpressions> alternatives = new ArrayList<>();
    List<NftExpressions> whenNone = new ArrayList<>();
    if (wanted.way() != Condition.Way.VIA) {
      boolean received = wanted.way() == Condition.Way.RECV;
      name(name, wanted, received, new NftExpressions(), alternatives, whenNone);
    } else {
      name(name, wanted, true, direction(true), alternatives, whenNone);
      name(name, wanted, false, direction(false), alternatives, whenNone);
    }
    say(not, alternatives, whenNone);
  }

  private void name(
      NftInterfacePattern name,
      Condition.Interface wanted,
      boolean received,
      NftExpressions before,
      List<NftExpressions> alternatives,
      List<NftExpressions> whenNone) {
    int key = received ? NFT_META_IIFNAME : NFT_META_OIFNAME;
    NftExpressions none = before.copy();
    if (!wanted.isPattern()) {
      byte[] bytes = Arrays.copyOf(wanted.name().getBytes(StandardCharsets.US_ASCII), 16);
      alternatives.add(before.copy().meta(key, NFT_REG_1).is(bytes));
      none.meta(key, NFT_REG_1).isNot(bytes);
    }
    (wanted.isPattern() ? name.values() : Map.<ByteBuffer, List<byte[]>>of())
        .forEach(
            (mask, values) -> {
              BiFunction<NftExpressions, Boolean, NftExpressions> test =
                  (code, inside) ->
                      oneOf(code.meta(key, NFT_REG_1).mask(mask.array()), inside, values);
              alternatives.add(test.apply(before.copy(), true));
              test.apply(none, false);
            });
    if (alternatives.isEmpty()) {
      alternatives.add(never());
    }
    whenNone.add(none);
  }

  private void flags(boolean not, Condition.Flags flags) {
    switch (flags.field()) {
      case TCP_FLAGS ->
          say(
              not,
              List.of(bits(new NftExpressions().protocol(true, TCP).transport(13), flags)),
              List.of());
      case TOS ->
          say(not, List.of(bits(new NftExpressions().family(4).network(1, 1), flags)), List.of());
      case FRAGMENT -> fragment(not, flags);
    }
  }

  private static NftExpressions bits(NftExpressions code, Condition.Flags flags) {
    return code.mask(bytes(flags.set() | flags.clear(), 1)).is((byte) flags.set());
  }

  /**
   * Tests the fragment field. The offset has 13 bits of its own; one bit in the rule stands for all
   * of them.
   */
  private void fragment(boolean not, Condition.Flags flags) {
    NftExpressions code = new NftExpressions().family(4);
    int bits = (flags.set() | flags.clear()) & 0xe0;
    if (bits != 0) {
      code.network(6, 1).mask(bytes(bits, 1)).is((byte) (flags.set() & 0xe0));
    }
    if (((flags.set() | flags.clear()) & 1) != 0) {
      code.network(6, 2).mask(bytes(0x1fff, 2)).is((flags.set() & 1) == 0, ZERO, ZERO);
    }
    if (flags.set() != 1 || flags.clear() != 0) {
      say(not, List.of(code), List.of());
      return;
    }
    int header = 44;
    NftExpressions later6 = new NftExpressions().family(6).extension(header, 2, 2);
    NftExpressions first6 = later6.copy().mask(bytes(0xfff8, 2)).is(ZERO, ZERO);
    later6.mask(bytes(0xfff8, 2)).isNot(ZERO, ZERO);
    NftExpressions first4 =
        new NftExpressions().family(4).network(6, 2).mask(bytes(0x1fff, 2)).is(ZERO, ZERO);
    NftExpressions whole6 = new NftExpressions().family(6).hasExtension(header).is(ZERO);
    say(not, List.of(code, later6), List.of(first4, first6, whole6));
  }

  private NftExpressions number(Condition.Number number) {
    List<NumberRange> ranges = number.ranges();
    NftExpressions code = new NftExpressions();
    return switch (number.field()) {
      case IPLEN -> among(code.meta(NFT_META_LEN, NFT_REG_1).hostToNetwork(4), ranges(ranges, 4));
      case IPVER -> code.family(ranges.get(0).first());
      case IPTTL -> among(code.family(4).network(8, 1), ranges(ranges, 1));
      case IPID -> among(code.family(4).network(4, 2), ranges(ranges, 2));
      case TCPWIN -> among(code.protocol(true, TCP).transport(14), ranges(ranges, 2));
      case TCPDATALEN ->
          throw new IllegalArgumentException(
              "tcpdatalen: nf_tables cannot subtract the headers; iplen can be asked for");
    };
  }

  // ---- values

  private static NftRanges ranges(List<NumberRange> ranges, int width) {
    NftRanges all = new NftRanges(width);
    int most = width == 1 ? 0xff : 0xffff;
    for (NumberRange range : ranges) {
      if (range.first() <= most) {
        all.add(range.first(), Math.min(most, range.last()));
      }
    }
    return all;
  }

  private NftExpressions among(NftExpressions code, NftRanges ranges) {
    return ranges.isEmpty() ? never() : among(code, true, ranges, NftSet.INTEGER);
  }

  /** Compares the register with ranges. */
  NftExpressions among(NftExpressions code, boolean inside, NftRanges ranges, int type) {
    byte[][] only = ranges.only();
    if (only != null) {
      return code.inRange(inside, only[0], only[1]);
    }
    NftSet set = NftSet.ranges(nextSet(), type, ranges);
    return code.inSet(inside, share(set));
  }

  private NftExpressions oneOf(NftExpressions code, boolean inside, List<byte[]> values) {
    return values.size() == 1
        ? code.is(inside, values.get(0))
        : code.inSet(inside, values(NftSet.INTEGER, values));
  }

  private String values(int type, List<byte[]> values) {
    return share(NftSet.values(nextSet(), type, values));
  }

  private String nextSet() {
    return "x" + id + "_" + sets.size();
  }

  /** Returns the name of a set with these elements; equal sets are shared. */
  private String share(NftSet set) {
    for (NftSet known : sets) {
      if (known.elements().equals(set.elements()) && known.flags() == set.flags()) {
        return known.name();
      }
    }
    sets.add(set);
    return set.name();
  }

  private static NftExpressions never() {
    return new NftExpressions().meta(NFT_META_NFPROTO, NFT_REG_1).is((byte) 0xff);
  }

  /** Returns a number in host byte order. */
  static byte[] number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
  }

  static byte[] bytes(int value, int width) {
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[width - 1 - i] = (byte) (value >>> 8 * i);
    }
    return bytes;
  }
}
