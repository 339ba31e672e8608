// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vnet4j.NetworkStack;
import org.vnet4j.firewall.Decision;
import org.vnet4j.firewall.Evaluation;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Packet;
import org.vnet4j.firewall.PacketBuilder;

/** Determines which rule decides a probe, by evaluating the rules for each of its packets. */
final class RulePrediction {
  private static final int CLIENT_PORT = 49152;

  private final StackSketch sketch;
  private final Evaluation evaluation;
  private int port = CLIENT_PORT;

  /**
   * Creates a prediction for the rules that a replica has, with its tables.
   *
   * @param replica the stack into which the rules are loaded
   */
  RulePrediction(StackSketch sketch, FirewallUnderTest engine, NetworkStack replica) {
    this.sketch = sketch;
    this.evaluation = new Evaluation(engine.loaded(replica), engine.matching()).me(sketch.own());
    engine.tables(replica).forEach(table -> evaluation.table(table.name(), table.list()));
  }

  /**
   * The predicted outcome of a probe.
   *
   * @param outcome the predicted outcome
   * @param decision the decision that stopped a packet, or the decision that passed the first
   *     packet
   */
  record Seen(Outcome outcome, Decision decision) {
    Optional<String> rule() {
      return decision.rule().map(NumberedRule::toString);
    }
  }

  /** Evaluates the rules for the packets of a probe and of its answer. */
  Seen follow(Probe probe) {
    port++;
    evaluation.forgetStates();
    Decision first = null;
    for (Packet packet : crossings(probe)) {
      Decision decision = evaluation.decide(packet);
      first = first == null ? decision : first;
      if (!decision.passes()) {
        boolean told = decision.answer().isPresent() && packet.source().equals(probe.from());
        return new Seen(told ? Outcome.REFUSED : Outcome.DROPPED, decision);
      }
    }
    if (first == null) {
      throw new AssertionError(probe + " crosses nothing");
    }
    return new Seen(Outcome.PASSED, first);
  }

  private List<Packet> crossings(Probe probe) {
    List<Packet> packets = new ArrayList<>();
    InetAddress from = probe.from();
    InetAddress to = probe.to();
    cross(request(probe, from, to), from, to, packets);
    if (probe.kind() != Probe.Kind.UDP) {
      cross(answer(probe, from, to), to, from, packets);
    }
    return packets;
  }

  private PacketBuilder request(Probe probe, InetAddress from, InetAddress to) {
    return switch (probe.kind()) {
      case PING -> Packet.icmp(from, to, isIpv6(probe) ? 128 : 8).length(isIpv6(probe) ? 104 : 84);
      case TCP -> Packet.tcp(from, port, to, probe.port()).length(isIpv6(probe) ? 80 : 60);
      case UDP -> Packet.udp(from, port, to, probe.port()).length(isIpv6(probe) ? 49 : 29);
    };
  }

  private PacketBuilder answer(Probe probe, InetAddress from, InetAddress to) {
    return probe.kind() == Probe.Kind.PING
        ? Packet.icmp(to, from, isIpv6(probe) ? 129 : 0).length(isIpv6(probe) ? 104 : 84)
        : Packet.tcp(to, probe.port(), from, port).flags("syn,ack").length(isIpv6(probe) ? 80 : 60);
  }

  private static boolean isIpv6(Probe probe) {
    return probe.from().getAddress().length == 16;
  }

  /**
   * Adds the packet as the rules see it: on the interface that receives it, and on the interface
   * that sends it.
   */
  private void cross(PacketBuilder packet, InetAddress from, InetAddress to, List<Packet> packets) {
    Optional<String> in = sketch.has(from) ? Optional.empty() : iface(from);
    Optional<String> out = sketch.has(to) ? Optional.empty() : iface(to);
    in.ifPresent(name -> packets.add(packet.receivedOn(name)));
    out.ifPresent(
        name ->
            packets.add(in.isPresent() ? packet.forwarded(in.get(), name) : packet.sentOn(name)));
  }

  private Optional<String> iface(InetAddress address) {
    return sketch.beyond(address).map(StackSketch.Beyond::iface);
  }
}
