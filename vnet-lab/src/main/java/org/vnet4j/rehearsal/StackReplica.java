// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Route;
import org.vnet4j.Vnet;
import org.vnet4j.net.Cidr;
import org.vnet4j.rehearsal.StackSketch.Beyond;

/**
 * The stack of a sketch, rebuilt in a sandbox: each interface is one end of an epair, and a jail at
 * the other end stands for all hosts beyond it.
 */
final class StackReplica {
  private final StackSketch sketch;
  private final Jail stack;
  private final Map<String, Jail> peers = new LinkedHashMap<>();
  private final Map<String, NetInterface> peerEnds = new LinkedHashMap<>();

  /** Builds the replica, and assigns the given addresses to its peers. */
  StackReplica(Vnet sandbox, StackSketch sketch, Set<InetAddress> others) {
    this.sketch = sketch;
    Host host = sandbox.host();
    stack = host.jail("replica").create();
    int number = 0;
    for (StackSketch.Interface one : sketch.interfaces()) {
      Jail peer = host.jail("peer" + number).create();
      String far = one.name().equals("peer") ? "far" : "peer";
      Epair cable = host.epair().names("replica" + number, "far" + number).create();
      stack.vnet(cable.a());
      peer.vnet(cable.b());
      cable.a().rename(one.name());
      cable.b().rename(far);
      one.addresses().forEach(cable.a()::addAddress);
      cable.a().up();
      cable.b().up();
      peers.put(one.name(), peer);
      peerEnds.put(one.name(), cable.b());
      number++;
    }
    if (stack.forwarding() != sketch.forwards()) {
      stack.forwarding(sketch.forwards());
    }
    populate(others);
    for (Route route : sketch.replicable()) {
      stack.routes().add(new Route(route.destination(), route.gateway(), Optional.empty()));
    }
  }

  private void populate(Set<InetAddress> others) {
    Set<InetAddress> there = new LinkedHashSet<>(sketch.own());
    for (Route route : sketch.replicable()) {
      route
          .gateway()
          .ifPresent(gateway -> place(sketch.beyond(gateway).orElseThrow(), gateway, there));
    }
    for (InetAddress other : others) {
      place(sketch.beyond(other).orElseThrow(), other, there);
    }
    for (StackSketch.Interface one : sketch.interfaces()) {
      List<Cidr> near = peerEnds.get(one.name()).info().addresses();
      Set<Integer> families = new LinkedHashSet<>();
      for (Cidr own : one.addresses()) {
        // without a neighbour no probe uses the network
        if (near.stream().anyMatch(neighbour -> own.contains(neighbour.address()))
            && families.add(own.address().getAddress().length)) {
          peers.get(one.name()).routes().add(Route.via(everything(own), own.address()));
        }
      }
    }
  }

  /**
   * Assigns an address to the peer of an interface: with the prefix of their network if the address
   * is a neighbour, otherwise as a single address.
   */
  private void place(Beyond beyond, InetAddress address, Set<InetAddress> there) {
    if (there.add(address)) {
      boolean near = beyond.neighbour().equals(address);
      int length = near ? beyond.own().prefixLength() : address.getAddress().length * 8;
      peerEnds.get(beyond.iface()).addAddress(new Cidr(address, length));
    }
  }

  private static Cidr everything(Cidr own) {
    return Cidr.parse(own.isIpv6() ? "::/0" : "0.0.0.0/0");
  }

  /** Returns the jail that replicates the stack. */
  Jail stack() {
    return stack;
  }

  /** Returns the stack that has an address: the replica, or a peer. */
  NetworkStack at(InetAddress address) {
    return sketch.has(address) || address.isLoopbackAddress()
        ? stack
        : peers.get(sketch.beyond(address).orElseThrow().iface());
  }

  /** Returns the replica, then its peers. */
  List<NetworkStack> all() {
    List<NetworkStack> all = new java.util.ArrayList<>(List.of(stack));
    all.addAll(peers.values());
    return all;
  }
}
