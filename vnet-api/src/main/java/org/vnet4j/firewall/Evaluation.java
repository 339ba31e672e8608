// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Cidr;

/**
 * Computes the decisions of a rule set on a sequence of packets, without a kernel.
 *
 * <p>First match follows FreeBSD's ipfw(4) ({@code ip_fw2.c}, {@code ip_fw_dynamic.c}): rules in
 * order; {@code count} continues with the next rule, {@code skipto} with a later rule. The first
 * {@code check-state}, {@code keep-state} or {@code limit} searches the states; if it finds the
 * connection, the action of the rule that created the state applies. If no rule decides, the
 * default action applies.
 *
 * <p>Last match follows pf(4) and ipf(4): states first, then every rule; the last match decides,
 * unless an earlier match is quick. If the deciding rule keeps state, it creates a state. {@code
 * check-state} has no effect there and {@code skipto} is rejected.
 *
 * <p>Not modelled, so a kernel may differ: states that age or end with a connection (use {@link
 * #forgetStates}), pf's check of TCP sequence numbers and its matching of ICMP errors and ICMP
 * identifiers to states (the types of ICMP requests and replies are), reassembly, packets that are
 * not IP, IP options, dropping of unknown IPv6 extension headers and of TCP fragments at offset 1
 * (RFC 3128), and link-layer broadcasts (which a kernel does not answer).
 *
 * <p>Not thread-safe.
 */
public final class Evaluation {
  private static final int RST = 4;

  private final RuleSet set;
  private final MatchOrder matching;
  private final PacketMatcher matcher = new PacketMatcher();
  private final StateTable states;

  /**
   * Creates an evaluation without any state.
   *
   * @param set the rules
   * @param matching the order in which they decide
   * @throws IllegalArgumentException for {@code skipto} in last match
   */
  public Evaluation(RuleSet set, MatchOrder matching) {
    this.set = set;
    this.matching = matching;
    this.states = new StateTable(matching);
    for (NumberedRule rule : set.rules()) {
      if (matching == MatchOrder.LAST && rule.rule().action() instanceof Action.SkipTo) {
        throw new IllegalArgumentException("no skipto in last match: " + rule);
      }
    }
  }

  /**
   * Adds addresses that {@code me} matches.
   *
   * @param addresses the addresses of the stack's interfaces, added to those of earlier calls
   * @return this
   */
  public Evaluation me(Collection<? extends InetAddress> addresses) {
    matcher.mine.addAll(addresses);
    return this;
  }

  /**
   * Sets the prefixes of a table. A table that is not set is empty.
   *
   * @param name the table
   * @param prefixes all prefixes of the table
   * @return this
   */
  public Evaluation table(String name, List<Cidr> prefixes) {
    matcher.tables.put(name, List.copyOf(prefixes));
    return this;
  }

  /**
   * Deletes all states.
   *
   * @return this
   */
  public Evaluation forgetStates() {
    states.clear();
    return this;
  }

  /**
   * Decides on a packet, and creates a state for its connection if the rules keep state.
   *
   * @param packet the packet
   * @return the decision and the rule that decides
   */
  public Decision decide(Packet packet) {
    return matching == MatchOrder.FIRST ? new FirstMatch(packet).decide() : lastMatch(packet);
  }

  private Decision lastMatch(Packet packet) {
    StateTable.Entry known = states.find(packet, null);
    if (known != null) {
      return verdict(set.rules().get(known.rule()), packet, true);
    }
    int last = -1;
    for (int i = 0; i < set.rules().size(); i++) {
      Rule rule = set.rules().get(i).rule();
      boolean decides =
          rule.action() != Action.Plain.COUNT && !(rule.action() instanceof Action.CheckState);
      if (decides && matcher.matches(rule, packet)) {
        last = i;
        if (rule.isQuick()) {
          break;
        }
      }
    }
    if (last < 0) {
      return byDefault();
    }
    NumberedRule rule = set.rules().get(last);
    State state = rule.rule().state().orElse(null);
    if (state != null && !states.install(packet, state, last, false)) {
      return new Decision(false, rule, false, true, null);
    }
    return verdict(rule, packet, false);
  }

