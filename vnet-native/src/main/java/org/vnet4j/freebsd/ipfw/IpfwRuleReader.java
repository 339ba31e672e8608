// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.vnet4j.freebsd.ipfw.IpfwOpcode.*;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Address;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Endpoint;
import org.vnet4j.firewall.Log;
import org.vnet4j.firewall.NumberRange;
import org.vnet4j.firewall.Option;
import org.vnet4j.firewall.Ports;
import org.vnet4j.firewall.Protocol;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.State;

/**
 * Decodes instructions into a rule. Throws {@link UnsupportedRuleException} for anything that a
 * neutral rule cannot express; never returns a rule with another meaning.
 */
final class IpfwRuleReader {
  private final IpfwVersion version;
  private final IpfwObjects objects;
  private final List<Protocol> protocols = new ArrayList<>();
  private final List<Endpoint> sources = new ArrayList<>();
  private final List<Endpoint> destinations = new ArrayList<>();
  private final List<Option> options = new ArrayList<>();
  private boolean protocolNegated;
  private @Nullable Ports sourcePorts;
  private @Nullable Ports destinationPorts;
  private @Nullable String probed;
  private @Nullable State state;
  private @Nullable String comment;
  private @Nullable Log log;
  private @Nullable Action action;

  /**
   * The kind of list to which the preceding instruction belongs if it has the "or" flag; otherwise
   * 0.
   */
  private int openList;

  private IpfwRuleReader(IpfwVersion version, IpfwObjects objects) {
    this.version = version;
    this.objects = objects;
  }

  /**
   * Decodes a rule.
   *
   * @param from the buffer
   * @param offset offset of the first instruction in bytes
   * @param words number of words of instructions
   * @param actions offset of the first action in words
   */
  static Rule read(
      IpfwVersion version,
      IpfwObjects objects,
      ByteBuffer from,
      int offset,
      int words,
      int actions) {
    IpfwRuleReader reader = new IpfwRuleReader(version, objects);
    if (actions > words || offset + words * 4 > from.limit()) {
      throw new UnsupportedRuleException(words + " words of instructions do not fit");
    }
    int at = 0;
    while (at < words) {
      IpfwInstruction instruction = IpfwInstruction.at(from, offset + at * 4);
      if (instruction.words() == 0 || at + instruction.words() > words) {
        throw new UnsupportedRuleException("instruction at word " + at + " does not fit");
      }
      try {
        if (at < actions) {
          reader.body(instruction);
        } else {
          reader.action(instruction);
        }
      } catch (IllegalArgumentException e) {
        throw new UnsupportedRuleException(instruction + ": " + e.getMessage());
      }
      at += instruction.words();
    }
    try {
      return reader.rule();
    } catch (IllegalArgumentException e) {
      throw new UnsupportedRuleException(e.getMessage());
    }
  }

  private void body(IpfwInstruction in) {
    switch (in.opcode()) {
      case O_PROBE_STATE -> probed = state(in);
      case O_PROTO -> protocol(in, new Protocol(in.argument(), 0));
      case O_IP4 -> protocol(in, Protocol.IP4);
      case O_IP6 -> protocol(in, Protocol.IP6);
      case O_IP_SRC, O_IP_SRC_MASK, O_IP6_SRC, O_IP6_SRC_MASK ->
          address(in, sources, O_IP_SRC, new Address.Prefixes(in.prefixes()));
      case O_IP_DST, O_IP_DST_MASK, O_IP6_DST, O_IP6_DST_MASK ->
          address(in, destinations, O_IP_DST, new Address.Prefixes(in.prefixes()));
      case O_IP_SRC_ME -> address(in, sources, O_IP_SRC, Address.Plain.ME);
      case O_IP_DST_ME -> address(in, destinations, O_IP_DST, Address.Plain.ME);
      case O_IP6_SRC_ME -> address(in, sources, O_IP_SRC, Address.Plain.ME6);
      case O_IP6_DST_ME -> address(in, destinations, O_IP_DST, Address.Plain.ME6);
      case O_IP_SRC_SET -> address(in, sources, O_IP_SRC, in.hosts());
      case O_IP_DST_SET -> address(in, destinations, O_IP_DST, in.hosts());
      case O_IP_SRC_LOOKUP -> address(in, sources, O_IP_SRC, table(in));
      case O_IP_DST_LOOKUP -> address(in, destinations, O_IP_DST, table(in));
      case O_IP_SRCPORT -> sourcePorts = ports(in, sourcePorts);
      case O_IP_DSTPORT -> destinationPorts = ports(in, destinationPorts);
      case O_NOP -> comment(in);
      case O_KEEP_STATE -> state(in, new State.Keep(state(in)));
      case O_LIMIT -> state(in, limit(in));
      default -> options.add(new Option(in.negated(), condition(in)));
    }
    openList = in.or() ? kind(in.opcode()) : 0;
  }

