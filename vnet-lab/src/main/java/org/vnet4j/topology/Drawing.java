// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpText;
import org.vnet4j.net.Shaping;
import org.vnet4j.picture.Picture;
import org.vnet4j.picture.Picture.Condition;
import org.vnet4j.picture.Picture.Edge;
import org.vnet4j.picture.Picture.Vertex;

/**
 * Creates the picture of a topology. A label on a link shows its network; a label at an end shows
 * the rest of the address.
 */
final class Drawing {
  private final Topology topology;
  private final Map<String, Condition> ends = new HashMap<>();
  private final Map<String, String> counted = new HashMap<>();

  Drawing(Topology topology) {
    this.topology = topology;
  }

  /** Reads the present state. A node that no longer exists has all its epairs down. */
  Drawing live(Function<String, Jail> jails, boolean counters) {
    for (Link link : topology.links()) {
      for (LinkEnd end : List.of(link.a(), link.b())) {
        ends.put(key(end), Condition.DOWN);
      }
    }
    for (Node node : topology.nodes()) {
      try {
        look(node.name(), jails.apply(node.name()), counters);
      } catch (Jail.NotFoundException | NetInterface.NotFoundException e) {
        continue; // its ends are drawn down, or as read so far
      }
    }
    return this;
  }

  private void look(String node, Jail jail, boolean counters) {
    for (InterfaceInfo info : jail.ifconfig()) {
      String key = node + ":" + info.name();
      if (ends.containsKey(key) && info.isUp()) {
        NetInterface iface = jail.iface(info.name());
        ends.put(key, isShaped(iface) ? Condition.SHAPED : Condition.UP);
        if (counters) {
          counted.put(key, bytes(iface.counters().bytesIn()) + " in");
        }
      }
    }
  }

  private static boolean isShaped(NetInterface iface) {
    try {
      return !iface.shaping().isNone();
    } catch (NetInterface.NotFoundException e) {
      throw e;
    } catch (VnetException e) {
      return false; // the kernel cannot shape, so the interface is not shaped
    }
  }

  private static String bytes(long count) {
    if (count < 10_000) {
      return count + " B";
    }
    return count < 10_000_000
        ? String.format(Locale.ROOT, "%.1f kB", count / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", count / 1e6);
  }

  Picture picture() {
    List<Vertex> shapes = new ArrayList<>();
    for (Node node : topology.nodes()) {
      Picture.Kind kind = Picture.Kind.valueOf(node.kind().name());
      String routes = node.routes().stream().map(r -> "\n" + r).collect(Collectors.joining());
      shapes.add(new Vertex(node.name(), node.name(), kind, "", node + routes));
    }
    List<Edge> lines = topology.links().stream().map(this::line).toList();
    return new Picture(topology.name(), shapes, lines);
  }

  private Edge line(Link link) {
    List<Cidr> shared =
        link.a().addresses().stream()
            .map(Cidr::network)
            .filter(net -> link.b().addresses().stream().anyMatch(b -> b.network().equals(net)))
            .toList();
    List<String> middle = new ArrayList<>(shared.stream().map(Cidr::toString).toList());
    if (link.mtu() != Link.DEFAULT_MTU) {
      middle.add("mtu " + link.mtu());
    }
    boolean alike = link.a().shaping().equals(link.b().shaping());
    if (alike && !link.a().shaping().isNone()) {
      middle.add(text(link.a().shaping()));
    }
    return new Edge(
        link.a().node(),
        link.b().node(),
        end(link.a(), shared, !alike),
        end(link.b(), shared, !alike),
        String.join("\n", middle),
        condition(link),
        link.toString());
  }

  private String end(LinkEnd end, List<Cidr> shared, boolean shaping) {
    List<String> texts = new ArrayList<>();
    for (Cidr address : end.addresses()) {
      String text = IpText.of(address.address());
      boolean isShort = shared.contains(address.network());
      texts.add(isShort ? rest(text) : address.toString());
    }
    if (shaping && !end.shaping().isNone()) {
      texts.add(text(end.shaping()));
    }
    if (counted.containsKey(key(end))) {
      texts.add(counted.get(key(end)));
    }
    return String.join("\n", texts);
  }

  /** Returns the shaping as text, without the queue if it has the default size. */
  private static String text(Shaping shaping) {
    String usual = " queue " + Shaping.DEFAULT_QUEUE;
    String text = shaping.toString();
    return text.endsWith(usual) ? text.substring(0, text.length() - usual.length()) : text;
  }

  /** Returns the part of an address that distinguishes it from others in its network. */
  private static String rest(String text) {
    int colons = text.lastIndexOf("::");
    int at = colons >= 0 ? colons : Math.max(text.lastIndexOf('.'), text.lastIndexOf(':'));
    return text.substring(at);
  }

  private Condition condition(Link link) {
    Condition a = condition(link.a());
    Condition b = condition(link.b());
    return a == Condition.DOWN || b == Condition.DOWN
        ? Condition.DOWN
        : a == Condition.SHAPED || b == Condition.SHAPED ? Condition.SHAPED : Condition.UP;
  }

  private Condition condition(LinkEnd end) {
    Condition planned = end.shaping().isNone() ? Condition.UP : Condition.SHAPED;
    return ends.getOrDefault(key(end), planned);
  }

  private static String key(LinkEnd end) {
    return end.node() + ":" + end.iface();
  }
}