  private Decision byDefault() {
    return new Decision(set.defaultAction() == Action.Plain.ALLOW, null, false, false, null);
  }

  private static Decision verdict(NumberedRule rule, Packet packet, boolean byState) {
    Action action = rule.rule().action();
    Action.Reject answer = action instanceof Action.Reject reject ? answer(reject, packet) : null;
    return new Decision(action == Action.Plain.ALLOW, rule, byState, false, answer);
  }

  /**
   * Returns the answer that a rejecting rule sends; null for ICMP errors, multicasts and later
   * fragments.
   */
  private static Action.@Nullable Reject answer(Action.Reject reject, Packet packet) {
    if (packet.isLaterFragment() || packet.destination().isMulticastAddress()) {
      return null;
    }
    int icmp = packet.isIpv6() ? 58 : 1;
    List<Integer> queries = packet.isIpv6() ? List.of(128, 130, 139) : List.of(8, 10, 13, 15, 17);
    if (packet.protocol() == icmp && !queries.contains(packet.icmpType())) {
      return null;
    }
    boolean reset =
        reject.answer() == (packet.isIpv6() ? Action.Answer.RESET6 : Action.Answer.RESET);
    if (reset) {
      return packet.isTcp() && (packet.tcpFlags() & RST) == 0 ? reject : null;
    }
    if (!packet.isIpv6()) {
      return reject.answer() == Action.Answer.UNREACH ? reject : null;
    }
    return switch (reject.answer()) {
      case UNREACH6 -> reject;
      case UNREACH -> new Action.Reject(Action.Answer.UNREACH6, reject.ipv6Code());
      default -> new Action.Reject(Action.Answer.UNREACH6, 1);
    };
  }

  /** The search of one packet through the rules of ipfw. */
  private final class FirstMatch {
    private final Packet packet;
    private final List<NumberedRule> rules = set.rules();
    // The last search of the states: whether done, for which name, whether a state was added since.
    private boolean lookedUp;
    private @Nullable String lookedUpName;
    private boolean installedSince;
    private boolean byState;

    FirstMatch(Packet packet) {
      this.packet = packet;
    }

    Decision decide() {
      int at = 0;
      while (at < rules.size()) {
        Rule rule = rules.get(at).rule();
        String probed = probed(rule);
        int from = probed == null ? -1 : lookUp(probed);
        if (from >= 0) {
          at = from;
          byState = true;
        } else if (rule.action() instanceof Action.CheckState || !matcher.matches(rule, packet)) {
          at++;
          continue;
        } else {
          State state = rule.state().orElse(null);
          byState = false;
          if (state != null && !install(state, at)) {
            return new Decision(false, rules.get(at), false, true, null);
          }
        }
        Action action = rules.get(at).rule().action();
        if (action instanceof Action.SkipTo to) {
          at = indexOf(to.number());
        } else if (action == Action.Plain.COUNT) {
          at++;
        } else {
          return verdict(rules.get(at), packet, byState);
        }
      }
      return byDefault();
    }

    /** Returns the name of the states that a rule searches first; null if it searches none. */
    private @Nullable String probed(Rule rule) {
      if (rule.action() instanceof Action.CheckState check) {
        return check.name();
      }
      return rule.state().map(State::name).orElse(null);
    }

    /**
     * Finds the rule that created the state of the packet; -1 if there is none or the search was
     * done already.
     */
    private int lookUp(String name) {
      String wanted = name.equals("any") ? null : name;
      boolean needed = !lookedUp || lookedUpName != null && !lookedUpName.equals(wanted);
      if (!needed) {
        return -1;
      }
      lookedUp = true;
      lookedUpName = wanted;
      installedSince = false;
      StateTable.Entry entry = states.find(packet, wanted);
      return entry == null ? -1 : entry.rule();
    }

    private boolean install(State state, int at) {
      // The kernel reuses its last search if it was for this name and no state was added since.
      boolean look = !state.name().equals(lookedUpName) || installedSince;
      installedSince = true;
      return states.install(packet, state, at, look);
    }

    private int indexOf(int number) {
      for (int i = 0; i < rules.size(); i++) {
        if (rules.get(i).number() >= number) {
          return i;
        }
      }
      return rules.size();
    }
  }
}