  private static int kind(int opcode) {
    return switch (opcode) {
      case O_PROTO -> O_PROTO;
      case O_IP_SRC,
          O_IP_SRC_MASK,
          O_IP6_SRC,
          O_IP6_SRC_MASK,
          O_IP_SRC_ME,
          O_IP6_SRC_ME,
          O_IP_SRC_SET,
          O_IP_SRC_LOOKUP ->
          O_IP_SRC;
      case O_IP_DST,
          O_IP_DST_MASK,
          O_IP6_DST,
          O_IP6_DST_MASK,
          O_IP_DST_ME,
          O_IP6_DST_ME,
          O_IP_DST_SET,
          O_IP_DST_LOOKUP ->
          O_IP_DST;
      default -> throw new UnsupportedRuleException("{ } among options");
    };
  }

  /** Checks that an instruction begins a list or continues the open list. */
  private void listed(IpfwInstruction in, int kind, boolean first) {
    if (openList != (first ? 0 : kind)) {
      throw new UnsupportedRuleException(in + ": more than one condition of its kind");
    }
  }

  private void protocol(IpfwInstruction in, Protocol protocol) {
    listed(in, O_PROTO, protocols.isEmpty());
    if (in.negated() && (in.or() || !protocols.isEmpty())) {
      throw new UnsupportedRuleException("not among protocols in { }");
    }
    protocols.add(protocol);
    protocolNegated = in.negated();
  }

  private void address(IpfwInstruction in, List<Endpoint> sides, int kind, Address address) {
    listed(in, kind, sides.isEmpty());
    Endpoint side = Rules.side(address);
    sides.add(in.negated() ? Rules.not(side) : side);
  }

  private Address.Table table(IpfwInstruction in) {
    int words = version == IpfwVersion.V0 ? 1 : 2;
    if (in.words() != words || version == IpfwVersion.V1 && in.argument() != 0) {
      throw new UnsupportedRuleException("a table with a value or of something else");
    }
    return new Address.Table(objects.name(IpfwAbi.IPFW_TLV_TBL_NAME, index(in)));
  }

  private int index(IpfwInstruction in) {
    return version == IpfwVersion.V0 ? in.argument() : in.word(0);
  }

  private Ports ports(IpfwInstruction in, @Nullable Ports before) {
    if (before != null || openList != 0) {
      throw new UnsupportedRuleException(in + ": ports more than once");
    }
    return new Ports(in.negated(), in.ranges());
  }

  private void comment(IpfwInstruction in) {
    if (in.negated() || comment != null || openList != 0) {
      throw new UnsupportedRuleException("a comment that is negated or not alone");
    }
    comment = in.text(0, (in.words() - 1) * 4);
  }

  private String state(IpfwInstruction in) {
    if (in.negated() || openList != 0) {
      throw new UnsupportedRuleException("a state that is negated");
    }
    return objects.name(IpfwAbi.IPFW_TLV_STATE_NAME, index(in));
  }

  private void state(IpfwInstruction in, State next) {
    if (state != null || !next.name().equals(probed)) {
      throw new UnsupportedRuleException(in + ": a state that is not looked up first");
    }
    state = next;
  }

  private State limit(IpfwInstruction in) {
    int word = version == IpfwVersion.V0 ? 0 : 1;
    List<State.Key> keys = new ArrayList<>();
    for (State.Key key : State.Key.values()) {
      if ((in.octet(word * 4 + 1) & 1 << key.ordinal()) != 0) {
        keys.add(key);
      }
    }
    return new State.Limit(new java.util.HashSet<>(keys), in.number16(word * 4 + 2), state(in));
  }

