// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names interfaces after the node at the other end: {@code to-web}, and a second interface to the
 * same node {@code to-web.2}. A name longer than 15 characters is cut and ends in a hash of the
 * whole name.
 */
final class InterfaceNames {
  private static final int LONGEST = 15;

  private InterfaceNames() {}

  /**
   * Names the interfaces that have no name. A new name differs from every other name on its node,
   * and depends only on the links of that node.
   */
  static List<Link> given(List<Link> links) {
    Set<String> taken = new HashSet<>();
    for (Link link : links) {
      taken.add(key(link.a().node(), link.a().iface()));
      taken.add(key(link.b().node(), link.b().iface()));
    }
    List<Link> named = new ArrayList<>(links.size());
    for (Link link : links) {
      String a = link.a().node();
      String b = link.b().node();
      named.add(link.a(end -> named(end, b, taken)).b(end -> named(end, a, taken)));
    }
    return List.copyOf(named);
  }

  private static LinkEnd named(LinkEnd end, String peer, Set<String> taken) {
    if (!end.iface().isEmpty()) {
      return end;
    }
    for (int number = 1; ; number++) {
      String name = name(peer, number);
      if (taken.add(key(end.node(), name))) {
        return end.iface(name);
      }
    }
  }

  private static String name(String peer, int number) {
    String whole = "to-" + peer + (number == 1 ? "" : "." + number);
    if (whole.length() <= LONGEST) {
      return whole;
    }
    String hash = String.format("%08x", whole.hashCode()).substring(3);
    return whole.substring(0, LONGEST - 1 - hash.length()) + "-" + hash;
  }

  private static String key(String node, String iface) {
    return node + ":" + iface;
  }
}
