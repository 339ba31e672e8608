// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Endpoint;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Option;
import org.vnet4j.firewall.Ports;
import org.vnet4j.firewall.Protocol;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.State;
import org.vnet4j.net.Cidr;

/** Converts one rule to pf.conf(5), in the order of its grammar (pfctl's parse.y). */
final class PfRule {
  /** Declaration of a table that the user fills, as opposed to one with constant content. */
  static final String PERSIST = " persist";

  private final NumberedRule numbered;
  private final Rule rule;
  private final String tableName;
  private final Map<String, String> tables;
  private String direction = "";
  private String on = "";
  private String flags = "";
  private String icmp = "";

  PfRule(NumberedRule numbered, String tableName, Map<String, String> tables) {
    this.numbered = numbered;
    this.rule = numbered.rule();
    this.tableName = tableName;
    this.tables = tables;
  }

  String text() {
    for (Option option : rule.options()) {
      condition(option);
    }
    StringBuilder text = new StringBuilder(action()).append(direction);
    rule.logging()
        .ifPresent(
            log -> {
              if (log.amount() > 0) {
                throw cannot("limit what is logged");
              }
              text.append(" log");
            });
    text.append(rule.isQuick() ? " quick" : "").append(on).append(match());
    text.append(flags()).append(icmp).append(state());
    return text.append(" label \"%05d\"".formatted(numbered.number())).toString();
  }

  /** Returns protocol and addresses, which translations have too. */
  String match() {
    return protocol()
        + " from "
        + side(rule.source(), "s")
        + " to "
        + side(rule.destination(), "d");
  }

  private static IllegalArgumentException cannot(String what) {
    return new IllegalArgumentException("cannot " + what);
  }

  private String action() {
    Action action = rule.action();
    if (action instanceof Action.Reject reject) {
      return "block " + answer(reject);
    }
    if (action instanceof Action.Plain plain) {
      return switch (plain) {
        case ALLOW -> "pass";
        case DENY -> "block drop";
        case COUNT -> "match";
      };
    }
    throw cannot("skip rules");
  }

  private String answer(Action.Reject reject) {
    return switch (reject.answer()) {
      // Both codes are needed, since pf would use the IPv4 code for IPv6 otherwise.
      case UNREACH -> "return-icmp(" + reject.code() + ", " + reject.ipv6Code() + ")";
      case UNREACH6 -> {
        if (rule.isProtocolNegated() || rule.protocols().get(0).family() != 6) {
          throw cannot("leave IPv4 packets without an answer");
        }
        yield "return-icmp6(" + reject.code() + ")";
      }
      case RESET, RESET6 -> {
        if (rule.isProtocolNegated() || !rule.protocols().equals(List.of(Protocol.TCP))) {
          throw cannot("reset anything but tcp");
        }
        yield "return-rst";
      }
    };
  }

  private void condition(Option option) {
    Condition condition = option.condition();
    if (condition instanceof Condition.Direction way) {
      direction(way);
    } else if (condition instanceof Condition.Interface wanted) {
      on(wanted, option.negated());
    } else if (option.negated()) {
      throw cannot("negate " + condition);
    } else if (condition instanceof Condition.Flags bits
        && bits.field() == Condition.FlagField.TCP_FLAGS) {
      tcpFlags(bits);
    } else if (condition instanceof Condition.IcmpTypes types) {
      icmp(types);
    } else {
      throw cannot("ask for " + condition);
    }
  }

  private void direction(Condition.Direction way) {
    String word = " " + way;
    if (!direction.isEmpty() && !direction.equals(word)) {
      throw cannot("take a packet in both directions at once");
    }
    direction = word;
  }

  private void on(Condition.Interface wanted, boolean negated) {
    if (!on.isEmpty()) {
      throw cannot("name two interfaces");
    }
    if (wanted.isPattern()) {
      throw cannot("take the pattern " + wanted.name());
    }
    // "not xmit" and "not recv" also match the other direction, which pf cannot express.
    if (wanted.way() != Condition.Way.VIA) {
      boolean in = wanted.way() == Condition.Way.RECV;
      if (negated || in && !isIn()) {
        throw cannot("ask for " + (negated ? "not " : "") + wanted + " without \"in\"");
      }
      direction(in ? Condition.Direction.IN : Condition.Direction.OUT);
    }
    on = " on " + (negated ? "! " : "") + wanted.name();
  }

  private boolean isIn() {
    return rule.options().contains(new Option(false, Condition.Direction.IN));
  }

  private void tcpFlags(Condition.Flags bits) {
    if (rule.isProtocolNegated() || !rule.protocols().equals(List.of(Protocol.TCP))) {
      throw cannot("ask for TCP flags without tcp");
    }
    if (!flags.isEmpty()) {
      throw cannot("ask for TCP flags twice");
    }
    flags = " flags " + flagLetters(bits.set()) + "/" + flagLetters(bits.set() | bits.clear());
  }

