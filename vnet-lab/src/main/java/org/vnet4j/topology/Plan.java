// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;

/** The changes that turn the present state of a machine into that of a topology. */
public final class Plan {
  private final Topology topology;
  private final Vnet vnet;
  private final boolean wasThere;
  private final Difference difference;
  private boolean persist;
  private Progress progress = Progress.NONE;

  Plan(Topology topology, Vnet vnet) {
    this.topology = topology;
    this.vnet = vnet;
    requireShaping();
    requireForwarding();
    this.wasThere = TopologyJails.find(vnet, topology.name()).isPresent();
    this.difference =
        new Difference(TopologyJails.state(vnet, topology.name()), NetworkState.of(topology));
  }

  private void requireShaping() {
    List<String> missing = new ArrayList<>();
    for (Link link : topology.links()) {
      for (LinkEnd end : List.of(link.a(), link.b())) {
        Set<Capability> lacks = Capability.neededFor(end.shaping());
        lacks.removeAll(vnet.capabilities());
        if (!lacks.isEmpty()) {
          missing.add("\n  " + end + ": needs " + text(lacks));
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new Vnet.UnsupportedException(
          "topology "
              + topology.name()
              + ": "
              + vnet.kernelVersion()
              + " cannot shape "
              + (missing.size() == 1 ? "1 end" : missing.size() + " ends")
              + " of links"
              + String.join("", missing));
    }
  }

  private void requireForwarding() {
    List<String> routers =
        topology.nodes().stream().filter(Node::isRouter).map(Node::name).toList();
    if (!routers.isEmpty() && !vnet.has(Capability.FORWARDING)) {
      throw new Vnet.UnsupportedException(
          "topology "
              + topology.name()
              + ": "
              + vnet.kernelVersion()
              + " has no "
              + Capability.FORWARDING
              + ", which "
              + (routers.size() == 1 ? "1 router needs" : routers.size() + " routers need")
              + routers.stream().map(one -> "\n  " + one).collect(Collectors.joining()));
    }
  }

  private static String text(Set<Capability> capabilities) {
    return capabilities.stream().map(Capability::name).collect(Collectors.joining(", "));
  }

  /**
   * Returns the changes in their order.
   *
   * @return first the objects to create, then those to change, then those to remove
   */
  public List<Change> changes() {
    return difference.changes();
  }

  /**
   * Returns what is legal and may surprise: switches with links of different MTUs, which lose
   * packets that are larger than the link they have to leave by.
   *
   * @return a line for each switch, in the order of the topology
   */
  public List<String> warnings() {
    Map<String, Set<Integer>> sizes = new LinkedHashMap<>();
    topology.nodes().stream()
        .filter(Node::isSwitch)
        .forEach(node -> sizes.put(node.name(), new TreeSet<>()));
    for (Link link : topology.links()) {
      for (LinkEnd end : List.of(link.a(), link.b())) {
        sizes.getOrDefault(end.node(), new TreeSet<>()).add(link.mtu());
      }
    }
    sizes.values().removeIf(some -> some.size() < 2);
    return sizes.entrySet().stream()
        .map(
            one ->
                "switch "
                    + one.getKey()
                    + " has links with MTUs of "
                    + one.getValue().stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + ": larger packets would be lost")
        .toList();
  }

  /**
   * Returns whether the present state needs no change.
   *
   * @return true if the state is that of the topology
   */
  public boolean isEmpty() {
    return wasThere && changes().isEmpty();
  }

  /**
   * Lets the jails stay when this program ends. Without this call they are removed when the {@link
   * Vnet} is closed. A topology that exists already keeps the setting with which it was created.
   *
   * @return this
   */
  public Plan persist() {
    persist = true;
    return this;
  }

  /**
   * Reports the progress to a listener.
   *
   * @param listener the listener, such as a {@link ProgressBar}
   * @return this
   */
  public Plan progress(Progress listener) {
    progress = listener;
    return this;
  }

  /**
   * Carries out the plan, if it still lists what has to be done. If a step fails, or this thread is
   * interrupted, it restores the previous state and throws the error. Processes that ran in a
   * removed node are not restored.
   *
   * @return the network
   * @throws StaleException if the network has changed since this plan was made, so that other
   *     changes would be needed; nothing was changed
   * @throws Jail.NameTakenException if another program creates a jail of that name at this moment;
   *     nothing was changed
   * @throws Vnet.InterruptException if this thread is interrupted; its interrupt status stays set
   * @throws VnetException if a step fails; a failure to restore the previous state is a suppressed
   *     exception of it
   */
  public Network apply() {
    Plan now = topology.plan(vnet);
    checkUnchanged(topology.name(), wasThere, changes(), now.wasThere, now.changes());
    return applyAtOnce();
  }

  /** Throws unless the changes of a plan are those of a plan that was made now. */
  static void checkUnchanged(
      String name, boolean wasThere, List<Change> changes, boolean isThere, List<Change> now) {
    if (wasThere != isThere) {
      throw new StaleException(name, List.of(isThere ? "it was created" : "it was removed"));
    }
    if (!now.equals(changes)) {
      List<String> more =
          now.stream()
              .filter(one -> !changes.contains(one))
              .map(one -> "now needed: " + one)
              .toList();
      throw new StaleException(
          name, more.isEmpty() ? List.of("some of its changes are made already") : more);
    }
  }

  /** Carries out the plan without a look at the present state: it was made just now. */
  Network applyAtOnce() {
    Construction construction =
        new Construction(vnet, topology.name(), wasThere, persist, difference, progress);
    try {
      construction.run();
    } catch (RuntimeException | Error e) {
      if (construction.hasBegun()) {
        try {
          Workers.undisturbed(this::undo);
        } catch (RuntimeException failed) {
          e.addSuppressed(failed);
        }
      }
      throw e;
    }
    return new Network(topology, vnet);
  }

  private void undo() {
    if (!wasThere) {
      TopologyJails.destroy(vnet, topology.name(), Progress.NONE);
      return;
    }
    NetworkState now = TopologyJails.state(vnet, topology.name());
    Difference back = new Difference(now, difference.from);
    new Construction(vnet, topology.name(), true, persist, back, Progress.NONE).run();
  }

  /**
   * Lists the changes.
   *
   * @return a summary line, then a line for each change, beginning with {@code +}, {@code ~} or
   *     {@code -}, and for each warning, beginning with {@code !}
   */
  @Override
  public String toString() {
    return text(topology.name(), changes(), isEmpty(), warnings());
  }

  static String text(String name, List<Change> changes, boolean isEmpty, List<String> warnings) {
    return summary(name, changes, isEmpty)
        + warnings.stream().map(warning -> "\n! " + warning).collect(Collectors.joining());
  }

  private static String summary(String name, List<Change> changes, boolean isEmpty) {
    if (isEmpty) {
      return name + ": nothing to do";
    }
    return name
        + ": "
        + count(changes, Change.Action.CREATE)
        + " to create, "
        + count(changes, Change.Action.CHANGE)
        + " to change, "
        + count(changes, Change.Action.REMOVE)
        + " to remove"
        + changes.stream().map(change -> "\n" + change).collect(Collectors.joining());
  }

  /** Reports that a network has changed since a plan for it was made. Nothing was changed. */
  public static final class StaleException extends VnetException {
    private static final long serialVersionUID = 1L;

    private static final int MOST = 5;

    StaleException(String name, List<String> what) {
      super(
          "topology "
              + name
              + " has changed since this plan was made; make a new plan"
              + what.stream().limit(MOST).map(one -> "\n  " + one).collect(Collectors.joining())
              + (what.size() > MOST ? "\n  and " + (what.size() - MOST) + " more" : ""));
    }
  }

  private static long count(List<Change> changes, Change.Action action) {
    return changes.stream().filter(change -> change.action() == action).count();
  }
}
