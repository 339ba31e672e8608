// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.vnet4j.freebsd.ipfw.IpfwOpcode.*;

import java.util.List;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Endpoint;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.firewall.Option;
import org.vnet4j.firewall.Ports;
import org.vnet4j.firewall.Protocol;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.State;

/**
 * Encodes a rule as instructions in the order of compile_rule() in ipfw2.c: probe for a state,
 * protocol, source, destination, options, comment, state; then the actions.
 */
final class IpfwRuleWriter {
  private final IpfwVersion version;
  private final IpfwObjects objects = new IpfwObjects();
  private final IpfwInstructions out = new IpfwInstructions();
  private int actionOffset;
  private boolean sidesAreAny;

  IpfwRuleWriter(IpfwVersion version, Rule rule) {
    this.version = version;
    nameTables(rule.source());
    nameTables(rule.destination());
    write(rule);
  }

  IpfwObjects objects() {
    return objects;
  }

  byte[] instructions() {
    return out.toArray();
  }

  /** Returns the offset of the first action in words. */
  int actionOffset() {
    return actionOffset;
  }

  /** Returns whether the rule tests neither addresses nor ports; always false for check-state. */
  boolean sidesAreAny() {
    return sidesAreAny;
  }

  /** Assigns indices to tables. Tables get their indices before states do. */
  private void nameTables(Endpoint side) {
    for (Endpoint.Choice choice : side.choices()) {
      if (choice.address() instanceof Address.Table table) {
        objects.index(IpfwAbi.IPFW_TLV_TBL_NAME, table.name());
      }
    }
  }

  private void write(Rule rule) {
    rule.state().ifPresent(state -> out.index(version, O_PROBE_STATE, 0, stateIndex(state.name())));
    protocols(rule);
    int before = out.words();
    List<Endpoint.Choice> sources = rule.source().choices();
    for (int i = 0; i < sources.size(); i++) {
      source(sources.get(i).address(), or(i, sources) | not(sources.get(i).negated()));
    }
    rule.source().ports().ifPresent(ports -> ports(O_IP_SRCPORT, ports));
    List<Endpoint.Choice> destinations = rule.destination().choices();
    for (int i = 0; i < destinations.size(); i++) {
      destination(
          destinations.get(i).address(), or(i, destinations) | not(destinations.get(i).negated()));
    }
    rule.destination().ports().ifPresent(ports -> ports(O_IP_DSTPORT, ports));
    sidesAreAny = out.words() == before && !(rule.action() instanceof Action.CheckState);
    for (Option option : rule.options()) {
      condition(option.condition(), not(option.negated()));
    }
    rule.comment().ifPresent(out::comment);
    rule.state().ifPresent(this::state);
    actionOffset = out.words();
    rule.logging()
        .ifPresent(
            log -> {
              out.begin(O_LOG, 0, 3, 0);
              out.word(log.amount());
              out.word(0);
            });
    action(rule.action());
  }

  private static int not(boolean negated) {
    return negated ? F_NOT : 0;
  }

  /** Returns the "or" flag, which every alternative but the last has. */
  private static int or(int i, List<?> all) {
    return i == all.size() - 1 ? 0 : F_OR;
  }

  private int stateIndex(String name) {
    return objects.index(IpfwAbi.IPFW_TLV_STATE_NAME, name);
  }

  private void protocols(Rule rule) {
    for (int i = 0; i < rule.protocols().size(); i++) {
      Protocol protocol = rule.protocols().get(i);
      int flags = or(i, rule.protocols()) | not(rule.isProtocolNegated());
      if (protocol.number() != 0) {
        out.plain(O_PROTO, flags, protocol.number());
      } else if (protocol.version() != 0) {
        out.plain(protocol.version() == 4 ? O_IP4 : O_IP6, flags, 0);
      }
    }
  }

  private void source(Address address, int flags) {
    if (address instanceof Address.Prefixes list) {
      boolean ipv6 = list.prefixes().get(0).isIpv6();
      out.addresses(
          ipv6 ? O_IP6_SRC : O_IP_SRC,
          ipv6 ? O_IP6_SRC_MASK : O_IP_SRC_MASK,
          flags,
          list.prefixes());
    } else if (address instanceof Address.Hosts hosts) {
      out.hosts(O_IP_SRC_SET, flags, hosts.network(), hosts.hosts());
    } else if (address instanceof Address.Table table) {
      table(O_IP_SRC_LOOKUP, flags, table);
    } else if (address != Address.Plain.ANY) {
      out.plain(address == Address.Plain.ME ? O_IP_SRC_ME : O_IP6_SRC_ME, flags, 0);
    }
  }

