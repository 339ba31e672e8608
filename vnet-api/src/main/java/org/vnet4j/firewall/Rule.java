// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A firewall rule that belongs to no engine, immutable, and complete at every step of building it:
 *
 * <pre>{@code
 * deny().ip().from(any()).to(any())
 * allow().tcp().from(net("192.0.2.0/24")).to(me(), port(22)).inbound().setup().keepState()
 * }</pre>
 *
 * <p>Begin with one of {@link Rules}. Each method returns a new rule. What cannot be is refused
 * with {@link IllegalArgumentException} at the step that says it, such as an IPv6 address in a rule
 * for {@code ip4}. {@link #toString} prints the rule in the words of {@code ipfw list}; {@link
 * #parse} reads those words and what people type. See ipfw(8).
 *
 * <p>A first match engine takes the rules in order and stops at the first that matches, so {@link
 * #quick} means nothing to it. In a last match engine a later rule overrides an earlier one that is
 * not quick.
 */
public final class Rule {
  private final RuleParts parts;

  Rule(RuleParts parts) {
    this.parts = parts.checked();
  }

  /**
   * Reads a rule in ipfw(8)'s words, without a number.
   *
   * @param text such as {@code allow tcp from any to me 22 setup keep-state}
   * @return the rule
   * @throws RuleSyntaxException if the text is not a rule; it names the word and its column
   */
  public static Rule parse(String text) {
    return RuleParser.rule(text);
  }

  /**
   * Takes any protocol, of either IP version.
   *
   * @return a new rule
   */
  public Rule ip() {
    return proto(Protocol.IP);
  }

  /**
   * Takes IPv4 packets.
   *
   * @return a new rule
   */
  public Rule ip4() {
    return proto(Protocol.IP4);
  }

  /**
   * Takes IPv6 packets.
   *
   * @return a new rule
   */
  public Rule ip6() {
    return proto(Protocol.IP6);
  }

  /**
   * Takes TCP packets, of either IP version.
   *
   * @return a new rule
   */
  public Rule tcp() {
    return proto(Protocol.TCP);
  }

  /**
   * Takes UDP packets, of either IP version.
   *
   * @return a new rule
   */
  public Rule udp() {
    return proto(Protocol.UDP);
  }

  /**
   * Takes ICMP packets.
   *
   * @return a new rule
   */
  public Rule icmp() {
    return proto(Protocol.ICMP);
  }

  /**
   * Takes ICMPv6 packets.
   *
   * @return a new rule
   */
  public Rule icmp6() {
    return proto(Protocol.ICMP6);
  }

  /**
   * Takes packets of one of some protocols.
   *
   * @param protocols one, or several by number or name (not the IP versions)
   * @return a new rule
   */
  public Rule proto(Protocol... protocols) {
    return with(p -> p.protocols(false, List.of(protocols)));
  }

  /**
   * Takes packets that are not of a protocol.
   *
   * @param protocol the protocol
   * @return a new rule
   */
  public Rule notProto(Protocol protocol) {
    return with(p -> p.protocols(true, List.of(protocol)));
  }

  /**
   * Takes packets that come from somewhere.
   *
   * @param source the addresses, from {@link Rules}
   * @return a new rule
   */
  public Rule from(Endpoint source) {
    return with(p -> p.source(source));
  }

  /**
   * Takes packets that come from somewhere and from some ports.
   *
   * @param source the addresses, from {@link Rules}
   * @param ports the ports
   * @return a new rule
   */
  public Rule from(Endpoint source, Ports ports) {
    return from(source.withPorts(ports));
  }

  /**
   * Matches packets by destination.
   *
   * @param destination the addresses, from {@link Rules}
   * @return a new rule
   */
  public Rule to(Endpoint destination) {
    return with(p -> p.destination(destination));
  }

  /**
   * Matches packets by destination and destination ports.
   *
   * @param destination the addresses, from {@link Rules}
   * @param ports the ports
   * @return a new rule
   */
  public Rule to(Endpoint destination, Ports ports) {
    return to(destination.withPorts(ports));
  }

  /**
   * Takes packets that were received.
   *
   * @return a new rule
   */
  public Rule inbound() {
    return matching(Condition.Direction.IN);
  }

  /**
   * Takes packets that are about to be sent.
   *
   * @return a new rule
   */
  public Rule outbound() {
    return matching(Condition.Direction.OUT);
  }

  /**
   * Takes packets that cross an interface now, in either direction.
   *
   * @param name the interface or a pattern such as {@code epair*}
   * @return a new rule
   */
  public Rule via(String name) {
    return matching(new Condition.Interface(Condition.Way.VIA, name));
  }

  /**
   * Takes packets that were received on an interface.
   *
   * @param name the interface or a pattern such as {@code epair*}
   * @return a new rule
   */
  public Rule recv(String name) {
    return matching(new Condition.Interface(Condition.Way.RECV, name));
  }

  /**
   * Matches packets that leave by an interface.
   *
   * @param name the interface or a pattern such as {@code epair*}
   * @return a new rule
   */
  public Rule xmit(String name) {
    return matching(new Condition.Interface(Condition.Way.XMIT, name));
  }

  /**
   * Takes TCP packets that open a connection: SYN without ACK.
   *
   * @return a new rule
   */
  public Rule setup() {
    return matching(Condition.Flags.SETUP);
  }

  /**
   * Takes TCP packets that are not SYN alone.
   *
   * @return a new rule
   */
  public Rule established() {
    return matching(Condition.Plain.ESTABLISHED);
  }

  /**
   * Takes TCP packets by their flags.
   *
   * @param flags such as {@code syn,!ack}
   * @return a new rule
   */
  public Rule tcpFlags(String flags) {
    return matching(Condition.Flags.parse(Condition.FlagField.TCP_FLAGS, flags));
  }

  /**
   * Takes IPv4 packets that are fragments, but not first ones.
   *
   * @return a new rule
   */
  public Rule frag() {
    return matching(Condition.Flags.parse(Condition.FlagField.FRAGMENT, "offset"));
  }

  /**
   * Takes ICMP packets of some types.
   *
   * @param types the types, 0 to 31
   * @return a new rule
   */
  public Rule icmpTypes(Integer... types) {
    return matching(new Condition.IcmpTypes(4, new TreeSet<>(Arrays.asList(types))));
  }

  /**
   * Takes ICMPv6 packets of some types.
   *
   * @param types the types, 0 to 201
   * @return a new rule
   */
  public Rule icmp6Types(Integer... types) {
    return matching(new Condition.IcmpTypes(6, new TreeSet<>(Arrays.asList(types))));
  }

  /**
   * Adds a condition.
   *
   * @param condition what a packet must be
   * @return a new rule
   */
  public Rule matching(Condition condition) {
    return option(new Option(false, condition));
  }

  /**
   * Adds the opposite of a condition.
   *
   * @param condition what a packet must not be
   * @return a new rule
   */
  public Rule notMatching(Condition condition) {
    return option(new Option(true, condition));
  }

  Rule option(Option option) {
    List<Option> options = new ArrayList<>(parts.options());
    options.add(option);
    return with(p -> p.options(options));
  }

  /**
   * Remembers the connection of a packet that this rule matches.
   *
   * @return a new rule
   */
  public Rule keepState() {
    return keepState(State.DEFAULT);
  }

  /**
   * Remembers the connection of a packet that this rule matches, under a name.
   *
   * @param name the name that check-state can ask for
   * @return a new rule
   */
  public Rule keepState(String name) {
    return state(new State.Keep(name));
  }

  /**
   * Remembers the connection of a packet that this rule matches, and drops it if there are too
   * many.
   *
   * @param connections how many may be alive at a time, 1 to 65534
   * @param keys what connections that are counted together have in common
   * @return a new rule
   */
  public Rule limit(int connections, State.Key... keys) {
    return state(new State.Limit(Set.of(keys), connections, State.DEFAULT));
  }

  /**
   * Remembers the connection of a packet that this rule matches.
   *
   * @param state how; a rule has at most one
   * @return a new rule
   */
  public Rule state(State state) {
    if (parts.state() != null) {
      throw new IllegalArgumentException(
          "only one of keep-state and limit: already has " + parts.state());
    }
    return with(p -> p.state(state));
  }

  /**
   * Logs packets that this rule matches.
   *
   * @return a new rule
   */
  public Rule log() {
    return log(0);
  }

  /**
   * Logs some of the packets that this rule matches.
   *
   * @param amount how many at most, 0 for no limit
   * @return a new rule
   */
  public Rule log(int amount) {
    return with(p -> p.log(new Log(amount)));
  }

  /**
   * Decides at once in a last match engine; nothing changes in a first match engine. ipfw(8) has no
   * word for it, so the text of the rule has {@code quick} behind the action.
   *
   * @return a new rule
   */
  public Rule quick() {
    return with(p -> p.quick(true));
  }

  /**
   * Sets the comment.
   *
   * @param text up to 80 printable characters, words separated by single blanks
   * @return a new rule
   */
  public Rule comment(String text) {
    return with(p -> p.comment(text));
  }

  /**
   * Returns what becomes of a matching packet.
   *
   * @return the action
   */
  public Action action() {
    return parts.action();
  }

  /**
   * Returns how packets are logged.
   *
   * @return empty if they are not
   */
  public Optional<Log> logging() {
    return Optional.ofNullable(parts.log());
  }

  /**
   * Returns whether the rule decides at once in a last match engine.
   *
   * @return true after {@link #quick}
   */
  public boolean isQuick() {
    return parts.quick();
  }

  /**
   * Returns whether the protocol is one that must not match.
   *
   * @return true after {@link #notProto}
   */
  public boolean isProtocolNegated() {
    return parts.protocolNegated();
  }

  /**
   * Returns the protocols, of which one must match.
   *
   * @return at least one
   */
  public List<Protocol> protocols() {
    return parts.protocols();
  }

  /**
   * Returns where packets come from.
   *
   * @return addresses and ports
   */
  public Endpoint source() {
    return parts.source();
  }

  /**
   * Returns the destination of the packets.
   *
   * @return addresses and ports
   */
  public Endpoint destination() {
    return parts.destination();
  }

  /**
   * Returns the other conditions, which must all hold.
   *
   * @return the conditions in the order they were given
   */
  public List<Option> options() {
    return parts.options();
  }

  /**
   * Returns which state a matching packet makes.
   *
   * @return empty for a rule without state
   */
  public Optional<State> state() {
    return Optional.ofNullable(parts.state());
  }

  /**
   * Returns the comment.
   *
   * @return empty if there is none
   */
  public Optional<String> comment() {
    return Optional.ofNullable(parts.comment());
  }

  private Rule with(java.util.function.UnaryOperator<RuleParts> change) {
    return new Rule(change.apply(parts));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rule rule && parts.equals(rule.parts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(parts);
  }

  /**
   * Returns the rule in the words of {@code ipfw list}.
   *
   * @return for example {@code allow tcp from any to me 22 setup keep-state :default}
   */
  @Override
  public String toString() {
    return parts.text();
  }
}
