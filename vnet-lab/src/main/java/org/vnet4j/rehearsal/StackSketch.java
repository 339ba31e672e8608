// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.NetworkStack;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.Names;

/**
 * Describes a stack for a rehearsal: its interfaces with their addresses, its routes, and whether
 * it forwards. {@link #of} reads a sketch from an existing stack; {@link #named} begins a sketch by
 * hand:
 *
 * <pre>{@code
 * StackSketch.named("gateway")
 *     .iface("em0", "192.0.2.1/24", "2001:db8::1/64")
 *     .iface("em1", "10.0.0.1/24")
 *     .route("default", "192.0.2.254")
 *     .forwarding(true)
 * }</pre>
 *
 * <p>Of the routes to one destination a rehearsal has the first, if an interface of the sketch has
 * an address in the network of its gateway. {@link Report#missing} names the others.
 *
 * @param name the name of the stack
 * @param interfaces the interfaces that have addresses, without loopback
 * @param routes the routes that have a gateway
 * @param forwards whether the stack forwards packets
 */
public record StackSketch(
    String name, List<Interface> interfaces, List<Route> routes, boolean forwards) {

  /**
   * An interface and its addresses.
   *
   * @param name its name
   * @param addresses with their prefix lengths
   */
  public record Interface(String name, List<Cidr> addresses) {
    /** Checks the name and copies the addresses. */
    public Interface {
      Names.interfaceName(name);
      addresses = List.copyOf(addresses);
    }
  }

  /** Copies the lists. */
  public StackSketch {
    interfaces = List.copyOf(interfaces);
    routes = List.copyOf(routes);
  }

  /**
   * Creates a sketch of a stack in its present state. The sketch omits interfaces without
   * addresses, and link-local addresses of IPv6.
   *
   * @param stack the stack
   * @return its sketch
   */
  public static StackSketch of(NetworkStack stack) {
    List<Interface> interfaces = new ArrayList<>();
    for (InterfaceInfo info : stack.ifconfig()) {
      List<Cidr> addresses =
          info.addresses().stream()
              .filter(one -> !one.isIpv6() || !one.address().isLinkLocalAddress())
              .toList();
      if (info.kind() != InterfaceKind.LOOPBACK && !addresses.isEmpty()) {
        interfaces.add(new Interface(info.name(), addresses));
      }
    }
    List<Route> routes =
        stack.routes().list().stream().filter(route -> route.gateway().isPresent()).toList();
    return new StackSketch(stack.name(), interfaces, routes, stack.forwarding());
  }

  /**
   * Creates a sketch without interfaces, to be completed by hand.
   *
   * @param name the name of the stack
   * @return a sketch without interfaces
   */
  public static StackSketch named(String name) {
    return new StackSketch(name, List.of(), List.of(), false);
  }

  /**
   * Adds an interface.
   *
   * @param iface its name, of at most 15 characters
   * @param addresses such as {@code 192.0.2.1/24}, at least one
   * @return a new sketch
   */
  public StackSketch iface(String iface, String... addresses) {
    if (addresses.length == 0 || interfaces.stream().anyMatch(one -> one.name().equals(iface))) {
      throw new IllegalArgumentException(
          "interface \"" + iface + "\": once, and with at least one address");
    }
    List<Interface> more = new ArrayList<>(interfaces);
    more.add(new Interface(iface, List.of(addresses).stream().map(Cidr::parse).toList()));
    return new StackSketch(name, more, routes, forwards);
  }

  /**
   * Adds a route.
   *
   * @param destination a prefix, or {@code default}
   * @param gateway an address on a network of one of the interfaces added before
   * @return a new sketch
   * @throws IllegalArgumentException if the gateway is on none of these networks
   */
  public StackSketch route(String destination, String gateway) {
    InetAddress via = IpLiteral.parse(gateway);
    String prefix =
        !destination.equals("default") ? destination : gateway.contains(":") ? "::/0" : "0.0.0.0/0";
    Route route = Route.via(Cidr.parse(prefix), via);
    if (onLink(via).isEmpty()) {
      throw new IllegalArgumentException(
          "route " + route + ": no interface of " + name + " has an address in its network");
    }
    List<Route> more = new ArrayList<>(routes);
    more.add(route);
    return new StackSketch(name, interfaces, more, forwards);
  }

  /**
   * Sets whether the stack forwards packets.
   *
   * @param on true for a router
   * @return a new sketch
   */
  public StackSketch forwarding(boolean on) {
    return new StackSketch(name, interfaces, routes, on);
  }

  /** Returns whether an interface of the stack has the address. */
  boolean has(InetAddress address) {
    return own().contains(address);
  }

  List<InetAddress> own() {
    return interfaces.stream().flatMap(one -> one.addresses().stream()).map(Cidr::address).toList();
  }

  /** Returns the first route to each destination that is no network of an interface. */
  private List<Route> first() {
    Set<Cidr> known = new HashSet<>();
    interfaces.forEach(one -> one.addresses().forEach(own -> known.add(own.network())));
    return routes.stream().filter(route -> known.add(route.destination())).toList();
  }

  /** Returns the routes that a replica can have. */
  List<Route> replicable() {
    return first().stream()
        .filter(route -> route.gateway().flatMap(this::onLink).isPresent())
        .toList();
  }

  /** Describes the routes that a replica cannot have. */
  List<String> leftOut() {
    List<Route> rest = new ArrayList<>(routes);
    replicable().forEach(rest::remove);
    return rest.stream().map(route -> "route " + route).toList();
  }

  /**
   * Returns the interface and the neighbour that lead to an address; empty if no network and no
   * route of the replica contains the address.
   */
  Optional<Beyond> beyond(InetAddress address) {
    Optional<Beyond> near = onLink(address);
    if (near.isPresent()) {
      return near;
    }
    return replicable().stream()
        .filter(route -> route.destination().contains(address))
        .max(Comparator.comparingInt(route -> route.destination().prefixLength()))
        .flatMap(route -> route.gateway().flatMap(this::onLink));
  }

  private Optional<Beyond> onLink(InetAddress address) {
    return interfaces.stream()
        .flatMap(one -> one.addresses().stream().map(own -> new Beyond(one.name(), own, address)))
        .filter(place -> place.own().contains(address))
        .max(Comparator.comparingInt(place -> place.own().prefixLength()));
  }

  /**
   * The interface and the neighbour through which the stack reaches an address.
   *
   * @param iface the interface
   * @param own the stack's address on that interface, with the prefix of the network
   * @param neighbour the next hop on the link: the address itself, or the gateway to it
   */
  record Beyond(String iface, Cidr own, InetAddress neighbour) {}
}
