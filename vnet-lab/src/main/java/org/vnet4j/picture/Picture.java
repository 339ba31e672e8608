// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnet4j.Epair;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.Names;
import org.vnet4j.net.Shaping;

/**
 * A picture of networks: stacks as vertices, epairs as edges. Equal pictures have equal drawings.
 *
 * @param title the text above the drawing
 * @param shapes the stacks
 * @param lines the epairs between these stacks
 */
public record Picture(String title, List<Vertex> shapes, List<Edge> lines) {

  /** The kind of a stack. Each kind has a form and a colour of its own. */
  public enum Kind {
    /** A stack that does not forward packets. */
    HOST,
    /** A stack that forwards packets. */
    ROUTER,
    /** A stack with a bridge that joins epairs. */
    SWITCH,
    /** The host of a {@link Vnet}. */
    MACHINE
  }

  /** The condition of an epair. */
  public enum Condition {
    /** Both ends are up. */
    UP,
    /** An end is down. */
    DOWN,
    /** Both ends are up, and an end is shaped. */
    SHAPED
  }

  /**
   * A stack.
   *
   * @param id its full name
   * @param label the text in the shape
   * @param kind the kind of stack
   * @param parent the id of the shape that contains it, empty for none
   * @param detail the text that a viewer shows when the pointer is over it
   */
  public record Vertex(String id, String label, Kind kind, String parent, String detail) {

    /** Makes control characters in the texts visible, which no format could show. */
    public Vertex {
      label = Names.visibleLines(label);
      detail = Names.visibleLines(detail);
    }
  }

  /**
   * An epair.
   *
   * @param a the id of a shape
   * @param b the id of the other shape, or of the same
   * @param endA the text near the first shape
   * @param endB the text near the second shape
   * @param middle the text in the middle of the line
   * @param condition its condition
   * @param detail the text that a viewer shows when the pointer is over it
   */
  public record Edge(
      String a,
      String b,
      String endA,
      String endB,
      String middle,
      Condition condition,
      String detail) {

    /** Makes control characters in the texts visible, which no format could show. */
    public Edge {
      endA = Names.visibleLines(endA);
      endB = Names.visibleLines(endB);
      middle = Names.visibleLines(middle);
      detail = Names.visibleLines(detail);
    }
  }

  /** Copies the lists and omits lines to missing shapes. */
  public Picture {
    title = Names.visibleLines(title);
    shapes = List.copyOf(shapes);
    List<String> ids = shapes.stream().map(Vertex::id).toList();
    lines = lines.stream().filter(one -> ids.contains(one.a()) && ids.contains(one.b())).toList();
  }

  /**
   * Draws the present state: the host, its jails at every depth, and the {@link Vnet#epairs()
   * epairs}, including those of other programs. The picture shows which epairs are down and which
   * are shaped. What is removed while the state is read may be missing.
   *
   * @param vnet the stacks
   * @return the picture
   */
  public static Picture of(Vnet vnet) {
    List<NetworkStack> stacks = new ArrayList<>(List.of(vnet.host()));
    stacks.addAll(vnet.jails());
    List<Vertex> shapes = new ArrayList<>();
    Map<String, InterfaceInfo> infos = new HashMap<>();
    for (NetworkStack stack : stacks) {
      try {
        shapes.add(vertex(stack, infos));
      } catch (Jail.NotFoundException e) {
        continue; // removed since the list was read
      }
    }
    List<Edge> lines = new ArrayList<>();
    for (Epair cable : vnet.epairs()) {
      try {
        edge(cable, infos).ifPresent(lines::add);
      } catch (NetInterface.NotFoundException e) {
        continue; // destroyed since the list was read
      }
    }
    return new Picture(vnet.kernelVersion(), shapes, lines);
  }

  /** Reads a stack, and notes its ends of epairs. */
  private static Vertex vertex(NetworkStack stack, Map<String, InterfaceInfo> ends) {
    String id = stack.name();
    List<InterfaceInfo> all = stack.ifconfig();
    for (InterfaceInfo info : all) {
      if (info.kind() == InterfaceKind.EPAIR) {
        ends.put(key(id, info.name()), info);
      }
    }
    String simple = id.substring(id.lastIndexOf('.') + 1);
    String parent =
        !(stack instanceof Jail) || id.indexOf('.') < 0 ? "" : id.substring(0, id.lastIndexOf('.'));
    return new Vertex(id, simple, kind(stack, all), parent, detail(id, all));
  }