  private void destination(Address address, int flags) {
    if (address instanceof Address.Prefixes list) {
      boolean ipv6 = list.prefixes().get(0).isIpv6();
      out.addresses(
          ipv6 ? O_IP6_DST : O_IP_DST,
          ipv6 ? O_IP6_DST_MASK : O_IP_DST_MASK,
          flags,
          list.prefixes());
    } else if (address instanceof Address.Hosts hosts) {
      out.hosts(O_IP_DST_SET, flags, hosts.network(), hosts.hosts());
    } else if (address instanceof Address.Table table) {
      table(O_IP_DST_LOOKUP, flags, table);
    } else if (address != Address.Plain.ANY) {
      out.plain(address == Address.Plain.ME ? O_IP_DST_ME : O_IP6_DST_ME, flags, 0);
    }
  }

  private void table(int opcode, int flags, Address.Table table) {
    out.index(version, opcode, flags, objects.index(IpfwAbi.IPFW_TLV_TBL_NAME, table.name()));
  }

  private void ports(int opcode, Ports ports) {
    out.ranges(opcode, not(ports.negated()), ports.ranges());
  }

  private void condition(Condition condition, int flags) {
    if (condition instanceof Condition.Direction direction) {
      out.plain(O_IN, direction == Condition.Direction.IN ? flags : flags ^ F_NOT, 0);
    } else if (condition instanceof Condition.Interface wanted) {
      int opcode =
          switch (wanted.way()) {
            case RECV -> O_RECV;
            case XMIT -> O_XMIT;
            case VIA -> O_VIA;
          };
      out.interfaceName(opcode, flags, wanted.name(), wanted.isPattern());
    } else if (condition instanceof Condition.Flags bits) {
      int opcode =
          switch (bits.field()) {
            case TCP_FLAGS -> O_TCPFLAGS;
            case FRAGMENT -> O_FRAG;
            case TOS -> O_IPTOS;
          };
      out.plain(opcode, flags, bits.set() | bits.clear() << 8);
    } else if (condition instanceof Condition.IcmpTypes types) {
      int words = types.version() == 6 ? 7 : 1;
      out.begin(types.version() == 6 ? O_ICMP6TYPE : O_ICMPTYPE, flags, 1 + words, 0);
      out.bits(words, types.types(), 0);
    } else if (condition instanceof Condition.Number number) {
      number(number, flags);
    } else {
      out.plain(O_ESTAB, flags, 0);
    }
  }

  private void number(Condition.Number number, int flags) {
    int opcode =
        switch (number.field()) {
          case IPLEN -> O_IPLEN;
          case IPTTL -> O_IPTTL;
          case IPID -> O_IPID;
          case IPVER -> O_IPVER;
          case TCPDATALEN -> O_TCPDATALEN;
          case TCPWIN -> O_TCPWIN;
        };
    NumberRange first = number.ranges().get(0);
    if (number.ranges().size() == 1 && first.first() == first.last()) {
      out.plain(opcode, flags, first.first());
    } else {
      out.ranges(opcode, flags, number.ranges());
    }
  }

  private void state(State state) {
    int index = stateIndex(state.name());
    if (!(state instanceof State.Limit limit)) {
      out.index(version, O_KEEP_STATE, 0, index);
      return;
    }
    int mask = 0;
    for (State.Key key : limit.keys()) {
      mask |= 1 << key.ordinal();
    }
    if (version == IpfwVersion.V0) {
      out.begin(O_LIMIT, 0, 2, index);
    } else {
      out.begin(O_LIMIT, 0, 3, 0);
      out.word(index);
    }
    out.limit(mask, limit.connections());
  }

  private void action(Action action) {
    if (action instanceof Action.Reject reject) {
      boolean reset =
          reject.answer() == Action.Answer.RESET || reject.answer() == Action.Answer.RESET6;
      boolean ipv6 =
          reject.answer() == Action.Answer.RESET6 || reject.answer() == Action.Answer.UNREACH6;
      out.plain(ipv6 ? O_UNREACH6 : O_REJECT, 0, reset ? ICMP_REJECT_RST : reject.code());
    } else if (action instanceof Action.SkipTo to) {
      out.index(version, O_SKIPTO, 0, to.number());
    } else if (action instanceof Action.CheckState check) {
      // Index 0 means states of any name.
      int index = check.name().equals("any") ? 0 : stateIndex(check.name());
      out.index(version, O_CHECK_STATE, 0, index);
    } else {
      int opcode =
          switch ((Action.Plain) action) {
            case ALLOW -> O_ACCEPT;
            case DENY -> O_DENY;
            case COUNT -> O_COUNT;
          };
      out.plain(opcode, 0, 0);
    }
  }
}
