// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.vnet4j.net.Cidr;

/**
 * Assigns addresses to the ends that have none: each network gets the lowest free block of a
 * prefix.
 */
final class Addressing {
  private static final int POINT_TO_POINT = 30;
  private static final int SWITCHED = 24;
  private static final int IPV6_NETWORK = 64;

  private final Topology topology;
  private final Cidr prefix;
  private final List<Link> links;

  /** The blocks in use: the first address of each, and the first address behind the block. */
  private final TreeMap<BigInteger, BigInteger> used = new TreeMap<>();

  /** The address at which the search for a block continues, by prefix length. */
  private final Map<Integer, BigInteger> next = new TreeMap<>();

  private Addressing(Topology topology, Cidr prefix) {
    this.topology = topology;
    this.prefix = prefix.network();
    this.links = new ArrayList<>(topology.links());
  }

  static List<Link> addressed(Topology topology, Cidr prefix) {
    if (!prefix.network().equals(prefix)) {
      throw new IllegalArgumentException(
          prefix + " is no prefix; that of its network is " + prefix.network());
    }
    Addressing addressing = new Addressing(topology, prefix);
    topology.links().stream()
        .flatMap(link -> Stream.of(link.a(), link.b()))
        .flatMap(end -> end.addresses(prefix.isIpv6()).stream())
        .forEach(address -> addressing.use(address.network()));
    List<List<Segments.Port>> segments = new Segments(topology.nodes(), topology.links()).all();
    List<Problem> problems = segments.stream().flatMap(addressing::twice).toList();
    if (!problems.isEmpty()) {
      throw new Topology.InvalidException(topology.name(), problems);
    }
    segments.forEach(addressing::segment);
    return addressing.links;
  }

  /** Reports the ends without an address of nodes that have two ends on the segment. */
  private Stream<Problem> twice(List<Segments.Port> ports) {
    Map<String, String> first = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Segments.Port port : ports) {
      LinkEnd end = port.end();
      String other = first.putIfAbsent(end.node(), end.iface());
      if (other != null && ports.stream().anyMatch(one -> isBare(one, end.node()))) {
        problems.add(
            new Problem(
                "links[" + port.link() + "]." + (port.first() ? "a" : "b"),
                end.node()
                    + " has two interfaces on one network, "
                    + other
                    + " and "
                    + end.iface()
                    + ": give them addresses of different networks, or leave out a link"));
      }
    }
    return problems.stream();
  }

  private boolean isBare(Segments.Port port, String node) {
    return port.end().node().equals(node) && port.end().addresses(prefix.isIpv6()).isEmpty();
  }

  private void segment(List<Segments.Port> ports) {
    List<Segments.Port> bare = new ArrayList<>();
    Set<BigInteger> taken = new HashSet<>();
    Cidr network = null;
    for (Segments.Port port : ports) {
      List<Cidr> addresses = port.end().addresses(prefix.isIpv6());
      if (addresses.isEmpty()) {
        bare.add(port);
      } else if (network == null) {
        network = addresses.get(0).network();
      }
      addresses.forEach(address -> taken.add(number(address.address())));
    }
    if (bare.isEmpty()) {
      return;
    }
    if (network == null) {
      network = free(length(ports));
    }
    BigInteger at = number(network.address());
    BigInteger end = at.add(size(network)).subtract(prefix.isIpv6() ? BigInteger.ZERO : ONE);
    for (Segments.Port port : routersFirst(bare)) {
      do {
        at = at.add(ONE);
      } while (taken.contains(at));
      if (at.compareTo(end) >= 0) {
        throw new IllegalArgumentException(
            "network " + network + " has no room for another address, for " + port.end());
      }
      Cidr address = new Cidr(address(at), network.prefixLength());
      links.set(port.link(), links.get(port.link()).end(port.first(), one -> one.address(address)));
    }
  }

  private static final BigInteger ONE = BigInteger.ONE;

  private List<Segments.Port> routersFirst(List<Segments.Port> ports) {
    List<Segments.Port> sorted = new ArrayList<>(ports);
    sorted.sort(
        (one, other) ->
            Boolean.compare(
                topology.get(other.end().node()).isRouter(),
                topology.get(one.end().node()).isRouter()));
    return sorted;
  }

  private int length(List<Segments.Port> ports) {
    if (prefix.isIpv6()) {
      return Math.max(IPV6_NETWORK, prefix.prefixLength());
    }
    Segments.Port first = ports.get(0);
    boolean switched = topology.get(links.get(first.link()).end(!first.first()).node()).isSwitch();
    int fits = 32 - (32 - Integer.numberOfLeadingZeros(ports.size() + 1));
    int usual = switched ? SWITCHED : POINT_TO_POINT;
    // If the prefix is small, its networks get smaller blocks.
    return Math.min(fits, Math.max(usual, Math.min(prefix.prefixLength() + 4, POINT_TO_POINT)));
  }

  private Cidr free(int length) {
    int bits = prefix.address().getAddress().length * 8;
    BigInteger step = ONE.shiftLeft(bits - Math.max(length, prefix.prefixLength()));
    BigInteger limit = number(prefix.address()).add(size(prefix));
    BigInteger at = next.getOrDefault(length, number(prefix.address()));
    while (length >= prefix.prefixLength() && at.add(step).compareTo(limit) <= 0) {
      Map.Entry<BigInteger, BigInteger> before = used.lowerEntry(at.add(step));
      if (before == null || before.getValue().compareTo(at) <= 0) {
        Cidr block = new Cidr(address(at), length);
        use(block);
        next.put(length, at.add(step));
        return block;
      }
      at = at.add(step);
    }
    throw new IllegalArgumentException(
        "prefix " + prefix + " has no room for all networks of topology " + topology.name());
  }

  private void use(Cidr block) {
    BigInteger start = number(block.address());
    used.merge(start, start.add(size(block)), BigInteger::max);
  }

  private static BigInteger size(Cidr block) {
    return ONE.shiftLeft(block.address().getAddress().length * 8 - block.prefixLength());
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private InetAddress address(BigInteger number) {
    byte[] bytes = new byte[prefix.address().getAddress().length];
    byte[] digits = number.toByteArray();
    int length = Math.min(digits.length, bytes.length);
    System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of " + bytes.length + " bytes", e);
    }
  }
}
