// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vnet4j.net.Cidr;

/**
 * Matches a packet against the body of a rule, as ipfw_chk() of FreeBSD's ip_fw2.c does. A
 * condition that does not apply to the packet does not match, so its negation does.
 */
final class PacketMatcher {
  final Set<InetAddress> mine = new HashSet<>();
  final Map<String, List<Cidr>> tables = new HashMap<>();

  boolean matches(Rule rule, Packet packet) {
    if (!protocol(rule, packet)
        || !side(rule.source(), packet.source(), packet.sourcePort(), packet)
        || !side(rule.destination(), packet.destination(), packet.destinationPort(), packet)) {
      return false;
    }
    for (Option option : rule.options()) {
      if (matches(option.condition(), packet) == option.negated()) {
        return false;
      }
    }
    return true;
  }

  private static boolean protocol(Rule rule, Packet packet) {
    for (Protocol protocol : rule.protocols()) {
      boolean matches =
          protocol.number() != 0
              ? protocol.number() == packet.protocol()
              : protocol.version() == 0 || protocol.version() == (packet.isIpv6() ? 6 : 4);
      if (matches) {
        return !rule.isProtocolNegated();
      }
    }
    return rule.isProtocolNegated();
  }

  private boolean side(Endpoint side, InetAddress address, int port, Packet packet) {
    boolean found = false;
    for (Endpoint.Choice choice : side.choices()) {
      found |= matches(choice.address(), address) != choice.negated();
    }
    return found
        && side.ports()
            .map(
                ports ->
                    (packet.hasPorts() && NumberRange.contains(ports.ranges(), port))
                        != ports.negated())
            .orElse(true);
  }

  private boolean matches(Address wanted, InetAddress address) {
    if (wanted instanceof Address.Prefixes list) {
      return list.contains(address);
    }
    if (wanted instanceof Address.Hosts hosts) {
      return hosts.contains(address);
    }
    if (wanted instanceof Address.Table table) {
      for (Cidr prefix : tables.getOrDefault(table.name(), List.of())) {
        if (prefix.contains(address)) {
          return true;
        }
      }
      return false;
    }
    return switch ((Address.Plain) wanted) {
      case ANY -> true;
      case ME -> mine.contains(address);
      case ME6 -> address.getAddress().length == 16 && mine.contains(address);
    };
  }

  private static boolean matches(Condition condition, Packet packet) {
    if (condition instanceof Condition.Direction direction) {
      return direction == packet.direction();
    }
    if (condition instanceof Condition.Interface wanted) {
      return interfaces(wanted, packet);
    }
    if (condition instanceof Condition.Flags flags) {
      return flags(flags, packet);
    }
    if (condition instanceof Condition.IcmpTypes types) {
      return packet.isIpv6() == (types.version() == 6)
          && packet.protocol() == (types.version() == 6 ? 58 : 1)
          && !packet.isLaterFragment()
          && types.types().contains(packet.icmpType());
    }
    if (condition instanceof Condition.Number number) {
      return number(number, packet);
    }
    // ESTABLISHED is the only plain condition: neither SYN alone nor without RST and ACK.
    return packet.isTcp() && (packet.tcpFlags() & 0x16) != 0x02;
  }

  private static boolean interfaces(Condition.Interface wanted, Packet packet) {
    String name =
        switch (wanted.way()) {
          case RECV -> packet.received();
          case XMIT -> packet.sent();
          case VIA -> packet.crossing();
        };
    if (name.isEmpty()) {
      return false;
    }
    return wanted.isPattern() ? Glob.matches(wanted.name(), name) : wanted.name().equals(name);
  }

  private static boolean flags(Condition.Flags flags, Packet packet) {
    return switch (flags.field()) {
      case TCP_FLAGS -> packet.isTcp() && flags.matches(packet.tcpFlags());
      case TOS -> !packet.isIpv6() && flags.matches(packet.tos());
      // For IPv6 only "frag" without flags can match.
      case FRAGMENT ->
          packet.isIpv6()
              ? flags.set() == 1 && flags.clear() == 0 && packet.isLaterFragment()
              : flags.matches(packet.fragment());
    };
  }

  private static boolean number(Condition.Number number, Packet packet) {
    boolean applies =
        switch (number.field()) {
          case IPLEN, IPVER -> true;
          case IPTTL, IPID -> !packet.isIpv6();
          case TCPDATALEN, TCPWIN -> packet.isTcp();
        };
    int value =
        switch (number.field()) {
          case IPLEN -> packet.length();
          case IPVER -> packet.isIpv6() ? 6 : 4;
          case IPTTL -> packet.ttl();
          case IPID -> packet.id();
          case TCPDATALEN -> packet.dataLength();
          case TCPWIN -> packet.window();
        };
    return applies && NumberRange.contains(number.ranges(), value);
  }
}
