// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpText;

/**
 * A route: packets to a network go to a gateway or out of an interface.
 *
 * @param destination the network; a prefix of length 0 is the default route
 * @param gateway the next router, null if the network is on the link
 * @param dev the interface, null to let the kernel find it from the gateway
 */
public record Route(Cidr destination, @Nullable InetAddress gateway, @Nullable String dev) {

  /** Takes the network of the destination and checks that gateway or interface are there. */
  public Route {
    destination = Objects.requireNonNull(destination, "destination").network();
    if (gateway == null && dev == null) {
      throw new IllegalArgumentException("route to " + destination + ": no gateway, no interface");
    }
    if (gateway != null
        && gateway.getAddress().length != destination.address().getAddress().length) {
      throw new IllegalArgumentException(
          "route to "
              + destination
              + ": the gateway "
              + IpText.of(gateway)
              + " is of the other address family");
    }
  }

  /**
   * Returns the gateway.
   *
   * @return empty if the network is on the link
   */
  public Optional<InetAddress> via() {
    return Optional.ofNullable(gateway);
  }

  /**
   * Returns the interface.
   *
   * @return empty if the kernel is to find it
   */
  public Optional<String> device() {
    return Optional.ofNullable(dev);
  }

  /**
   * Tells whether this is the default route.
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
    line = gateway == null ? line : line + " via " + IpText.of(gateway);
    return dev == null ? line : line + " dev " + dev;
  }
}
