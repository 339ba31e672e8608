// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnet4j.NetInterface;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpText;
import org.vnet4j.net.Names;

/** Checks a topology as a whole and reports all problems. */
final class Validation {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,31}");

  /** Interface names that a new stack has already, and the name of the bridge of a switch. */
  private static final Set<String> RESERVED = Set.of("lo", "lo0", TopologyJails.BRIDGE);

  /** The smallest MTU of a link that carries IPv6, see RFC 8200. */
  private static final int MIN_IPV6_MTU = 1280;

  /** The most names that a problem lists. */
  private static final int MOST_NAMES = 16;

  private final boolean part;
  private final List<Node> nodes;
  private final List<Link> links;
  private final Map<String, Node> known = new HashMap<>();
  private final Map<String, Networks> networks = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private Validation(boolean part, List<Node> nodes, List<Link> links) {
    this.part = part;
    this.nodes = nodes;
    this.links = links;
  }

  /**
   * Returns all problems.
   *
   * @param part whether other machines have more nodes, so that one may be alone in its network
   */
  static List<Problem> problems(boolean part, String name, List<Node> nodes, List<Link> links) {
    Validation validation = new Validation(part, nodes, links);
    validation.name("name", "topology", name);
    validation.checkNodes();
    validation.checkLinks();
    validation.checkSegments();
    validation.checkRings();
    validation.checkRoutes();
    return validation.problems;
  }

  private void add(String where, String message) {
    problems.add(new Problem(where, message));
  }

  private void name(String where, String what, String name) {
    if (!NAME.matcher(name).matches()) {
      add(
          where,
          what
              + " name \""
              + name
              + "\": 1 to 32 letters, digits or hyphens, the first of them a letter");
    }
  }

  private void checkNodes() {
    if (nodes.isEmpty()) {
      add("nodes", "a topology has at least one node");
    }
    for (Node node : nodes) {
      name("nodes." + node.name(), "node", node.name());
      if (node.stp() && !node.isSwitch()) {
        add("nodes." + node.name(), node + ": only a switch runs the spanning tree protocol");
      }
      if (known.put(node.name(), node) != null) {
        add("nodes." + node.name(), "there are two nodes named " + node.name());
      }
    }
  }

  private void checkLinks() {
    Set<String> interfaces = new HashSet<>();
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      String where = "links[" + i + "]";
      if (link.a().node().equals(link.b().node())) {
        add(where, "both ends are on " + link.a().node());
      }
      if (link.mtu() < NetInterface.MIN_MTU || link.mtu() > NetInterface.MAX_MTU) {
        String range = NetInterface.MIN_MTU + ".." + NetInterface.MAX_MTU;
        add(where + ".mtu", "MTU " + link.mtu() + " is not in " + range);
      }
      for (boolean first : new boolean[] {true, false}) {
        checkEnd(where + (first ? ".a" : ".b"), link, link.end(first), interfaces);
      }
    }
  }

  private void checkEnd(String where, Link link, LinkEnd end, Set<String> interfaces) {
    Node node = known.get(end.node());
    if (node == null) {
      add(where, "there is no node " + end.node());
      return;
    }
    try {
      Names.interfaceName(end.iface());
      if (RESERVED.contains(end.iface())) {
        add(where + ".interface", "every stack has " + end.iface() + " already, or may have it");
      } else if (!interfaces.add(end.node() + ":" + end.iface())) {
        add(where + ".interface", end.node() + " has two interfaces named " + end.iface());
      }
    } catch (IllegalArgumentException e) {
      add(where + ".interface", e.getMessage());
    }
    Networks seen = networks.computeIfAbsent(end.node(), any -> new Networks());
    List<Cidr> mine = new ArrayList<>();
    for (int i = 0; i < end.addresses().size(); i++) {
      Cidr address = end.addresses().get(i);
      String place = where + ".addresses[" + i + "]";
      if (node.isSwitch()) {
        add(place, end.node() + " is a switch and has no addresses");
      } else {
        checkAddress(place, address);
        if (address.isIpv6() && link.mtu() < MIN_IPV6_MTU) {
          add(place, "IPv6 needs an MTU of at least " + MIN_IPV6_MTU + ", not " + link.mtu());
        }
        seen.overlapping(address)
            .ifPresent(
                other ->
                    add(place, end.node() + " has " + other + " on another interface already"));
        mine.add(address);
      }
    }
    mine.forEach(seen::add);
  }

  private void checkAddress(String where, Cidr address) {
    InetAddress ip = address.address();
    if (ip.isMulticastAddress() || ip.isLoopbackAddress() || ip.isAnyLocalAddress()) {
      add(where, address + " is no address an interface on a link can have");
    } else if (address.isIpv6() && ip.isLinkLocalAddress()) {
      add(where, address + " is link-local: the kernel gives each interface one of its own");
    } else if (!address.isIpv6() && address.prefixLength() < 31) {
      if (address.network().address().equals(ip)) {
        add(where, address + " is the network itself, not an address in it");
      } else if (address.broadcast().equals(ip)) {
        add(where, address + " is the broadcast address of its network");
      }
    }
  }

  /** The addresses of one node, and their networks in order, so that an overlap is found fast. */
  private static final class Networks {
    private final List<Cidr> addresses = new ArrayList<>();

    /** The largest networks, by their first address. None of them overlaps another. */
    private final TreeMap<byte[], Cidr> largest =
        new TreeMap<>(
            Comparator.<byte[]>comparingInt(first -> first.length)
                .thenComparing(Arrays::compareUnsigned));

    List<Cidr> addresses() {
      return addresses;
    }

    Optional<Cidr> overlapping(Cidr address) {
      byte[] first = first(address);
      return Stream.of(largest.floorEntry(first), largest.higherEntry(first))
          .filter(entry -> entry != null && overlap(address, entry.getValue()))
          .map(Map.Entry::getValue)
          .findFirst();
    }

    void add(Cidr address) {
      addresses.add(address);
      for (Optional<Cidr> other = overlapping(address);
          other.isPresent();
          other = overlapping(address)) {
        if (other.get().prefixLength() <= address.prefixLength()) {
          return;
        }
        largest.remove(first(other.get()));
      }
      largest.put(first(address), address);
    }

    private static byte[] first(Cidr address) {
      return address.network().address().getAddress();
    }
  }

  private static boolean overlap(Cidr one, Cidr other) {
    return one.contains(other.address()) || other.contains(one.address());
  }

  private void checkSegments() {
    for (List<Segments.Port> ports : new Segments(nodes, links).all()) {
      checkMtu(ports);
      Map<Cidr, Long> sizes =
          ports.stream()
              .flatMap(port -> port.end().addresses().stream())
              .collect(Collectors.groupingBy(Cidr::network, Collectors.counting()));
      Map<InetAddress, String> holders = new HashMap<>();
      for (Segments.Port port : ports) {
        for (int i = 0; i < port.end().addresses().size(); i++) {
          Cidr address = port.end().addresses().get(i);
          String where =
              "links[" + port.link() + "]." + (port.first() ? "a" : "b") + ".addresses[" + i + "]";
          String holder = holders.put(address.address(), port.end().node());
          if (holder != null) {
            add(where, IpText.of(address.address()) + " is on " + holder + " already");
          } else if (!part && sizes.get(address.network()) == 1 && isAlone(ports, port, address)) {
            add(where, "nobody else on this link is in " + address.network());
          }
        }
      }
    }
  }

  private void checkRings() {
    for (SwitchRings.Ring ring : SwitchRings.of(nodes, links)) {
      List<String> lacking =
          ring.switches().stream().filter(node -> !node.stp()).map(Node::name).toList();
      if (!lacking.isEmpty()) {
        add(
            "links[" + ring.link() + "]",
            "packets would circle without end in a ring of the switches "
                + some(ring.switches().stream().map(Node::name).toList())
                + ": leave out a link, or let "
                + (lacking.size() == ring.switches().size() ? "them" : some(lacking) + " also")
                + " run the spanning tree protocol (stp)");
      }
    }
  }

  private static String some(List<String> names) {
    int more = names.size() - MOST_NAMES;
    return more <= 0
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMES)) + " and " + more + " more";
  }

  /**
   * Checks that all links of a switch have the same MTU. A switch does not fragment packets, so a
   * packet that is too large for a link is lost.
   */
  private void checkMtu(List<Segments.Port> ports) {
    Set<Integer> told = new HashSet<>();
    Link first = links.get(ports.get(0).link());
    for (Segments.Port port : ports) {
      Link link = links.get(port.link());
      if (link.mtu() != first.mtu() && told.add(port.link())) {
        add(
            "links[" + port.link() + "].mtu",
            "MTU "
                + link.mtu()
                + ", but links["
                + ports.get(0).link()
                + "] at the same switch has "
                + first.mtu()
                + ": larger packets would be lost");
      }
    }
  }

  /**
   * Returns whether other ends on the link have addresses of the family, but none in this network.
   */
  private static boolean isAlone(List<Segments.Port> ports, Segments.Port port, Cidr address) {
    List<Cidr> others =
        ports.stream()
            .filter(other -> other != port)
            .flatMap(other -> other.end().addresses(address.isIpv6()).stream())
            .toList();
    return !others.isEmpty() && others.stream().noneMatch(other -> overlap(address, other));
  }

  private void checkRoutes() {
    for (Node node : nodes) {
      Set<Cidr> destinations = new HashSet<>();
      List<Cidr> mine = networks.getOrDefault(node.name(), new Networks()).addresses();
      for (int i = 0; i < node.routes().size(); i++) {
        Route route = node.routes().get(i);
        String where = "nodes." + node.name() + ".routes[" + i + "]";
        InetAddress gateway = route.gateway().orElse(null);
        if (node.isSwitch()) {
          add(where, node.name() + " is a switch and has no routes");
        } else if (gateway == null || route.dev().isPresent()) {
          add(where, "route " + route + ": a route of a topology has a gateway and no interface");
        } else if (mine.stream().noneMatch(network -> network.contains(gateway))) {
          add(
              where,
              "gateway " + IpText.of(gateway) + " is on no network of " + node.name() + " " + mine);
        } else if (mine.stream().anyMatch(own -> own.address().equals(gateway))) {
          add(where, "gateway " + IpText.of(gateway) + " is " + node.name() + " itself");
        }
        if (!destinations.add(route.destination())) {
          add(where, "there are two routes to " + route.destination());
        }
      }
    }
  }
}
