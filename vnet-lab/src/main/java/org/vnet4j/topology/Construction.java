// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.JailBuilder;
import org.vnet4j.NetInterface;
import org.vnet4j.Route;
import org.vnet4j.Vnet;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.topology.NetworkState.Port;
import org.vnet4j.topology.NetworkState.Stack;

/** Carries out a difference: removes nodes and epairs, creates nodes and epairs, sets routes. */
final class Construction {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Vnet vnet;
  private final String name;
  private final boolean persist;
  private final Difference difference;
  private final Progress progress;
  private final int total;
  private final Map<String, Jail> jails = new ConcurrentHashMap<>();
  private final boolean wasThere;
  private boolean begun;
  private int done;

  /**
   * Prepares to carry out a difference.
   *
   * @param wasThere whether the jail of the topology existed when the difference was computed
   */
  Construction(
      Vnet vnet,
      String name,
      boolean wasThere,
      boolean persist,
      Difference difference,
      Progress progress) {
    this.vnet = vnet;
    this.wasThere = wasThere;
    this.name = name;
    this.persist = persist;
    this.difference = difference;
    this.progress = progress;
    this.total = difference.steps();
  }

  /** Returns whether a failure has to be undone: the jail of the topology exists or was created. */
  boolean hasBegun() {
    return begun;
  }

  void run() {
    Jail root =
        wasThere
            ? TopologyJails.find(vnet, name).orElseThrow(() -> stale("it was removed"))
            : root();
    begun = true;
    TopologyJails.nodes(vnet, name).forEach(jail -> jails.put(TopologyJails.node(jail), jail));
    boolean stays = root.info().persist();
    one(difference.cut.entrySet(), cut -> "cut " + cut.getKey(), cut -> cut(cut.getValue()));
    one(difference.gone, node -> "remove " + node, node -> TopologyJails.remove(jail(node)));
    one(difference.fresh, Stack::toString, stack -> make(root, stack, stays));
    all(difference.stacks, Stack::toString, this::change);
    all(difference.laid, cable -> "cable " + cable, this::lay);
    // Last, because other operations take longer while the kernel brings links up.
    Workers.all(
        Workers.forChanges(), difference.laid, cable -> up(cable, NetInterface::upWithoutWaiting));
    all(difference.ports, end -> "change " + end[0] + ":" + end[1], this::change);
    all(difference.routed, node -> "routes of " + node, this::routes);
    awaitReady();
    if (startsSpanningTree()) {
      new SpanningTree(difference.to, this::jail).await();
    }
  }

  /** Returns whether a port that is new, or changed, belongs to a spanning tree. */
  private boolean startsSpanningTree() {
    return difference.stacks.stream().anyMatch(Stack::stp)
        || difference.laid.stream().anyMatch(cable -> stp(cable.a()) || stp(cable.b()));
  }

  private boolean stp(String node) {
    Stack stack = difference.to.stacks().get(node);
    return stack != null && stack.stp();
  }

