// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceKind;

/** Draws the network as text: the stacks as a tree, then the epairs between them. */
final class StackDrawing {
  private StackDrawing() {}

  static List<String> of(Vnet vnet, List<Epair> cables) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("host");
    List<Jail> tops = vnet.jails().stream().filter(jail -> !jail.name().contains(".")).toList();
    below(tops, "", lines);
    lines.add("");
    for (Epair cable : cables) {
      lines.add(
          String.format(
              "%30s %-8s======== %8s %s",
              cable.a().stack().name() + addresses(cable.a().info()),
              cable.a().name(),
              cable.b().name(),
              cable.b().stack().name() + addresses(cable.b().info())));
    }
    return lines;
  }

  private static void below(List<Jail> jails, String indent, List<String> lines) {
    for (int i = 0; i < jails.size(); i++) {
      Jail jail = jails.get(i);
      boolean last = i == jails.size() - 1;
      String simple = jail.name().substring(jail.name().lastIndexOf('.') + 1);
      lines.add(indent + (last ? "`-- " : "|-- ") + simple + inside(jail));
      below(jail.children(), indent + (last ? "    " : "|   "), lines);
    }
  }

  private static String inside(NetworkStack stack) {
    return stack.ifconfig().stream()
        .filter(info -> info.kind() != InterfaceKind.LOOPBACK)
        .filter(info -> info.bridge().isEmpty())
        .map(info -> "  [" + describe(stack, info) + "]")
        .collect(Collectors.joining());
  }

  private static String describe(NetworkStack stack, InterfaceInfo info) {
    String text = info.name() + addresses(info);
    if (info.kind() != InterfaceKind.BRIDGE) {
      return text;
    }
    Bridge bridge = stack.bridge(info.name());
    return text
        + bridge.members().stream().map(m -> m.name()).collect(Collectors.joining(" + ", ": ", ""));
  }

  private static String addresses(InterfaceInfo info) {
    return info.addresses().stream()
        .filter(cidr -> !cidr.address().isLinkLocalAddress())
        .map(Cidr::toString)
        .map(text -> " " + text)
        .collect(Collectors.joining());
  }
}
