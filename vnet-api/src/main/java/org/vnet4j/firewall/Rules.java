// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/**
 * Factory methods for rules, addresses, ports and translations. Import them statically, so that a
 * rule reads like ipfw(8): {@code allow().tcp().from(any()).to(me(),
 * port(22)).setup().keepState()}.
 */
public final class Rules {
  private Rules() {}

  /**
   * Returns a rule that allows packets.
   *
   * @return {@code allow ip from any to any}
   */
  public static Rule allow() {
    return rule(Action.Plain.ALLOW);
  }

  /**
   * Returns a rule that drops packets silently.
   *
   * @return {@code deny ip from any to any}
   */
  public static Rule deny() {
    return rule(Action.Plain.DENY);
  }

  /**
   * Returns a rule that counts packets and decides nothing.
   *
   * @return {@code count ip from any to any}
   */
  public static Rule count() {
    return rule(Action.Plain.COUNT);
  }

  /**
   * Returns a rule that drops packets and answers "host unreachable".
   *
   * @return {@code reject ip from any to any}
   */
  public static Rule reject() {
    return rule(new Action.Reject(Action.Answer.UNREACH, Action.Reject.HOST));
  }

  /**
   * Returns a rule that drops packets and answers TCP over IPv4 with a reset.
   *
   * @return {@code reset ip from any to any}
   */
  public static Rule reset() {
    return rule(new Action.Reject(Action.Answer.RESET, 0));
  }

  /**
   * Returns a rule that drops packets and answers TCP over IPv6 with a reset.
   *
   * @return {@code reset6 ip from any to any}
   */
  public static Rule reset6() {
    return rule(new Action.Reject(Action.Answer.RESET6, 0));
  }

  /**
   * Returns a rule that drops packets and answers with an ICMP unreachable.
   *
   * @param code such as {@code port} or {@code filter-prohib}, or a number from 0 to 255
   * @return the rule
   */
  public static Rule unreach(String code) {
    return rule(Action.Reject.unreach(Action.Answer.UNREACH, code));
  }

  /**
   * Returns a rule that drops packets and answers with an ICMPv6 unreachable.
   *
   * @param code such as {@code port} or {@code admin-prohib}, or a number from 0 to 255
   * @return the rule
   */
  public static Rule unreach6(String code) {
    return rule(Action.Reject.unreach(Action.Answer.UNREACH6, code));
  }

  /**
   * Returns a rule that continues at a later rule. First match engines only.
   *
   * @param number the number of that rule, 1 to 65534
   * @return the rule
   */
  public static Rule skipTo(int number) {
    return rule(new Action.SkipTo(number));
  }

  /**
   * Returns the rule that searches the states of the default name.
   *
   * @return {@code check-state :default}
   */
  public static Rule checkState() {
    return checkState(State.DEFAULT);
  }

  /**
   * Returns the rule that searches the states of a name.
   *
   * @param name the name, or {@code any} for all states
   * @return the rule
   */
  public static Rule checkState(String name) {
    return rule(new Action.CheckState(name));
  }

  /**
   * Returns the endpoint of any address.
   *
   * @return {@code any}
   */
  public static Endpoint any() {
    return Endpoint.ANY;
  }

  /**
   * Returns the endpoint of all addresses of the stack's own interfaces.
   *
   * @return {@code me}
   */
  public static Endpoint me() {
    return side(Address.Plain.ME);
  }

  /**
   * Returns the endpoint of all IPv6 addresses of the stack's own interfaces.
   *
   * @return {@code me6}
   */
  public static Endpoint me6() {
    return side(Address.Plain.ME6);
  }

  /**
   * Returns the endpoint of addresses and networks of one family.
   *
   * @param prefixes such as {@code 192.0.2.1} or {@code 2001:db8::/32}
   * @return the list
   */
  public static Endpoint net(String... prefixes) {
    return side(Address.Prefixes.parse(String.join(",", prefixes)));
  }

  /**
   * Returns the endpoint of networks of one family.
   *
   * @param prefixes at least one, of a length of at least 1
   * @return the list
   */
  public static Endpoint net(Cidr... prefixes) {
    return side(new Address.Prefixes(List.of(prefixes)));
  }

