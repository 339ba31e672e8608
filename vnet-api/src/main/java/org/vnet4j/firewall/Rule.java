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
 * A firewall rule independent of any engine. It is immutable and complete at every step of
 * building:
 *
 * <pre>{@code
 * deny().ip().from(any()).to(any())
 * allow().tcp().from(net("192.0.2.0/24")).to(me(), port(22)).inbound().setup().keepState()
 * }</pre>
 *
 * <p>Start with a method of {@link Rules}. Each method returns a new rule. An impossible
 * combination throws {@link IllegalArgumentException} at the step that makes it, such as an IPv6
 * address in a rule for {@code ip4}. {@link #toString} prints the rule as {@code ipfw list} does;
 * {@link #parse} also accepts the other forms of ipfw(8). See ipfw(8).
 *
 * <p>A first match engine evaluates the rules in order and stops at the first match, so {@link
 * #quick} has no effect there. In a last match engine a later rule overrides an earlier one that is
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
   * @throws RuleSyntaxException if the text is not a rule; the message gives the word and its
   *     column
   */
  public static Rule parse(String text) {
    return RuleParser.rule(text);
  }

  /**
   * Matches packets of any protocol and either IP version.
   *
   * @return a new rule
   */
  public Rule ip() {
    return proto(Protocol.IP);
  }

  /**
   * Matches IPv4 packets.
   *
   * @return a new rule
   */
  public Rule ip4() {
    return proto(Protocol.IP4);
  }

  /**
   * Matches IPv6 packets.
   *
   * @return a new rule
   */
  public Rule ip6() {
    return proto(Protocol.IP6);
  }

  /**
   * Matches TCP packets of either IP version.
   *
   * @return a new rule
   */
  public Rule tcp() {
    return proto(Protocol.TCP);
  }

  /**
   * Matches UDP packets of either IP version.
   *
   * @return a new rule
   */
  public Rule udp() {
    return proto(Protocol.UDP);
  }

  /**
   * Matches ICMP packets.
   *
   * @return a new rule
   */
  public Rule icmp() {
    return proto(Protocol.ICMP);
  }

  /**
   * Matches ICMPv6 packets.
   *
   * @return a new rule
   */
  public Rule icmp6() {
    return proto(Protocol.ICMP6);
  }

  /**
   * Matches packets of any of the given protocols.
   *
   * @param protocols one, or several by number or name (not the IP versions)
   * @return a new rule
   */
  public Rule proto(Protocol... protocols) {
    return with(p -> p.protocols(false, List.of(protocols)));
  }

  /**
   * Matches packets of every other protocol.
   *
   * @param protocol the protocol
   * @return a new rule
   */
  public Rule notProto(Protocol protocol) {
    return with(p -> p.protocols(true, List.of(protocol)));
  }

  /**
   * Matches packets by source address.
   *
   * @param source the addresses, from {@link Rules}
   * @return a new rule
   */
  public Rule from(Endpoint source) {
    return with(p -> p.source(source));
  }

  /**
   * Matches packets by source address and port.
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
   * Matches incoming packets.
   *
   * @return a new rule
   */
  public Rule inbound() {
    return matching(Condition.Direction.IN);
  }

  /**
   * Matches outgoing packets.
   *
   * @return a new rule
   */
  public Rule outbound() {
    return matching(Condition.Direction.OUT);
  }

  /**
   * Matches packets that cross an interface, in either direction.
   *
   * @param name the interface or a pattern such as {@code epair*}
   * @return a new rule
   */
  public Rule via(String name) {
    return matching(new Condition.Interface(Condition.Way.VIA, name));
  }

  /**
   * Matches packets that were received on an interface.
   *
   * @param name the interface or a pattern such as {@code epair*}
   * @return a new rule
   */
  public Rule recv(String name) {
    return matching(new Condition.Interface(Condition.Way.RECV, name));
  }

  /**
   * Matches packets that are sent on an interface.
   *
   * @param name the interface or a pattern such as {@code epair*}
   * @return a new rule
   */
  public Rule xmit(String name) {
    return matching(new Condition.Interface(Condition.Way.XMIT, name));
  }

  /**
   * Matches TCP packets that open a connection: SYN without ACK.
   *
   * @return a new rule
   */
  public Rule setup() {
    return matching(Condition.Flags.SETUP);
  }

  /**
   * Matches TCP packets except SYN alone.
   *
   * @return a new rule
   */
  public Rule established() {
    return matching(Condition.Plain.ESTABLISHED);
  }

  /**
   * Matches TCP packets by their flags.
   *
   * @param flags such as {@code syn,!ack}
   * @return a new rule
   */
  public Rule tcpFlags(String flags) {
    return matching(Condition.Flags.parse(Condition.FlagField.TCP_FLAGS, flags));
  }

  /**
   * Matches fragments except first fragments.
   *
   * @return a new rule
   */
  public Rule frag() {
    return matching(Condition.Flags.parse(Condition.FlagField.FRAGMENT, "offset"));
  }

  /**
   * Matches ICMP packets of the given types.
   *
   * @param types the types, 0 to 31
   * @return a new rule
   */
  public Rule icmpTypes(Integer... types) {
    return matching(new Condition.IcmpTypes(4, new TreeSet<>(Arrays.asList(types))));
  }

  /**
   * Matches ICMPv6 packets of the given types.
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
   * @param condition the condition that a packet must meet
   * @return a new rule
   */
  public Rule matching(Condition condition) {
    return option(new Option(false, condition));
  }

  /**
   * Adds the negation of a condition.
   *
   * @param condition the condition that a packet must not meet
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
   * Keeps state of the connection of a matching packet.
   *
   * @return a new rule
   */
  public Rule keepState() {
    return keepState(State.DEFAULT);
  }

  /**
   * Keeps state of the connection of a matching packet, under a name.
   *
   * @param name the name, for check-state
   * @return a new rule
   */
  public Rule keepState(String name) {
    return state(new State.Keep(name));
  }

  /**
   * Keeps state of the connection of a matching packet, and drops the packet if there are too many
   * connections.
   *
   * @param connections largest number of connections at a time, 1 to 65534
   * @param keys the properties that connections counted together have in common
   * @return a new rule
   */
  public Rule limit(int connections, State.Key... keys) {
    return state(new State.Limit(Set.of(keys), connections, State.DEFAULT));
  }

  /**
   * Keeps state of the connection of a matching packet.
   *
   * @param state the kind of state; a rule has at most one
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
   * @param amount largest number of packets to log, 0 for no limit
   * @return a new rule
   */
  public Rule log(int amount) {
    return with(p -> p.log(new Log(amount)));
  }

  /**
   * Decides at once in a last match engine; no effect in a first match engine. ipfw(8) has no such
   * keyword; the text of the rule has {@code quick} after the action.
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
   * Returns the action on a matching packet.
   *
   * @return the action
   */
  public Action action() {
    return parts.action();
  }

  /**
   * Returns the logging of matching packets.
   *
   * @return empty if packets are not logged
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
   * Returns whether the rule matches every protocol except its own.
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
   * Returns the source.
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
   * Returns the state that a matching packet creates.
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
   * Returns the rule as {@code ipfw list} prints it.
   *
   * @return for example {@code allow tcp from any to me 22 setup keep-state :default}
   */
  @Override
  public String toString() {
    return parts.text();
  }
}