  /** Returns TCP flags in the notation of pf.conf(5) and ipf(5). */
  static String flagLetters(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append((bits & 1 << i) == 0 ? "" : "FSRPAU".charAt(i));
    }
    return text.toString();
  }

  private void icmp(Condition.IcmpTypes types) {
    Protocol wanted = types.version() == 6 ? Protocol.ICMP6 : Protocol.ICMP;
    if (rule.isProtocolNegated() || !rule.protocols().equals(List.of(wanted)) || !icmp.isEmpty()) {
      throw cannot("ask for ICMP types without " + wanted + ", or twice");
    }
    StringBuilder list = new StringBuilder();
    types.types().forEach(type -> list.append(list.isEmpty() ? "" : " ").append(type));
    icmp = (types.version() == 6 ? " icmp6-type { " : " icmp-type { ") + list + " }";
  }

  private String protocol() {
    if (rule.isProtocolNegated()) {
      throw cannot("negate a protocol");
    }
    List<Protocol> protocols = rule.protocols();
    if (protocols.size() == 1 && protocols.get(0).number() == 0) {
      int version = protocols.get(0).version();
      return version == 0 ? "" : version == 4 ? " inet" : " inet6";
    }
    StringBuilder list = new StringBuilder();
    for (Protocol protocol : protocols) {
      list.append(list.isEmpty() ? "" : " ").append(protocol.number());
    }
    int family = protocols.size() == 1 ? protocols.get(0).family() : 0;
    String af = family == 0 ? "" : family == 4 ? " inet" : " inet6";
    return af + " proto " + (protocols.size() == 1 ? list : "{ " + list + " }");
  }

  private String side(Endpoint side, String suffix) {
    String address =
        side.choices().size() == 1
            ? one(side.choices().get(0), suffix)
            : several(side.choices(), suffix);
    return address + side.ports().map(this::ports).orElse("");
  }

  private String one(Endpoint.Choice choice, String suffix) {
    Address address = choice.address();
    if (address instanceof Address.Prefixes list
        && list.prefixes().size() == 1
        && !choice.negated()) {
      return list.toString();
    }
    // A negated literal would limit the rule to its address family; a negated table does not.
    String name;
    if (address instanceof Address.Plain plain) {
      name = plain(plain);
    } else if (address instanceof Address.Table table) {
      name = table(table);
    } else {
      name = constant(List.of(address), suffix);
    }
    return choice.negated() ? "! " + name : name;
  }

  private String several(List<Endpoint.Choice> choices, String suffix) {
    List<Address> literals = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Endpoint.Choice choice : choices) {
      if (choice.negated()) {
        throw cannot("negate one of several addresses");
      }
      if (choice.address() instanceof Address.Plain plain) {
        names.add(plain(plain));
      } else if (choice.address() instanceof Address.Table table) {
        names.add(table(table));
      } else {
        literals.add(choice.address());
      }
    }
    if (!literals.isEmpty()) {
      names.add(constant(literals, suffix));
    }
    return names.size() == 1 ? names.get(0) : "{ " + String.join(" ", names) + " }";
  }

  private String plain(Address.Plain plain) {
    if (plain == Address.Plain.ME6 && rule.protocols().get(0).family() != 6) {
      throw cannot("tell me6 from me unless the protocol is ip6");
    }
    return plain == Address.Plain.ANY ? "any" : "(self)";
  }

  private String table(Address.Table table) {
    return declared(table.name(), PERSIST);
  }

  /** Declares a constant table for this rule, for addresses that pf cannot express otherwise. */
  private String constant(List<Address> addresses, String suffix) {
    StringBuilder content = new StringBuilder(" const {");
    for (Address address : addresses) {
      if (address instanceof Address.Hosts hosts) {
        byte[] octets = hosts.network().address().getAddress();
        for (int host : hosts.hosts()) {
          content.append(
              " %d.%d.%d.%d".formatted(octets[0] & 0xff, octets[1] & 0xff, octets[2] & 0xff, host));
        }
      } else if (address instanceof Address.Prefixes list) {
        for (Cidr prefix : list.prefixes()) {
          content.append(' ').append(prefix);
        }
      }
    }
    return declared(tableName + suffix, content + " }");
  }

  private String declared(String name, String content) {
    if (name.length() > 31) {
      throw cannot("name a table with more than 31 characters");
    }
    String before = tables.putIfAbsent(name, content);
    if (before != null && !before.equals(content)) {
      throw cannot("have two tables named " + name);
    }
    return "<" + name + ">";
  }

  private String ports(Ports ports) {
    for (Protocol protocol : rule.protocols()) {
      if (!protocol.equals(Protocol.TCP) && !protocol.equals(Protocol.UDP)) {
        throw cannot("ask for ports without tcp or udp");
      }
    }
    NumberRange first = ports.ranges().get(0);
    if (ports.negated()) {
      if (ports.ranges().size() > 1) {
        throw cannot("negate a list of ports");
      }
      return first.first() == first.last()
          ? " port != " + first
          : " port " + first.first() + " <> " + first.last();
    }
    StringBuilder list = new StringBuilder();
    for (NumberRange range : ports.ranges()) {
      list.append(list.isEmpty() ? "" : " ").append(range.toString().replace('-', ':'));
    }
    return ports.ranges().size() == 1 ? " port " + list : " port { " + list + " }";
  }

  private String flags() {
    return flags.isEmpty() && rule.state().isPresent() ? " flags any" : flags;
  }

  private String state() {
    State state = rule.state().orElse(null);
    if (state != null && rule.action() != Action.Plain.ALLOW) {
      throw cannot("keep a state of packets it does not let pass");
    }
    if (state instanceof State.Limit limit) {
      if (!limit.keys().equals(java.util.Set.of(State.Key.SRC_ADDR))) {
        throw cannot("limit by anything but src-addr");
      }
      return " keep state (max-src-states " + limit.connections() + ", source-track rule)";
    }
    return state != null ? " keep state" : rule.action() == Action.Plain.ALLOW ? " no state" : "";
  }
}
