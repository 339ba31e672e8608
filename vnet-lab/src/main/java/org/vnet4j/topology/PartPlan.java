// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnet4j.Capability;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Change.Action;
import org.vnet4j.topology.Part.Tunnel;

/** The changes that turn the present state of one machine into its {@link Part}. */
public final class PartPlan {
  private final Part part;
  private final Vnet vnet;
  private final boolean wasThere;
  private final Plan plan;
  private final List<Change> changes;
  private final List<NetInterface> others = new ArrayList<>();
  private final List<Tunnel> missing = new ArrayList<>();
  private final Map<Tunnel, NetInterface> different = new LinkedHashMap<>();

  PartPlan(Part part, Vnet vnet) {
    this.part = part;
    this.vnet = vnet;
    requireTunnels();
    this.wasThere = TopologyJails.find(vnet, part.topology().name()).isPresent();
    this.plan = part.topology().plan(vnet);
    this.changes = new ArrayList<>(plan.changes());
    tunnels();
  }

  private void requireTunnels() {
    for (Tunnel tunnel : part.tunnels()) {
      Capability needed = tunnel.kind().needed();
      if (!vnet.has(needed)) {
        throw new Vnet.UnsupportedException(
            "topology "
                + part.topology().name()
                + ": "
                + vnet.kernelVersion()
                + " has no "
                + needed
                + ", which "
                + part.tunnels().size()
                + " links to other machines take");
      }
    }
  }

  /**
   * Compares the tunnels with those that exist. A tunnel with other ends cannot be changed, so it
   * is destroyed and created again.
   */
  private void tunnels() {
    List<Change> removed = new ArrayList<>();
    Map<String, NetInterface> there = new LinkedHashMap<>();
    if (wasThere) {
      for (Jail jail : TopologyJails.nodes(vnet, part.topology().name())) {
        TunnelSite.find(jail).ifPresent(iface -> there.put(TopologyJails.node(jail), iface));
      }
    }
    for (Tunnel tunnel : part.tunnels()) {
      NetInterface iface = there.get(tunnel.node());
      if (iface == null || !iface.info().text().equals(tunnel.text())) {
        missing.add(tunnel);
        changes.add(new Change(Action.CREATE, text(tunnel) + mtu(tunnel)));
      } else {
        there.remove(tunnel.node());
        String what = difference(tunnel, iface.info());
        if (!what.isEmpty()) {
          different.put(tunnel, iface);
          changes.add(new Change(Action.CHANGE, text(tunnel) + ": " + what));
        }
      }
    }
    there.forEach(
        (node, iface) -> {
          others.add(iface);
          removed.add(new Change(Action.REMOVE, "tunnel " + node + " " + iface.info().text()));
        });
    changes.addAll(removed);
  }

  private static String text(Tunnel tunnel) {
    return "tunnel " + tunnel.node() + " " + tunnel.text();
  }

  private static String mtu(Tunnel tunnel) {
    return tunnel.mtu() == Link.DEFAULT_MTU ? "" : " mtu " + tunnel.mtu();
  }

  private static String difference(Tunnel tunnel, InterfaceInfo info) {
    List<String> what = new ArrayList<>();
    if (info.mtu() != tunnel.mtu()) {
      what.add("mtu " + info.mtu() + " -> " + tunnel.mtu());
    }
    if (info.bridge().isEmpty()) {
      what.add("into the bridge");
    }
    if (!info.isUp()) {
      what.add("up");
    }
    return String.join(", ", what);
  }

  /**
   * Returns the changes in their order.
   *
   * @return the changes of nodes and epairs, see {@link Plan#changes}, then those of tunnels: first
   *     the tunnels to create and change, then those to remove
   */
  public List<Change> changes() {
    return List.copyOf(changes);
  }

  /**
   * Returns whether the present state needs no change.
   *
   * @return true if the state is that of the part
   */
  public boolean isEmpty() {
    return wasThere && changes.isEmpty();
  }

  /**
   * Lets the jails stay when this program ends.
   *
   * @return this
   */
  public PartPlan persist() {
    plan.persist();
    return this;
  }

  /**
   * Reports the progress of nodes and epairs to a listener.
   *
   * @param listener the listener, such as a {@link ProgressBar}
   * @return this
   */
  public PartPlan progress(Progress listener) {
    plan.progress(listener);
    return this;
  }

  /**
   * Carries out the plan. If the part did not exist before, a failure removes it. If it existed, a
   * failure to change nodes or epairs undoes their changes; the changes of tunnels stay as far as
   * they were made.
   *
   * @return the network
   * @throws Plan.StaleException if the part has changed since this plan was made, so that other
   *     changes would be needed; nothing was changed
   */
  public Network apply() {
    PartPlan now = part.plan(vnet);
    Plan.checkUnchanged(part.topology().name(), wasThere, changes, now.wasThere, now.changes);
    return applyAtOnce();
  }

  /** Carries out the plan without a look at the present state: it was made just now. */
  Network applyAtOnce() {
    try {
      others.forEach(out -> TunnelSite.destroy(vnet, out));
      Network network = plan.applyAtOnce();
      missing.forEach(tunnel -> TunnelSite.make(vnet, network.node(tunnel.node()), tunnel));
      different.forEach(
          (tunnel, iface) -> TunnelSite.finish(network.node(tunnel.node()), tunnel, iface));
      return new Network(part.topology(), vnet, true);
    } catch (RuntimeException e) {
      if (!wasThere) {
        try {
          Part.destroy(vnet, part.topology().name());
        } catch (RuntimeException failed) {
          e.addSuppressed(failed);
        }
      }
      throw e;
    }
  }

  /**
   * Lists the changes.
   *
   * @return a summary line, then a line for each change, in the form of {@link Plan#toString}
   */
  @Override
  public String toString() {
    return Plan.text(part.topology().name(), changes, isEmpty(), plan.warnings());
  }
}
