// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ipfw;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Decision;
import org.vnet4j.firewall.Evaluation;
import org.vnet4j.firewall.MatchOrder;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Packet;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Ip;
import org.vnet4j.freebsd.sim.net.IpPacket;
import org.vnet4j.net.Cidr;

/** Applies the rules of a stack's ipfw to its packets, by {@link Evaluation}. */
public final class IpfwFilter implements Ip.Filter {
  private static final String ENABLE4 = "net.inet.ip.fw.enable";
  private static final String ENABLE6 = "net.inet6.ip6.fw.enable";
  private static final int UNREACHABLE = 3;
  private static final int UNREACHABLE6 = 1;

  private final Stack stack;
  private final SimIpfw ipfw;
  private final Map<NumberedRule, SimIpfw.Entry> entries = new IdentityHashMap<>();
  private final Map<SimIpfw.Entry, Evaluation> passers = new IdentityHashMap<>();
  private @Nullable Evaluation evaluation;
  private String known = "";

  public IpfwFilter(Stack stack, SimIpfw ipfw) {
    this.stack = stack;
    this.ipfw = ipfw;
    stack.variables.put(ENABLE4, 1);
    stack.variables.put(ENABLE6, 1);
    stack.variables.put("net.link.ether.ipfw", 0);
  }

  @Override
  public Ip.Verdict check(IpPacket bytes, @Nullable Iface received, @Nullable Iface sent) {
    if (stack.variables.get(bytes.isIpv6() ? ENABLE6 : ENABLE4) == 0) {
      return Ip.Verdict.PASS;
    }
    Packet packet = packet(bytes, received, sent);
    Decision decision = evaluation().decide(packet);
    SimIpfw.Entry decider = decision.rule().map(entries::get).orElse(null);
    count(packet, decider);
    if (decision.passes()) {
      return Ip.Verdict.PASS;
    }
    return decision
        .answer()
        .filter(reject -> !bytes.isIcmpError())
        .map(reject -> new Ip.Verdict(false, answer(bytes, reject)))
        .orElse(Ip.Verdict.DROP);
  }

  /**
   * Counts the packet in the deciding rule and in the matching rules before it that do not decide.
   */
  private void count(Packet packet, SimIpfw.@Nullable Entry decider) {
    for (SimIpfw.Entry entry : ipfw.rules) {
      Rule rule = entry.rule;
      boolean decides = entry == decider || entry.number() == SimIpfw.DEFAULT && rule != null;
      boolean goesOn =
          rule != null
              && ipfw.enabled(entry)
              && (rule.action() == Action.Plain.COUNT || rule.action() instanceof Action.SkipTo);
      if (decides || goesOn && matches(entry, rule, packet)) {
        entry.packets++;
        entry.bytes += packet.length();
      }
      if (decides) {
        return;
      }
    }
  }

  /**
   * Returns whether a rule that does not decide matches: an allow rule with its conditions passes.
   */
  private boolean matches(SimIpfw.Entry entry, Rule rule, Packet packet) {
    return passers
        .computeIfAbsent(
            entry,
            e -> {
              String words = rule.toString();
              String rest = words.substring(rule.action().toString().length());
              RuleSet one = RuleSet.denying().add(1, Rule.parse("allow" + rest));
              return prepared(new Evaluation(one, MatchOrder.FIRST));
            })
        .decide(packet)
        .passes();
  }

  private Evaluation evaluation() {
    String now = ipfw.changes + addresses().toString();
    Evaluation ready = evaluation;
    if (ready != null && known.equals(now)) {
      return ready;
    }
    known = now;
    entries.clear();
    passers.clear();
    List<NumberedRule> rules = new ArrayList<>();
    for (SimIpfw.Entry entry : ipfw.rules) {
      if (entry.rule != null && entry.number() != SimIpfw.DEFAULT && ipfw.enabled(entry)) {
        NumberedRule rule = new NumberedRule(entry.number(), entry.rule);
        rules.add(rule);
        entries.put(rule, entry);
      }
    }
    Action.Plain last = ipfw.accepts() ? Action.Plain.ALLOW : Action.Plain.DENY;
    ready = prepared(new Evaluation(new RuleSet(rules, last), MatchOrder.FIRST));
    evaluation = ready;
    return ready;
  }

  private Evaluation prepared(Evaluation made) {
    made.me(addresses());
    ipfw.tables.forEach((name, table) -> made.table(name, prefixes(table)));
    return made;
  }

  private List<InetAddress> addresses() {
    return stack.interfaces.stream()
        .flatMap(iface -> iface.addresses.stream())
        .map(address -> inet(address.bytes))
        .toList();
  }

  private static List<Cidr> prefixes(SimIpfw.IpfwTable table) {
    return table.entries.stream()
        .map(
            key -> {
              int length = key[0] == FreeBsdAbi.constant("AF_INET") ? 4 : 16;
              return new Cidr(inet(Arrays.copyOfRange(key, 2, 2 + length)), key[1] & 0xff);
            })
        .toList();
  }

  private static InetAddress inet(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Packet packet(IpPacket ip, @Nullable Iface received, @Nullable Iface sent) {
    int protocol = ip.protocol();
    boolean tcp = protocol == IpPacket.TCP;
    boolean ports = tcp || protocol == IpPacket.UDP;
    int header = tcp ? ip.payloadByte(12) >> 4 << 2 : 0;
    return new Packet(
        sent == null ? Condition.Direction.IN : Condition.Direction.OUT,
        received == null ? "" : received.name,
        sent == null ? "" : sent.name,
        protocol,
        inet(ip.source()),
        inet(ip.destination()),
        ports ? ip.payloadShort(0) : 0,
        ports ? ip.payloadShort(2) : 0,
        tcp ? ip.payloadByte(13) & 0x3f : 0,
        ports ? 0 : ip.payloadByte(0),
        ip.bytes.length,
        ip.hops(),
        ip.tos(),
        ip.id(),
        tcp ? ip.payloadShort(14) : 0,
        tcp ? ip.bytes.length - ip.headerLength() - header : 0,
        ip.fragment());
  }

  private static IpPacket answer(IpPacket about, Action.Reject reject) {
    boolean reset =
        reject.answer() == Action.Answer.RESET || reject.answer() == Action.Answer.RESET6;
    if (reset && about.protocol() == IpPacket.TCP) {
      return about.reset();
    }
    int code =
        !about.isIpv6() || reject.answer() == Action.Answer.UNREACH6
            ? reject.code()
            : reject.ipv6Code();
    return about.error(about.destination(), about.isIpv6() ? UNREACHABLE6 : UNREACHABLE, code);
  }
}
