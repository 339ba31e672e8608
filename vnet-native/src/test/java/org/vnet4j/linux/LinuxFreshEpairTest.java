// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.LinkStatus;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/**
 * Tests that a bridge forwards as soon as an epair at it is up. Linux takes up to a second for a
 * link that has the same index as its other end, and until then the bridge forwards nothing; see
 * linkwatch_urgent_event() in net/core/link_watch.c.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is about the Linux kernel")
class LinuxFreshEpairTest {
  private static final int CABLES = 40;
  private static final long LATE = 150_000_000;

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
      List<Long> waits = new ArrayList<>();
      for (int i = 0; i < CABLES; i++) {
        Epair cable = a.epair().vnet(b).create();
        bridge.add(cable.b());
        cable.a().up();
        cable.b().up();
        waits.add(untilReady(cable.a(), cable.b(), bridge));
        cable.destroy();
      }
      List<Long> sorted = waits.stream().sorted().toList();
      long late = sorted.stream().filter(wait -> wait > LATE).count();
      System.out.printf(
          "%d cables: ready after %.2f ms in the middle, %.2f ms at most; %d after more than 150 ms%n",
          CABLES, sorted.get(CABLES / 2) / 1e6, sorted.get(CABLES - 1) / 1e6, late);
      // A busy machine may delay some epairs, so the longest delay is not judged. The kernel's
      // delay would affect nearly all, by half a second at the median.
      assertThat(late).as("cables of 40 that were not ready in time").isLessThan(CABLES / 2);
    }
  }

  /** Waits by reading the list of links: a request for one link would make the kernel update it. */
  private static long untilReady(NetInterface... all) {
    long start = System.nanoTime();
    while (!Stream.of(all).allMatch(LinuxFreshEpairTest::isReady)) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
    }
    return System.nanoTime() - start;
  }

  private static boolean isReady(NetInterface end) {
    return end.stack().ifconfig().stream()
        .anyMatch(info -> info.name().equals(end.name()) && info.status() == LinkStatus.ACTIVE);
  }
}