  private static Optional<Edge> edge(Epair cable, Map<String, InterfaceInfo> ends) {
    String a = cable.a().stack().name();
    String b = cable.b().stack().name();
    InterfaceInfo one = ends.get(key(a, cable.a().name()));
    InterfaceInfo other = ends.get(key(b, cable.b().name()));
    return one == null || other == null
        ? Optional.empty()
        : Optional.of(line(a, one, shaping(cable.a()), b, other, shaping(cable.b())));
  }

  private static String key(String stack, String iface) {
    return stack + "\0" + iface;
  }

  private static Edge line(
      String a, InterfaceInfo one, Shaping there, String b, InterfaceInfo other, Shaping back) {
    boolean up = one.isUp() && other.isUp();
    boolean shaped = !there.isNone() || !back.isNone();
    Condition condition = !up ? Condition.DOWN : shaped ? Condition.SHAPED : Condition.UP;
    String detail =
        a
            + ":"
            + one.name()
            + " "
            + addresses(one)
            + " -- "
            + b
            + ":"
            + other.name()
            + " "
            + addresses(other);
    return new Edge(a, b, end(one, there), end(other, back), "", condition, detail);
  }

  /**
   * Reads the shaping of an interface. Returns none if the kernel cannot shape, or if the interface
   * or its jail was removed meanwhile.
   */
  private static Shaping shaping(NetInterface iface) {
    try {
      return iface.shaping();
    } catch (Vnet.UnsupportedException
        | NetInterface.NotFoundException
        | Jail.NotFoundException e) {
      return Shaping.NONE;
    }
  }

  private static String end(InterfaceInfo info, Shaping shaping) {
    String addresses = addresses(info);
    return info.name()
        + (addresses.isEmpty() ? "" : "\n" + addresses.replace(" ", "\n"))
        + (shaping.isNone() ? "" : "\n" + shaping);
  }

  private static Kind kind(NetworkStack stack, List<InterfaceInfo> interfaces) {
    if (!(stack instanceof Jail)) {
      return Kind.MACHINE;
    }
    boolean bridge = interfaces.stream().anyMatch(info -> info.kind() == InterfaceKind.BRIDGE);
    boolean addressed =
        interfaces.stream()
            .anyMatch(i -> i.kind() != InterfaceKind.LOOPBACK && !addresses(i).isEmpty());
    return stack.forwarding() ? Kind.ROUTER : bridge && !addressed ? Kind.SWITCH : Kind.HOST;
  }

  private static String detail(String id, List<InterfaceInfo> interfaces) {
    StringBuilder text = new StringBuilder(id);
    for (InterfaceInfo info : interfaces) {
      text.append('\n').append(info.name()).append(info.isUp() ? "" : " (down)");
      text.append(addresses(info).isEmpty() ? "" : " " + addresses(info));
      info.bridge().ifPresent(bridge -> text.append(" in ").append(bridge));
    }
    return text.toString();
  }

  private static String addresses(InterfaceInfo info) {
    return String.join(
        " ",
        info.addresses().stream()
            .filter(cidr -> !cidr.isIpv6() || !cidr.address().isLinkLocalAddress())
            .map(Cidr::toString)
            .toList());
  }

  /**
   * Returns the picture as SVG, an image format for browsers and documents.
   *
   * @return a whole SVG document
   */
  public String toSvg() {
    return new Svg(this).draw();
  }

  /**
   * Returns the picture as a Mermaid flowchart, which many sites render inside Markdown.
   *
   * @return the source, without the fence around it
   */
  public String toMermaid() {
    return Mermaid.of(this);
  }

  /**
   * Returns the picture in Graphviz's language, for {@code dot} or {@code neato}. See dot(1).
   *
   * @return the source
   */
  public String toDot() {
    return Dot.of(this);
  }

  List<Vertex> children(String parent) {
    return shapes.stream().filter(shape -> shape.parent().equals(parent)).toList();
  }

  boolean isContainer(Vertex shape) {
    return shapes.stream().anyMatch(other -> other.parent().equals(shape.id()));
  }
}
