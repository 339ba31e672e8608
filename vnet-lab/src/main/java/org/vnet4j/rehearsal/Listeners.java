// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.vnet4j.firewall.Evaluation;
import org.vnet4j.firewall.MatchOrder;
import org.vnet4j.firewall.Packet;
import org.vnet4j.firewall.PacketBuilder;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Translation;

/** Determines where the listener of a probe is: at its destination, or where an rdr leads. */
final class Listeners {
  private static final int CLIENT_PORT = 49151;

  private final StackSketch sketch;
  private final List<Translation> translations;

  Listeners(StackSketch sketch, List<Translation> translations) {
    this.sketch = sketch;
    this.translations = translations;
  }

  /**
   * Returns the listener's address.
   *
   * @throws IllegalArgumentException if an rdr leads to an address that no interface leads to
   */
  InetSocketAddress of(Probe probe) {
    Optional<String> in =
        sketch.has(probe.from())
            ? Optional.empty()
            : sketch.beyond(probe.from()).map(StackSketch.Beyond::iface);
    if (in.isPresent() && probe.kind() != Probe.Kind.PING) {
      for (Translation one : translations) {
        if (one.kind() == Translation.Kind.RDR
            && one.iface().equals(in.get())
            && matches(one, probe, in.get())) {
          return new InetSocketAddress(
              reachable(one, probe), one.port() == 0 ? probe.port() : one.port());
        }
      }
    }
    return new InetSocketAddress(probe.to(), probe.port());
  }

  private boolean matches(Translation one, Probe probe, String in) {
    PacketBuilder packet =
        probe.kind() == Probe.Kind.TCP
            ? Packet.tcp(probe.from(), CLIENT_PORT, probe.to(), probe.port())
            : Packet.udp(probe.from(), CLIENT_PORT, probe.to(), probe.port());
    boolean sameFamily = one.target().getAddress().length == probe.to().getAddress().length;
    RuleSet only =
        RuleSet.denying()
            .add(1, Rules.allow().proto(one.protocol()).from(one.source()).to(one.destination()));
    return sameFamily
        && new Evaluation(only, MatchOrder.FIRST)
            .me(sketch.own())
            .decide(packet.receivedOn(in))
            .passes();
  }

  private InetAddress reachable(Translation one, Probe probe) {
    InetAddress target = one.target();
    if (!sketch.has(target) && !target.isLoopbackAddress() && sketch.beyond(target).isEmpty()) {
      throw new IllegalArgumentException(
          probe
              + ": no interface or route of "
              + sketch.name()
              + " leads where \""
              + one
              + "\" does");
    }
    return target;
  }
}