  private Condition condition(IpfwInstruction in) {
    if (openList != 0 || in.or()) {
      throw new UnsupportedRuleException("{ } among options");
    }
    return switch (in.opcode()) {
      case O_IN -> Condition.Direction.IN;
      case O_ESTAB -> Condition.Plain.ESTABLISHED;
      case O_RECV -> wanted(in, Condition.Way.RECV);
      case O_XMIT -> wanted(in, Condition.Way.XMIT);
      case O_VIA -> wanted(in, Condition.Way.VIA);
      case O_TCPFLAGS -> flags(in, Condition.FlagField.TCP_FLAGS);
      case O_FRAG -> flags(in, Condition.FlagField.FRAGMENT);
      case O_IPTOS -> flags(in, Condition.FlagField.TOS);
      case O_ICMPTYPE -> new Condition.IcmpTypes(4, in.bits(0, 1, 0));
      case O_ICMP6TYPE -> new Condition.IcmpTypes(6, in.bits(0, 7, 0));
      case O_IPLEN -> number(in, Condition.NumberField.IPLEN);
      case O_IPTTL -> number(in, Condition.NumberField.IPTTL);
      case O_IPID -> number(in, Condition.NumberField.IPID);
      case O_IPVER -> number(in, Condition.NumberField.IPVER);
      case O_TCPDATALEN -> number(in, Condition.NumberField.TCPDATALEN);
      case O_TCPWIN -> number(in, Condition.NumberField.TCPWIN);
      default -> throw new UnsupportedRuleException(in.toString());
    };
  }

  private static Condition wanted(IpfwInstruction in, Condition.Way way) {
    Condition.Interface wanted = new Condition.Interface(way, in.text(4, 16));
    if (wanted.isPattern() != (in.word(0) != 0)) {
      throw new UnsupportedRuleException("interface " + wanted.name() + " taken another way");
    }
    return wanted;
  }

  private static Condition flags(IpfwInstruction in, Condition.FlagField field) {
    return new Condition.Flags(field, in.argument() & 0xff, in.argument() >> 8);
  }

  private static Condition number(IpfwInstruction in, Condition.NumberField field) {
    return new Condition.Number(
        field,
        in.words() == 1 ? List.of(new NumberRange(in.argument(), in.argument())) : in.ranges());
  }

  private void action(IpfwInstruction in) {
    if (in.opcode() == O_LOG && log == null && action == null) {
      if (in.argument() != 0) {
        throw new UnsupportedRuleException("logdst");
      }
      log = new Log(in.word(0));
      return;
    }
    if (action != null || in.negated() || in.or()) {
      throw new UnsupportedRuleException(in.toString());
    }
    action =
        switch (in.opcode()) {
          case O_ACCEPT -> Action.Plain.ALLOW;
          case O_DENY -> Action.Plain.DENY;
          case O_COUNT -> Action.Plain.COUNT;
          case O_REJECT -> reject(in, Action.Answer.RESET, Action.Answer.UNREACH);
          case O_UNREACH6 -> reject(in, Action.Answer.RESET6, Action.Answer.UNREACH6);
          case O_SKIPTO -> new Action.SkipTo(index(in));
          case O_CHECK_STATE -> new Action.CheckState(index(in) == 0 ? "any" : state(in));
          default -> throw new UnsupportedRuleException(in.toString());
        };
  }

  private static Action reject(IpfwInstruction in, Action.Answer reset, Action.Answer unreach) {
    if (in.words() != 1) {
      throw new UnsupportedRuleException("unreach needfrag with an MTU");
    }
    return in.argument() == ICMP_REJECT_RST
        ? new Action.Reject(reset, 0)
        : new Action.Reject(unreach, in.argument());
  }

  private Rule rule() {
    if (action == null || openList != 0 || (probed == null) != (state == null)) {
      throw new UnsupportedRuleException("a rule that is not complete");
    }
    Rule rule = Rules.rule(action);
    if (!protocols.isEmpty()) {
      rule =
          protocolNegated
              ? rule.notProto(protocols.get(0))
              : rule.proto(protocols.toArray(Protocol[]::new));
    }
    Endpoint source =
        sources.isEmpty() ? Rules.any() : Rules.anyOf(sources.toArray(Endpoint[]::new));
    Endpoint destination =
        destinations.isEmpty() ? Rules.any() : Rules.anyOf(destinations.toArray(Endpoint[]::new));
    rule = sourcePorts == null ? rule.from(source) : rule.from(source, sourcePorts);
    rule = destinationPorts == null ? rule.to(destination) : rule.to(destination, destinationPorts);
    for (Option option : options) {
      rule =
          option.negated()
              ? rule.notMatching(option.condition())
              : rule.matching(option.condition());
    }
    rule = state == null ? rule : rule.state(state);
    rule = log == null ? rule : rule.log(log.amount());
    return comment == null ? rule : rule.comment(comment);
  }
}
