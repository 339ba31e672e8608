// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Endpoint;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.firewall.Option;
import org.vnet4j.firewall.Ports;
import org.vnet4j.firewall.Protocol;
import org.vnet4j.firewall.Rule;
import org.vnet4j.net.Cidr;

/** Converts one rule to lines of ipf.conf(5), in the order of its grammar (ipf_y.y). */
final class IpfRule {
  private static final int LAST_PORT = 65535;

  /**
   * An address in ipf.conf syntax and the IP version that it requires of the line; 0 for either.
   */
  private record End(String text, int family) {}

  private final Rule rule;
  private String direction = "";
  private String on = "";
  private String flags = "";
  private List<String> icmp = List.of("");

  IpfRule(Rule rule) {
    this.rule = rule;
  }

  /** Returns all lines. Together they match the same packets as the rule. */
  List<String> lines() {
    rule.options().forEach(this::condition);
    if (rule.isProtocolNegated()) {
      throw cannot("negate a protocol");
    }
    String action = action();
    String before = log() + quick() + on;
    String behind = flags + "%s" + state();
    List<String> lines = new ArrayList<>();
    for (String way : direction.isEmpty() ? List.of("in", "out") : List.of(direction)) {
      for (Protocol protocol : rule.protocols()) {
        for (String match : matches(protocol)) {
          for (String type : icmp) {
            lines.add(action + " " + way + before + match + behind.formatted(type));
          }
        }
      }
    }
    if (lines.isEmpty()) {
      throw cannot("match packets of both IP versions at once");
    }
    return lines;
  }

  private static IllegalArgumentException cannot(String what) {
    return new IllegalArgumentException("cannot " + what);
  }

  private String action() {
    if (rule.action() instanceof Action.Reject reject) {
      return "block " + answer(reject);
    }
    if (rule.action() instanceof Action.Plain plain) {
      return switch (plain) {
        case ALLOW -> "pass";
        case DENY -> "block";
        case COUNT -> "count";
      };
    }
    throw cannot("skip rules");
  }

  private String answer(Action.Reject reject) {
    return switch (reject.answer()) {
      case UNREACH -> "return-icmp(" + reject.code() + ")";
      case UNREACH6 -> throw cannot("choose the code of an ICMPv6 error");
      case RESET, RESET6 -> {
        if (!rule.protocols().equals(List.of(Protocol.TCP))) {
          throw cannot("reset anything but tcp");
        }
        yield "return-rst";
      }
    };
  }

  private String log() {
    if (rule.logging().filter(log -> log.amount() > 0).isPresent()) {
      throw cannot("limit what is logged");
    }
    return rule.logging().isPresent() ? " log" : "";
  }

  /**
   * Returns "quick" if needed. A count rule never decides; a quick one would stop the counting of
   * later rules.
   */
  private String quick() {
    return rule.isQuick() && rule.action() != Action.Plain.COUNT ? " quick" : "";
  }

  private String state() {
    if (rule.state().isEmpty()) {
      return "";
    }
    if (rule.action() != Action.Plain.ALLOW) {
      throw cannot("keep a state of packets it does not let pass");
    }
    if (rule.state().get() instanceof org.vnet4j.firewall.State.Limit) {
      throw cannot("limit connections");
    }
    return " keep state";
  }

  private void condition(Option option) {
    Condition condition = option.condition();
    if (option.negated()) {
      throw cannot("negate " + condition);
    } else if (condition instanceof Condition.Direction way) {
      direction(way.toString());
    } else if (condition instanceof Condition.Interface wanted) {
      on(wanted);
    } else if (condition instanceof Condition.Flags bits
        && bits.field() == Condition.FlagField.TCP_FLAGS) {
      tcpFlags(bits);
    } else if (condition instanceof Condition.IcmpTypes types) {
      icmp(types);
    } else {
      throw cannot("ask for " + condition);
    }
  }

  private void direction(String way) {
    if (!direction.isEmpty() && !direction.equals(way)) {
      throw cannot("take a packet in both directions at once");
    }
    direction = way;
  }

  private void on(Condition.Interface wanted) {
    if (!on.isEmpty()) {
      throw cannot("name two interfaces");
    }
    if (wanted.isPattern()) {
      throw cannot("take the pattern " + wanted.name());
    }
    if (wanted.way() == Condition.Way.XMIT) {
      direction("out");
    } else if (wanted.way() == Condition.Way.RECV) {
      // Outgoing packets have a receiving interface, too.
      if (!rule.options().contains(new Option(false, Condition.Direction.IN))) {
        throw cannot("ask for " + wanted + " without \"in\"");
      }
      direction("in");
    }
    on = " on " + wanted.name();
  }

