// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpText;
import org.vnet4j.net.Names;

/**
 * A route: sends packets for a network to a gateway or to an interface.
 *
 * @param destination the network; a prefix of length 0 is the default route
 * @param gateway the next router, empty if the network is on the link
 * @param dev the interface, empty to let the kernel find it from the gateway
 */
public record Route(Cidr destination, Optional<InetAddress> gateway, Optional<String> dev) {

  /** Reduces the destination to its network and checks that there is a gateway or an interface. */
  public Route {
    Cidr network = Objects.requireNonNull(destination, "destination").network();
    destination = network;
    if (gateway.isEmpty() && dev.isEmpty()) {
      throw new IllegalArgumentException("route to " + destination + ": no gateway, no interface");
    }
    gateway.ifPresent(router -> checkFamily(network, router));
  }

  private static void checkFamily(Cidr destination, InetAddress gateway) {
    if (gateway.getAddress().length != destination.address().getAddress().length) {
      throw new IllegalArgumentException(
          "route to "
              + destination
              + ": the gateway "
              + IpText.of(gateway)
              + " is of the other address family");
    }
  }

  /**
   * Returns a route to a network by way of a router; the kernel finds the interface.
   *
   * @param destination the network; a prefix of length 0 is the default route
   * @param gateway the next router, of the same family
   * @return the route
   * @throws IllegalArgumentException if the families differ
   */
  public static Route via(Cidr destination, InetAddress gateway) {
    return new Route(destination, Optional.of(gateway), Optional.empty());
  }

  /**
   * Returns a route to a network by way of a router on an interface.
   *
   * @param destination the network; a prefix of length 0 is the default route
   * @param gateway the next router, of the same family
   * @param dev the interface's name
   * @return the route
   * @throws IllegalArgumentException if the families differ
   */
  public static Route via(Cidr destination, InetAddress gateway, String dev) {
    return new Route(destination, Optional.of(gateway), Optional.of(dev));
  }

  /**
   * Returns a route to a network on the link of an interface.
   *
   * @param destination the network
   * @param dev the interface's name
   * @return the route
   */
  public static Route onLink(Cidr destination, String dev) {
    return new Route(destination, Optional.empty(), Optional.of(dev));
  }

  /**
   * Returns whether this is the default route.
   *
   * @return true for a prefix of length 0
   */
  public boolean isDefault() {
    return destination.prefixLength() == 0;
  }

  /**
   * Returns the route in one line.
   *
   * @return such as {@code default via 192.0.2.1 dev epair0b}
   */
  @Override
  public String toString() {
    String line = isDefault() ? "default" : destination.toString();
    return line
        + gateway.map(router -> " via " + IpText.of(router)).orElse("")
        + dev.map(name -> " dev " + Names.visible(name)).orElse("");
  }
}
