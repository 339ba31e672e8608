// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.firewall;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Endpoint;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.firewall.Packet;
import org.vnet4j.firewall.PacketBuilder;
import org.vnet4j.firewall.Ports;
import org.vnet4j.firewall.Protocol;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.State;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/**
 * Draws random rules, rule sets and packets from a small set of addresses and ports, so that they
 * often match.
 */
public final class RandomRules {
  private static final List<String> IPV4 =
      List.of("192.0.2.1", "192.0.2.2", "192.0.2.77", "198.51.100.7", "203.0.113.9");
  private static final List<String> IPV6 =
      List.of("2001:db8::1", "2001:db8::2", "2001:db8:1::7", "fe80::1");
  private static final List<String> INTERFACES = List.of("epair0a", "epair1b", "lo0", "em0");

  private final RandomGenerator random;

  /** Draws from the given source; print its seed. */
  public RandomRules(RandomGenerator random) {
    this.random = random;
  }

  /** Draws a valid rule with any of a rule's parts except quick. */
  public Rule rule() {
    if (oneIn(20)) {
      return Rules.checkState(pick(List.of("default", "flow", "any")));
    }
    while (true) {
      try {
        return build();
      } catch (IllegalArgumentException e) {
        // Families or ports do not fit together: draw again.
      }
    }
  }

  private Rule build() {
    Rule rule =
        pick(
            List.of(
                Rules.allow(),
                Rules.deny(),
                Rules.count(),
                Rules.reject(),
                Rules.reset(),
                Rules.reset6(),
                Rules.unreach("port"),
                Rules.unreach("200"),
                Rules.unreach6("admin-prohib"),
                Rules.unreach6("7")));
    rule = oneIn(8) ? rule.log(random.nextInt(3) * 50) : rule;
    rule = protocol(rule);
    rule = rule.from(side());
    rule = rule.to(side());
    rule = oneIn(3) ? rule.from(rule.source(), ports()) : rule;
    rule = oneIn(2) ? rule.to(rule.destination(), ports()) : rule;
    for (int i = random.nextInt(4); i > 0; i--) {
      Condition condition = condition();
      rule = oneIn(4) ? rule.notMatching(condition) : rule.matching(condition);
    }
    if (oneIn(4)) {
      rule = oneIn(2) ? rule.keepState(pick(List.of("default", "flow"))) : rule.state(limit());
    }
    return oneIn(5) ? rule.comment(pick(List.of("x", "the end", "100% # of // it"))) : rule;
  }

  private State limit() {
    Set<State.Key> keys = EnumSet.noneOf(State.Key.class);
    keys.add(pick(List.of(State.Key.values())));
    keys.add(pick(List.of(State.Key.values())));
    return new State.Limit(
        oneIn(5) ? EnumSet.allOf(State.Key.class) : keys,
        1 + random.nextInt(4),
        pick(List.of("default", "flow")));
  }

  private Rule protocol(Rule rule) {
    return switch (random.nextInt(9)) {
      case 0, 1 -> rule.ip();
      case 2 -> rule.ip4();
      case 3 -> rule.ip6();
      case 4 -> rule.tcp();
      case 5 -> rule.udp();
      case 6 -> oneIn(2) ? rule.icmp() : rule.icmp6();
      case 7 -> rule.proto(Protocol.TCP, Protocol.UDP, new Protocol(200, 0));
      default ->
          rule.notProto(pick(List.of(Protocol.TCP, Protocol.UDP, Protocol.ICMP, Protocol.IP6)));
    };
  }

  private Endpoint side() {
    if (oneIn(3)) {
      return Rules.any();
    }
    List<Endpoint> sides = new ArrayList<>();
    for (int i = oneIn(3) ? 2 : 1; i > 0; i--) {
      Endpoint one = Rules.side(address());
      sides.add(oneIn(4) ? Rules.not(one) : one);
    }
    return Rules.anyOf(sides.toArray(Endpoint[]::new));
  }

  private Address address() {
    return switch (random.nextInt(8)) {
      case 0 -> Address.Plain.ME;
      case 1 -> Address.Plain.ME6;
      case 2 -> new Address.Table(pick(List.of("1", "blocked")));
      case 3 -> new Address.Hosts(Cidr.parse("192.0.2.64/27"), numbers(64, 32));
      case 4, 5 -> prefixes(IPV4, 1 + random.nextInt(32));
      default -> prefixes(IPV6, 1 + random.nextInt(128));
    };
  }

