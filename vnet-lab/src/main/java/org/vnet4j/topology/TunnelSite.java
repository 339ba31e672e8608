// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.List;
import java.util.Optional;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Transaction;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Part.Tunnel;

/**
 * Connects a tunnel to its switch. The packets of the tunnel pass through the host, which has the
 * network below. If the kernel lets a lent tunnel use the network of its home, the tunnel is lent
 * to the switch. Otherwise it stays on the host, in a bridge with one end of an epair; the switch
 * has the other end.
 */
final class TunnelSite {
  private static final String SWITCH = "tunnel-";

  /** The prefix of the name of the epair's end in the switch. */
  private static final String OUT = "out";

  private static final String IN = "in";
  private static final String HOST_BRIDGE = "br";

  private TunnelSite() {}

  /** Returns the name of the switch of a tunnel. */
  static String node(int number) {
    return SWITCH + number;
  }

  /**
   * Returns the interface of a switch that leads out: the tunnel, or one end of the epair to it.
   */
  static Optional<NetInterface> find(Jail jail) {
    String node = TopologyJails.node(jail);
    if (!node.startsWith(SWITCH)) {
      return Optional.empty();
    }
    String number = node.substring(SWITCH.length());
    List<String> names = List.of("vx" + number, "gre" + number, "gif" + number, OUT + number);
    return jail.ifconfig().stream()
        .map(InterfaceInfo::name)
        .filter(names::contains)
        .findFirst()
        .map(jail::iface);
  }

  /** Returns the interfaces of all switches of a topology that lead out. */
  static List<NetInterface> all(Vnet vnet, String topology) {
    return TopologyJails.find(vnet, topology).isEmpty()
        ? List.of()
        : TopologyJails.nodes(vnet, topology).stream()
            .flatMap(jail -> find(jail).stream())
            .toList();
  }

  /** Creates a tunnel and connects it to its switch. */
  static void make(Vnet vnet, Jail jail, Tunnel tunnel) {
    try (Transaction tx = vnet.transaction()) {
      NetInterface made = tx.made(tunnel.kind().create(vnet.host(), tunnel));
      NetInterface out;
      if (vnet.has(Capability.MOVE_TUNNEL)) {
        jail.vnet(made);
        out = made;
      } else {
        Epair cable =
            tx.made(
                vnet.host()
                    .epair()
                    .names(IN + tunnel.number(), OUT + tunnel.number())
                    .vnet(jail)
                    .create());
        Bridge bridge = tx.made(vnet.host().bridge().name(HOST_BRIDGE + tunnel.number()).create());
        made.mtu(tunnel.mtu());
        cable.a().mtu(tunnel.mtu());
        bridge.add(made.up()).add(cable.a().up()).up();
        out = cable.b();
      }
      out.description(tunnel.text());
      finish(jail, tunnel, out);
      tx.commit();
    }
  }

  /**
   * Sets the MTU of the link on the interface that leads out, adds the interface to the bridge of
   * the switch, and brings it up. A bridge carries only packets that fit the smallest MTU of its
   * members.
   */
  static void finish(Jail jail, Tunnel tunnel, NetInterface out) {
    InterfaceInfo info = out.info();
    if (info.mtu() != tunnel.mtu()) {
      out.mtu(tunnel.mtu());
    }
    if (info.bridge().isEmpty()) {
      jail.bridge(TopologyJails.BRIDGE).add(out);
    }
    out.up();
  }

  /**
   * Destroys a tunnel by the interface that leads out of its switch. Also destroys the bridge and
   * the tunnel on the host, if that interface is an epair.
   */
  static void destroy(Vnet vnet, NetInterface out) {
    if (!out.name().startsWith(OUT)) {
      out.destroy();
      return;
    }
    String number = out.name().substring(OUT.length());
    String bridge = HOST_BRIDGE + number;
    List<String> tunnels = List.of("vx" + number, "gif" + number);
    List<InterfaceInfo> there = vnet.host().ifconfig();
    out.destroy();
    if (there.stream().anyMatch(one -> isIn(one, IN + number, bridge))) {
      there.stream()
          .filter(
              one ->
                  one.name().equals(bridge)
                      || tunnels.stream().anyMatch(name -> isIn(one, name, bridge)))
          .forEach(one -> vnet.host().iface(one.name()).destroy());
    }
  }

  private static boolean isIn(InterfaceInfo info, String name, String bridge) {
    return info.name().equals(name) && info.bridge().filter(bridge::equals).isPresent();
  }
}
