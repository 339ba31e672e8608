// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.vnet4j.net.Shaping;

/**
 * A link of a topology: an epair between two nodes.
 *
 * @param a one end
 * @param b the other end
 * @param mtu the largest packet in bytes, 68 to 65535
 */
public record Link(LinkEnd a, LinkEnd b, int mtu) {
  /** The MTU of a link without an MTU of its own: that of Ethernet, in bytes. */
  public static final int DEFAULT_MTU = 1500;

  /** Checks that both ends are given. */
  public Link {
    Objects.requireNonNull(a, "a");
    Objects.requireNonNull(b, "b");
  }

  /**
   * Creates a link between two nodes.
   *
   * @param a a node
   * @param b another node
   * @return a link without addresses
   */
  public static Link between(String a, String b) {
    return new Link(LinkEnd.of(a), LinkEnd.of(b), DEFAULT_MTU);
  }

  /**
   * Adds an address to each end.
   *
   * @param addressOfA such as {@code 192.0.2.1/24}
   * @param addressOfB such as {@code 192.0.2.2/24}
   * @return a copy of this link with the change
   * @throws IllegalArgumentException if a text is not an address with a prefix length
   */
  public Link addresses(String addressOfA, String addressOfB) {
    return a(end -> end.address(addressOfA)).b(end -> end.address(addressOfB));
  }

  /**
   * Changes the first end.
   *
   * @param change returns the new end for the present end
   * @return a copy of this link with the change
   */
  public Link a(UnaryOperator<LinkEnd> change) {
    return new Link(change.apply(a), b, mtu);
  }

  /**
   * Changes the second end.
   *
   * @param change returns the new end for the present end
   * @return a copy of this link with the change
   */
  public Link b(UnaryOperator<LinkEnd> change) {
    return new Link(a, change.apply(b), mtu);
  }

  /**
   * Sets the MTU of both ends.
   *
   * @param bytes the largest packet, 68 to 65535
   * @return a copy of this link with the change
   */
  public Link mtu(int bytes) {
    return new Link(a, b, bytes);
  }

  /**
   * Sets the same shaping for both directions.
   *
   * @param line the shaping of each direction
   * @return a copy of this link with the change
   */
  public Link shape(Shaping line) {
    return shape(line, line);
  }

  /**
   * Sets the shaping of each direction.
   *
   * @param fromA the shaping of packets that leave the first end
   * @param fromB the shaping of packets that leave the second end
   * @return a copy of this link with the change
   */
  public Link shape(Shaping fromA, Shaping fromB) {
    return new Link(a.shape(fromA), b.shape(fromB), mtu);
  }

  LinkEnd end(boolean first) {
    return first ? a : b;
  }

  Link end(boolean first, UnaryOperator<LinkEnd> change) {
    return first ? a(change) : b(change);
  }

  /**
   * Returns both ends in one line.
   *
   * @return such as {@code web:to-r1 192.0.2.2/24 -- r1:to-web 192.0.2.1/24 mtu 1400}
   */
  @Override
  public String toString() {
    return a + " -- " + b + (mtu == DEFAULT_MTU ? "" : " mtu " + mtu);
  }
}
