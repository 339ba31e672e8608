// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;
import org.vnet4j.net.Names;

/**
 * The routing table of a stack: {@code routes().add("default", "192.0.2.1")}. See route(8).
 *
 * <p>A destination is a prefix such as {@code 198.51.100.0/24}, an address for a host route, or
 * {@code default}.
 */
public final class Routes {
  private final NetworkStack stack;

  Routes(NetworkStack stack) {
    this.stack = stack;
  }

  /**
   * Lists the routes, including those that the kernel adds for addresses of interfaces.
   *
   * @return IPv4 first
   */
  public List<Route> list() {
    return stack.driver().routes().list();
  }

  /**
   * Finds the route to a destination.
   *
   * @param destination its network; {@link Cidr#host} converts an address
   * @return the route, empty if there is no route to exactly that network
   */
  public Optional<Route> find(Cidr destination) {
    Cidr network = destination.network();
    return list().stream().filter(route -> route.destination().equals(network)).findFirst();
  }

  /**
   * Adds a route by way of a gateway.
   *
   * @param destination a prefix, an address or {@code default}
   * @param gateway the address of the next router; a link-local one with its interface, as in
   *     {@code fe80::1%epair0b}
   * @return this
   * @throws ExistsException if a route to that destination exists (EEXIST)
   * @throws UnreachableException if no network of the stack contains the gateway (ENETUNREACH,
   *     EHOSTUNREACH)
   * @throws IllegalArgumentException if a text is not an address or the families differ
   */
  public Routes add(String destination, String gateway) {
    int zone = gateway.indexOf('%');
    if (zone < 0) {
      return add(destination, IpLiteral.parse(gateway));
    }
    InetAddress router = IpLiteral.parse(gateway.substring(0, zone));
    String dev = Names.interfaceName(gateway.substring(zone + 1));
    return add(Route.via(destination(destination, router), router, dev));
  }

  /**
   * Adds a route by way of a gateway.
   *
   * @param destination a prefix, an address or {@code default}
   * @param gateway the address of the next router
   * @return this
   * @throws ExistsException if a route to that destination exists (EEXIST)
   * @throws UnreachableException if no network of the stack contains the gateway (ENETUNREACH,
   *     EHOSTUNREACH)
   * @throws IllegalArgumentException if the destination is invalid or the families differ
   */
  public Routes add(String destination, InetAddress gateway) {
    return add(destination(destination, gateway), gateway);
  }

  /**
   * Adds a route by way of a gateway.
   *
   * @param destination a network; {@link Cidr#host} converts an address, length 0 is the default
   *     route
   * @param gateway the address of the next router
   * @return this
   * @throws ExistsException if a route to that destination exists (EEXIST)
   * @throws UnreachableException if no network of the stack contains the gateway (ENETUNREACH,
   *     EHOSTUNREACH)
   * @throws IllegalArgumentException if the families differ
   */
  public Routes add(Cidr destination, InetAddress gateway) {
    return add(Route.via(destination, gateway));
  }

  /**
   * Adds a route to a network on the link of an interface.
   *
   * @param destination a prefix or an address
   * @param dev the interface, which must be in this stack
   * @return this
   * @throws ExistsException if a route to that destination exists (EEXIST)
   * @throws NetInterface.NotFoundException if the interface is not in this stack
   */
  public Routes add(String destination, NetInterface dev) {
    return add(destination(destination, null), dev);
  }

  /**
   * Adds a route to a network on the link of an interface.
   *
   * @param destination a network; {@link Cidr#host} converts an address
   * @param dev the interface, which must be in this stack
   * @return this
   * @throws ExistsException if a route to that destination exists (EEXIST)
   * @throws NetInterface.NotFoundException if the interface is not in this stack
   */
  public Routes add(Cidr destination, NetInterface dev) {
    return add(Route.onLink(destination, dev.nameIn(stack)));
  }

  /**
   * Adds a route.
   *
   * @param route the route
   * @return this
   * @throws ExistsException if a route to that destination exists (EEXIST)
   * @throws UnreachableException if no network of the stack contains the gateway (ENETUNREACH,
   *     EHOSTUNREACH)
   */
  public Routes add(Route route) {
    route.gateway().ifPresent(gateway -> check(route, gateway));
    stack.vnet().change("route add " + route, stack, () -> stack.driver().routes().add(route));
    return this;
  }

  private static void check(Route route, InetAddress gateway) {
    if (gateway.isAnyLocalAddress() || gateway.isMulticastAddress()) {
      throw new IllegalArgumentException(
          "route " + route + ": " + IpText.of(gateway) + " is no address of a router");
    }
    if (gateway instanceof Inet6Address && gateway.isLinkLocalAddress() && route.dev().isEmpty()) {
      throw new IllegalArgumentException(
          "route "
              + route
              + ": the gateway is link-local: write it with its interface, as in fe80::1%epair0a");
    }
  }

  /**
   * Deletes the route to a destination.
   *
   * @param destination a prefix, an address or {@code default}: of IPv4 if there is one, else of
   *     IPv6; {@code ::/0} is that of IPv6 in any case
   * @return this
   * @throws NotFoundException if there is no such route (ESRCH)
   */
  public Routes delete(String destination) {
    Cidr network = destination(destination, null);
    if (destination.equals("default") && find(network).isEmpty()) {
      Optional<Route> ofIpv6 = find(Cidr.parse("::/0"));
      if (ofIpv6.isPresent()) {
        return delete(ofIpv6.get());
      }
    }
    return delete(network);
  }

  /**
   * Deletes the route to a destination.
   *
   * @param destination its network; {@link Cidr#host} converts an address
   * @return this
   * @throws NotFoundException if there is no such route (ESRCH)
   */
  public Routes delete(Cidr destination) {
    return delete(
        find(destination)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "no route to " + destination.network() + " in " + stack.name())));
  }

  /**
   * Deletes a route.
   *
   * @param route the route
   * @return this
   * @throws NotFoundException if there is no such route (ESRCH)
   */
  public Routes delete(Route route) {
    stack
        .vnet()
        .change("route delete " + route, stack, () -> stack.driver().routes().delete(route));
    return this;
  }

  private static Cidr destination(String text, @Nullable InetAddress gateway) {
    if (text.equals("default")) {
      return Cidr.parse(gateway instanceof Inet6Address ? "::/0" : "0.0.0.0/0");
    }
    if (text.indexOf('/') >= 0) {
      return Cidr.parse(text);
    }
    return Cidr.host(IpLiteral.parse(text));
  }

  /** Thrown if a route to that destination exists (EEXIST). */
  public static final class ExistsException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public ExistsException(KernelError error) {
      super(error, "delete the route first");
    }
  }

  /** Thrown if there is no such route (ESRCH). */
  public static final class NotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public NotFoundException(KernelError error) {
      super(error, null);
    }

    NotFoundException(String message) {
      super(message);
    }
  }

  /** Thrown if no network of the stack contains the gateway (ENETUNREACH, EHOSTUNREACH). */
  public static final class UnreachableException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public UnreachableException(KernelError error) {
      super(error, "give an interface an address in the gateway's network and bring it up first");
    }
  }
}
