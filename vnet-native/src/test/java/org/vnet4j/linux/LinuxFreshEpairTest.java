// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.LinkStatus;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;

/**
 * Tests what lets a bridge forward as soon as an epair at it is up: the ends have different
 * indexes. Linux takes up to a second for a link that has the same index as its other end, and
 * until then the bridge forwards nothing; see linkwatch_urgent_event() in net/core/link_watch.c.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is about the Linux kernel")
@Timeout(240)
class LinuxFreshEpairTest {
  private static final int CABLES = 40;

  @Test
  void a_bridge_takes_a_fresh_cable_at_once() {
    var reason = new LinuxProvider().unavailable();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    try (Vnet vnet = Vnet.sandbox()) {
      Jail a = vnet.host().jail("a").create();
      Jail b = vnet.host().jail("b").create();
      a.bridge().create(); // so that both stacks number their links alike
      Bridge bridge = b.bridge().create();
      bridge.up();
      long start = System.nanoTime();
      for (int i = 0; i < CABLES; i++) {
        Epair cable = a.epair().vnet(b).create();
        assertThat(cable.a().info().index())
            .as("index of the other end")
            .isNotEqualTo(cable.b().info().index());
        bridge.add(cable.b());
        cable.a().up();
        cable.b().up();
        // Reads the list of links: a request for one link would make the kernel update it.
        Await.until(
            "all are ready", () -> Stream.of(cable.a(), cable.b(), bridge).allMatch(this::isReady));
        cable.destroy();
      }
      // Half a second for each, if the kernel took the ends for others: not judged, only shown.
      System.out.printf(
          "LinuxFreshEpairTest: %.1f ms for each%n", (System.nanoTime() - start) / 1e6 / CABLES);
    }
  }

  private boolean isReady(NetInterface end) {
    return end.stack().ifconfig().stream()
        .anyMatch(info -> info.name().equals(end.name()) && info.status() == LinkStatus.ACTIVE);
  }
}