  private void tcpFlags(Condition.Flags bits) {
    if (!rule.protocols().equals(List.of(Protocol.TCP)) || !flags.isEmpty()) {
      throw cannot("ask for TCP flags without tcp, or twice");
    }
    flags =
        " flags "
            + PfRule.flagLetters(bits.set())
            + "/"
            + PfRule.flagLetters(bits.set() | bits.clear());
  }

  private void icmp(Condition.IcmpTypes types) {
    Protocol wanted = types.version() == 6 ? Protocol.ICMP6 : Protocol.ICMP;
    if (!rule.protocols().equals(List.of(wanted)) || icmp.size() > 1 || !icmp.get(0).isEmpty()) {
      throw cannot("ask for ICMP types without " + wanted + ", or twice");
    }
    List<String> words = new ArrayList<>();
    types.types().forEach(type -> words.add(" icmp-type " + type));
    icmp = words;
  }

  /**
   * Returns the match part of each line: IP version, protocol and both addresses, for every pair of
   * ends that one packet can have.
   */
  private List<String> matches(Protocol protocol) {
    List<String> matches = new ArrayList<>();
    String number = protocol.number() == 0 ? "" : " proto " + protocol.number();
    for (End from : ends(rule.source(), protocol)) {
      for (End to : ends(rule.destination(), protocol)) {
        List<Integer> families =
            IntStream.of(from.family, to.family, protocol.family())
                .filter(family -> family != 0)
                .distinct()
                .boxed()
                .toList();
        if (families.size() < 2) {
          int family = families.isEmpty() ? 0 : families.get(0);
          String af = family == 0 ? "" : family == 4 ? " inet" : " inet6";
          matches.add(af + number + " from " + from.text + " to " + to.text);
        }
      }
    }
    return matches;
  }

  private List<End> ends(Endpoint side, Protocol protocol) {
    List<End> ends = new ArrayList<>();
    List<String> ports = side.ports().map(wanted -> ports(wanted, protocol)).orElse(List.of(""));
    for (End address : addresses(side)) {
      ports.forEach(port -> ends.add(new End(address.text + port, address.family)));
    }
    return ends;
  }

  private static List<End> addresses(Endpoint side) {
    List<End> ends = new ArrayList<>();
    for (Endpoint.Choice choice : side.choices()) {
      List<End> all = addresses(choice.address());
      if (!choice.negated()) {
        ends.addAll(all);
      } else if (all.size() > 1 || side.choices().size() > 1 || all.get(0).family == 0) {
        throw cannot("negate anything but one address or network");
      } else {
        // Packets of the other IP version do not have that address either.
        int family = all.get(0).family;
        ends.add(new End("!" + all.get(0).text, family));
        ends.add(new End("any", family == 4 ? 6 : 4));
      }
    }
    return ends;
  }

  private static List<End> addresses(Address address) {
    List<End> ends = new ArrayList<>();
    if (address == Address.Plain.ANY) {
      ends.add(new End("any", 0));
    } else if (address instanceof Address.Prefixes list) {
      for (Cidr prefix : list.prefixes()) {
        ends.add(new End(prefix.toString(), prefix.isIpv6() ? 6 : 4));
      }
    } else if (address instanceof Address.Hosts hosts) {
      byte[] net = hosts.network().address().getAddress();
      for (int host : hosts.hosts()) {
        String text = "%d.%d.%d.%d/32".formatted(net[0] & 255, net[1] & 255, net[2] & 255, host);
        ends.add(new End(text, 4));
      }
    } else {
      throw cannot("ask for " + address + ", only for addresses and networks");
    }
    return ends;
  }

  private static List<String> ports(Ports ports, Protocol protocol) {
    if (!protocol.equals(Protocol.TCP) && !protocol.equals(Protocol.UDP)) {
      throw cannot("ask for ports without tcp or udp");
    }
    List<String> words = new ArrayList<>();
    for (NumberRange range : ports.negated() ? allBut(ports.ranges()) : ports.ranges()) {
      words.add(
          range.first() == range.last()
              ? " port = " + range.first()
              : " port " + range.first() + ":" + range.last());
    }
    if (words.isEmpty()) {
      throw cannot("ask for no port at all");
    }
    return words;
  }

  private static List<NumberRange> allBut(List<NumberRange> ranges) {
    List<NumberRange> rest = new ArrayList<>();
    int next = 0;
    for (NumberRange range :
        ranges.stream().sorted(Comparator.comparingInt(NumberRange::first)).toList()) {
      if (range.first() > next) {
        rest.add(new NumberRange(next, range.first() - 1));
      }
      next = Math.max(next, range.last() + 1);
    }
    if (next <= LAST_PORT) {
      rest.add(new NumberRange(next, LAST_PORT));
    }
    return rest;
  }
}