  /**
   * Waits until the new epairs carry packets, and their addresses receive them: the kernel prepares
   * both some time after they are up. What is not ready two seconds after the first began stays as
   * it is.
   */
  private void awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (NodeEpair cable : difference.laid) {
      if (System.nanoTime() - deadline < 0) {
        up(cable, Construction::upIfThere);
        Workers.checkNotInterrupted(); // up() returns then
      }
    }
  }

  private static void upIfThere(NetInterface iface) {
    try {
      iface.up();
    } catch (NetInterface.NotFoundException | Jail.NotFoundException e) {
      return; // another program removed it
    }
  }

  /** Runs steps one after the other, which the kernel would serialize anyway. */
  private <T> void one(Collection<T> items, Function<T, String> text, Consumer<T> work) {
    Workers.all(1, items, item -> step(item, text, work));
  }

  private <T> void all(Collection<T> items, Function<T, String> text, Consumer<T> work) {
    Workers.all(Workers.forChanges(), items, item -> step(item, text, work));
  }

  private <T> void step(T item, Function<T, String> text, Consumer<T> work) {
    work.accept(item);
    synchronized (this) {
      done++;
      progress.step(done, total, text.apply(item));
    }
  }

  private Jail jail(String node) {
    Jail jail = jails.get(node);
    if (jail == null) {
      throw stale("jail " + name + "." + node + " was removed");
    }
    return jail;
  }

  private Plan.StaleException stale(String what) {
    return new Plan.StaleException(name, List.of(what));
  }

  private Jail root() {
    JailBuilder builder = vnet.host().jail(name).hostname(TopologyJails.hostname(name));
    return (persist ? builder.persist() : builder).childrenMax(TopologyJails.MOST_NODES).create();
  }

  private void make(Jail root, Stack stack, boolean stays) {
    JailBuilder builder = root.jail(stack.name()).hostname(stack.name());
    Jail jail = (stays ? builder.persist() : builder).create();
    jails.put(stack.name(), jail);
    if (stack.isSwitch()) {
      jail.bridge().name(TopologyJails.BRIDGE).create().up();
    } else {
      loopback(jail);
    }
    if (stack.forwarding()) {
      jail.forwarding(true);
    }
  }

  private static void loopback(Jail jail) {
    for (InterfaceInfo info : jail.ifconfig()) {
      if (info.kind() == InterfaceKind.LOOPBACK) {
        jail.iface(info.name()).inet("127.0.0.1/8").up();
      }
    }
  }

  private void change(Stack stack) {
    Jail jail = jail(stack.name());
    if (jail.forwarding() != stack.forwarding()) {
      jail.forwarding(stack.forwarding());
    }
    if (stack.isSwitch()) {
      Bridge bridge = bridge(stack.name()).up();
      if (stack.stp()) {
        SpanningTree.start(bridge);
      } else if (bridge.stp()) {
        bridge.stp(false);
      }
    }
  }

  /** Destroys an epair by one of its ends. Another program may have destroyed it already. */
  private void cut(String[] end) {
    try {
      jail(end[0]).iface(end[1]).destroy();
    } catch (NetInterface.NotFoundException e) {
      return;
    }
  }

  /** Creates an epair in the jail with the higher jid, with its other end in the other jail. */
  private void lay(NodeEpair cable) {
    boolean first = jail(cable.a()).jid() > jail(cable.b()).jid();
    Epair made =
        jail(cable.node(first))
            .epair()
            .names(cable.iface(first), cable.iface(!first))
            .vnet(jail(cable.node(!first)))
            .create();
    finish(cable.node(first), cable.iface(first), made.a());
    finish(cable.node(!first), cable.iface(!first), made.b());
  }

  private void finish(String node, String name, NetInterface iface) {
    Port port = difference.to.port(node, name);
    iface.description(port.cable().toString());
    if (port.mtu() != Link.DEFAULT_MTU) {
      iface.mtu(port.mtu());
    }
    if (port.member()) {
      Bridge bridge = bridge(node).add(iface);
      if (stp(node)) {
        SpanningTree.start(bridge);
      }
    }
    port.addresses().forEach(iface::addAddress);
    if (!port.shaping().isNone()) {
      iface.shape(port.shaping());
    }
  }

  private void up(NodeEpair cable, Consumer<NetInterface> up) {
    for (boolean first : new boolean[] {true, false}) {
      String node = cable.node(first);
      String name = cable.iface(first);
      if (difference.to.port(node, name).up()) {
        up.accept(jail(node).iface(name));
      }
    }
  }

  private Bridge bridge(String node) {
    return jail(node).bridge(TopologyJails.BRIDGE);
  }

  private void change(String[] end) {
    NetInterface iface = jail(end[0]).iface(end[1]);
    Port was = difference.from.port(end[0], end[1]);
    Port wanted = difference.to.port(end[0], end[1]);
    if (was.member() && !wanted.member()) {
      bridge(end[0]).delete(iface);
    }
    if (was.mtu() != wanted.mtu()) {
      iface.mtu(wanted.mtu());
    }
    if (wanted.member() && !was.member()) {
      bridge(end[0]).add(iface);
    }
    // The size of a queue depends on the MTU, because it counts packets of the largest size.
    if (!was.shaping().equals(wanted.shaping())
        || was.mtu() != wanted.mtu() && !wanted.shaping().isNone()) {
      iface.shape(wanted.shaping());
    }
    Difference.minus(was.addresses(), wanted.addresses()).forEach(iface::deleteAddress);
    Difference.minus(wanted.addresses(), was.addresses()).forEach(iface::addAddress);
    if (was.up() != wanted.up()) {
      NetInterface changed = wanted.up() ? iface.up() : iface.down();
      assert changed == iface;
    }
  }

  /**
   * Sets the routes of a node. It compares with the routes that exist now, because the kernel drops
   * routes when an interface is destroyed or changed.
   */
  private void routes(String node) {
    Jail jail = jail(node);
    Stack wanted = difference.to.stacks().get(node);
    if (wanted == null) {
      throw new AssertionError("no stack " + node);
    }
    Set<Route> there = difference.isFresh(node) ? Set.of() : NetworkState.routes(jail);
    List<Route> missing = new ArrayList<>(wanted.routes());
    missing.removeAll(new LinkedHashSet<>(there));
    there.stream().filter(route -> !wanted.routes().contains(route)).forEach(jail.routes()::delete);
    missing.forEach(jail.routes()::add);
  }
}
