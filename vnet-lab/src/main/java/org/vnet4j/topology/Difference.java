// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.topology.Change.Action;
import org.vnet4j.topology.NetworkState.Port;
import org.vnet4j.topology.NetworkState.Stack;

/** The steps that turn one state of a network into another. */
final class Difference {
  final NetworkState from;
  final NetworkState to;

  /** Nodes to be removed, including those to be created again. */
  final Set<String> gone = new LinkedHashSet<>();

  /** Nodes to be created. */
  final List<Stack> fresh = new ArrayList<>();

  /** Epairs to be destroyed, each with one of its ends: node and interface. */
  final Map<NodeEpair, String[]> cut = new LinkedHashMap<>();

  /** Epairs to be created. */
  final List<NodeEpair> laid = new ArrayList<>();

  /** Ends to be changed of epairs that stay: node and interface. */
  final List<String[]> ports = new ArrayList<>();

  /** Nodes that stay, and whose forwarding or bridge is to be changed. */
  final List<Stack> stacks = new ArrayList<>();

  /**
   * Nodes whose routes are to be compared again: the kernel drops routes when an interface changes.
   */
  final Set<String> routed = new LinkedHashSet<>();

  private final List<Change> created = new ArrayList<>();
  private final List<Change> changed = new ArrayList<>();
  private final List<Change> removed = new ArrayList<>();

  Difference(NetworkState from, NetworkState to) {
    this.from = from;
    this.to = to;
    nodes();
    cables();
    ports();
    routes();
  }

  /** Returns the changes, to be printed. */
  List<Change> changes() {
    List<Change> all = new ArrayList<>(created);
    all.addAll(changed);
    all.addAll(removed);
    return all;
  }

  /** Returns the number of steps. */
  int steps() {
    int nodes = gone.size() + fresh.size() + stacks.size() + routed.size();
    return nodes + cut.size() + laid.size() + ports.size();
  }

  private void nodes() {
    for (Stack stack : from.stacks().values()) {
      Stack wanted = to.stacks().get(stack.name());
      if (wanted == null || wanted.isSwitch() != stack.isSwitch()) {
        gone.add(stack.name());
        removed.add(new Change(Action.REMOVE, stack.toString()));
      } else if (wanted.forwarding() != stack.forwarding()
          || wanted.stp() != stack.stp()
          || !stack.up()) {
        stacks.add(wanted);
        String what = stack.up() ? stack + " -> " + wanted : wanted + ": up";
        changed.add(new Change(Action.CHANGE, what));
      }
    }
    for (Stack stack : to.stacks().values()) {
      if (isFresh(stack.name())) {
        fresh.add(stack);
        int routes = stack.routes().size();
        String with =
            routes == 0 ? "" : routes == 1 ? " with 1 route" : " with " + routes + " routes";
        created.add(new Change(Action.CREATE, stack + with));
        if (routes > 0) {
          routed.add(stack.name());
        }
      }
    }
  }

  boolean isFresh(String node) {
    return gone.contains(node) || !from.stacks().containsKey(node);
  }

  private void cables() {
    for (Stack stack : from.stacks().values()) {
      stack
          .ports()
          .forEach(
              (iface, port) -> {
                if (!stays(port.cable())) {
                  String[] end = {stack.name(), iface};
                  if (cut.putIfAbsent(port.cable(), end) == null) {
                    removed.add(new Change(Action.REMOVE, "cable " + port.cable()));
                  }
                  touched(stack.name());
                }
              });
    }
    for (NodeEpair cable : to.cables()) {
      if (!stays(cable)) {
        laid.add(cable);
        created.add(new Change(Action.CREATE, "cable " + text(cable)));
        touched(cable.a());
        touched(cable.b());
      }
    }
  }

  private boolean stays(NodeEpair cable) {
    return from.cables().contains(cable)
        && to.cables().contains(cable)
        && gone.stream().noneMatch(cable::touches);
  }

  private String text(NodeEpair cable) {
    Port a = to.port(cable.a(), cable.ifaceA());
    Port b = to.port(cable.b(), cable.ifaceB());
    String mtu = a.mtu() == Link.DEFAULT_MTU ? "" : " mtu " + a.mtu();
    return cable.a()
        + ":"
        + cable.ifaceA()
        + a
        + " -- "
        + cable.b()
        + ":"
        + cable.ifaceB()
        + b
        + mtu;
  }

  private void touched(String node) {
    if (!isFresh(node) && to.stacks().containsKey(node)) {
      routed.add(node);
    }
  }

  private void ports() {
    for (NodeEpair cable : to.cables()) {
      for (boolean first : new boolean[] {true, false}) {
        if (stays(cable)) {
          port(cable.node(first), cable.iface(first));
        }
      }
    }
  }

  private void port(String node, String iface) {
    Port was = from.port(node, iface);
    Port wanted = to.port(node, iface);
    if (was.equals(wanted)) {
      return;
    }
    List<String> what = new ArrayList<>();
    if (was.mtu() != wanted.mtu()) {
      what.add("mtu " + was.mtu() + " -> " + wanted.mtu());
    }
    if (!was.shaping().equals(wanted.shaping())) {
      what.add("shaping " + was.shaping() + " -> " + wanted.shaping());
    }
    minus(was.addresses(), wanted.addresses()).forEach(address -> what.add("- " + address));
    minus(wanted.addresses(), was.addresses()).forEach(address -> what.add("+ " + address));
    if (was.up() != wanted.up()) {
      what.add(wanted.up() ? "up" : "down");
    }
    if (was.member() != wanted.member()) {
      what.add(wanted.member() ? "into the bridge" : "out of the bridge");
    }
    changed.add(new Change(Action.CHANGE, node + ":" + iface + ": " + String.join(", ", what)));
    ports.add(new String[] {node, iface});
    touched(node);
  }

  static List<Cidr> minus(Set<Cidr> all, Set<Cidr> without) {
    return all.stream().filter(one -> !without.contains(one)).toList();
  }

  private void routes() {
    for (Stack wanted : to.stacks().values()) {
      Stack was = from.stacks().get(wanted.name());
      if (was == null || isFresh(wanted.name())) {
        continue;
      }
      for (Route route : was.routes()) {
        if (!wanted.routes().contains(route)) {
          removed.add(new Change(Action.REMOVE, wanted.name() + ": route " + route));
          routed.add(wanted.name());
        }
      }
      for (Route route : wanted.routes()) {
        if (!was.routes().contains(route)) {
          created.add(new Change(Action.CREATE, wanted.name() + ": route " + route));
          routed.add(wanted.name());
        }
      }
    }
  }
}