  /**
   * Returns the endpoint of addresses of one family.
   *
   * @param addresses at least one
   * @return the list
   */
  public static Endpoint net(InetAddress... addresses) {
    return net(Stream.of(addresses).map(Cidr::host).toArray(Cidr[]::new));
  }

  /**
   * Returns the endpoint of the addresses in a table.
   *
   * @param name the table
   * @return {@code table(name)}
   */
  public static Endpoint table(String name) {
    return side(new Address.Table(name));
  }

  /**
   * Returns the endpoint that matches all other addresses.
   *
   * @param side an endpoint with one address
   * @return its negation
   */
  public static Endpoint not(Endpoint side) {
    return side.not();
  }

  /**
   * Joins alternative addresses, of which one must match.
   *
   * @param sides at least one, none of them any
   * @return <code>{ a or b }</code>
   */
  public static Endpoint anyOf(Endpoint... sides) {
    return Endpoint.anyOf(sides);
  }

  /**
   * Returns ports by their numbers.
   *
   * @param numbers at least one, 0 to 65535
   * @return the ports
   */
  public static Ports port(int... numbers) {
    List<NumberRange> ranges = new ArrayList<>();
    for (int number : numbers) {
      ranges.add(new NumberRange(number, number));
    }
    return new Ports(false, ranges);
  }

  /**
   * Returns a range of ports.
   *
   * @param first the lowest, 0 to 65535
   * @param last the highest
   * @return the ports
   */
  public static Ports portRange(int first, int last) {
    return new Ports(false, List.of(new NumberRange(first, last)));
  }

  /**
   * Returns the ports of a list.
   *
   * @param list such as {@code 22,80-90}
   * @return the ports
   */
  public static Ports ports(String list) {
    return new Ports(false, NumberRange.parseList(list));
  }

  /**
   * Returns all other ports.
   *
   * @param ports the ports
   * @return their negation
   */
  public static Ports not(Ports ports) {
    return new Ports(!ports.negated(), ports.ranges());
  }

  /**
   * Returns a rule with any action.
   *
   * @param action the action on a matching packet
   * @return the action with {@code ip from any to any}, or check-state alone
   */
  public static Rule rule(Action action) {
    return new Rule(RuleParts.of(action));
  }

  /**
   * Returns the endpoint of an address.
   *
   * @param address the address
   * @return the endpoint
   */
  public static Endpoint side(Address address) {
    return new Endpoint(List.of(new Endpoint.Choice(false, address)), null);
  }

  /**
   * Returns a translation of the source address of packets that are sent on an interface.
   *
   * @param iface the interface
   * @param address the new source address
   * @return {@code nat on iface proto ip from any to any -> address}
   */
  public static Translation nat(String iface, String address) {
    return nat(iface, IpLiteral.parse(address));
  }

  /**
   * Begins a translation of the source address of what leaves by an interface.
   *
   * @param iface the interface
   * @param address the new source address
   * @return {@code nat on iface proto ip from any to any -> address}
   */
  public static Translation nat(String iface, InetAddress address) {
    return Translation.of(Translation.Kind.NAT, iface, address, 0);
  }

  /**
   * Returns a translation of the destination of TCP connections that are received on an interface.
   *
   * @param iface the interface
   * @param address the new destination
   * @param port its new port, 1 to 65535; 0 for packets of any protocol, which keep their port
   * @return {@code rdr on iface proto tcp from any to any -> address port port}
   */
  public static Translation rdr(String iface, String address, int port) {
    return rdr(iface, IpLiteral.parse(address), port);
  }

  /**
   * Returns a translation of the destination of TCP connections that are received on an interface.
   *
   * @param iface the interface
   * @param address the new destination
   * @param port its new port, 1 to 65535; 0 for packets of any protocol, which keep their port
   * @return {@code rdr on iface proto tcp from any to any -> address port port}
   */
  public static Translation rdr(String iface, InetAddress address, int port) {
    return Translation.of(Translation.Kind.RDR, iface, address, port);
  }
}