  private Address prefixes(List<String> addresses, int length) {
    List<Cidr> prefixes = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String address = pick(addresses);
      int full = address.indexOf(':') < 0 ? 32 : 128;
      prefixes.add(new Cidr(IpLiteral.parse(address), oneIn(2) ? full : length));
    }
    return new Address.Prefixes(prefixes);
  }

  private SortedSet<Integer> numbers(int first, int count) {
    SortedSet<Integer> numbers = new TreeSet<>(List.of(first));
    for (int i = random.nextInt(count); i > 0; i--) {
      numbers.add(first + random.nextInt(count));
    }
    return numbers;
  }

  private Ports ports() {
    return new Ports(oneIn(4), ranges());
  }

  private List<NumberRange> ranges() {
    List<NumberRange> ranges = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int first = oneIn(3) ? 22 : oneIn(3) ? random.nextInt(65536) : random.nextInt(1024);
      int last = oneIn(2) ? first : Math.min(65535, first + random.nextInt(2000));
      ranges.add(new NumberRange(first, last));
    }
    return ranges;
  }

  private Condition condition() {
    return switch (random.nextInt(8)) {
      case 0 -> pick(List.of(Condition.Direction.values()));
      case 1, 2 ->
          new Condition.Interface(
              pick(List.of(Condition.Way.values())),
              oneIn(3) ? pick(List.of("epair*", "e?air[01]b", "*0")) : pick(INTERFACES));
      case 3 -> flags();
      case 4 -> Condition.Plain.ESTABLISHED;
      case 5 ->
          oneIn(2)
              ? new Condition.IcmpTypes(4, numbers(0, 32))
              : new Condition.IcmpTypes(6, numbers(128, 20));
      case 6 -> new Condition.Flags(Condition.FlagField.TCP_FLAGS, 2, 16);
      default -> {
        Condition.NumberField field = pick(List.of(Condition.NumberField.values()));
        yield new Condition.Number(
            field,
            field == Condition.NumberField.IPVER
                ? List.of(pick(List.of(new NumberRange(4, 4), new NumberRange(6, 6))))
                : ranges());
      }
    };
  }

  private Condition flags() {
    Condition.FlagField field = pick(List.of(Condition.FlagField.values()));
    while (true) {
      int set = random.nextInt(256) & random.nextInt(256);
      int clear = random.nextInt(256) & random.nextInt(256) & ~set;
      try {
        return new Condition.Flags(field, set, clear);
      } catch (IllegalArgumentException e) {
        continue; // bits that the field lacks
      }
    }
  }

  /** Draws a rule set of the given size. */
  public RuleSet ruleSet(int rules) {
    RuleSet set = oneIn(2) ? RuleSet.allowing() : RuleSet.denying();
    for (int i = 0; i < rules; i++) {
      Rule rule = rule();
      set = set.add(1 + random.nextInt(65534), oneIn(5) && canBeQuick(rule) ? rule.quick() : rule);
    }
    return set;
  }

  private static boolean canBeQuick(Rule rule) {
    return !(rule.action() instanceof Action.CheckState);
  }

  /** Draws a packet between addresses that the rules use. */
  public Packet packet() {
    List<String> family = oneIn(2) ? IPV4 : IPV6;
    String source = pick(family);
    String destination = pick(family);
    int port = pick(List.of(22, 53, 80, 500, 40000));
    PacketBuilder builder =
        switch (random.nextInt(3)) {
          case 0 ->
              Packet.tcp(source, 1 + random.nextInt(1024), destination, port)
                  .flags(pick(List.of("syn", "syn,ack", "ack", "rst", "fin,ack")));
          case 1 -> Packet.udp(source, 1 + random.nextInt(1024), destination, port);
          default ->
              Packet.icmp(
                  source,
                  destination,
                  family == IPV4 ? pick(List.of(0, 3, 8)) : 128 + random.nextInt(3));
        };
    builder.length(40 + random.nextInt(1400)).ttl(1 + random.nextInt(255));
    if (oneIn(10)) {
      builder.fragment(family == IPV4 ? "mf,offset" : "offset");
    }
    return switch (random.nextInt(3)) {
      case 0 -> builder.receivedOn(pick(INTERFACES));
      case 1 -> builder.sentOn(pick(INTERFACES));
      default -> builder.forwarded(pick(INTERFACES), pick(INTERFACES));
    };
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
