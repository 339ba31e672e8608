// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two ends of an epair of a topology. Both interfaces store it as their description, so any
 * program can later determine which ends belong together.
 */
record NodeEpair(String a, String ifaceA, String b, String ifaceB) {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9-]+):(\\S+) -- ([A-Za-z0-9-]+):(\\S+)");

  static NodeEpair of(Link link) {
    return new NodeEpair(link.a().node(), link.a().iface(), link.b().node(), link.b().iface());
  }

  static Optional<NodeEpair> parse(String description) {
    Matcher matcher = FORM.matcher(description);
    return matcher.matches()
        ? Optional.of(
            new NodeEpair(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)))
        : Optional.empty();
  }

  String node(boolean first) {
    return first ? a : b;
  }

  String iface(boolean first) {
    return first ? ifaceA : ifaceB;
  }

  boolean touches(String node) {
    return a.equals(node) || b.equals(node);
  }

  boolean isEnd(String node, String iface) {
    return a.equals(node) && ifaceA.equals(iface) || b.equals(node) && ifaceB.equals(iface);
  }

  /** Returns the description of both ends. */
  @Override
  public String toString() {
    return a + ":" + ifaceA + " -- " + b + ":" + ifaceB;
  }
}
