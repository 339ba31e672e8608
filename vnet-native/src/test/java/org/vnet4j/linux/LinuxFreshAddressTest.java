// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;

/**
 * An interface is up once its IPv6 addresses receive packets. The kernel enters their local routes
 * in a thread of its own, on a busy machine seconds later; here the route is deleted instead.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is about the Linux kernel")
@Timeout(60)
class LinuxFreshAddressTest {
  private static final String ADDRESS = "2001:db8::1";

  private Vnet vnet;
  private Jail jail;
  private NetInterface end;

  @BeforeEach
  void an_address_without_a_local_route() {
    var reason = new LinuxProvider().unavailable();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    Programs.need("ip");
    vnet = Vnet.sandbox();
    jail = vnet.host().jail("web").create();
    Epair cable = vnet.host().epair().vnet(jail).create();
    cable.a().up();
    end = cable.b().up().inet6(ADDRESS + "/64");
    localRoute("del");
  }

  @AfterEach
  void close() {
    if (vnet != null) {
      vnet.close();
    }
  }

  private void localRoute(String command) {
    jail.exec("ip", "-6", "route", command, "local", ADDRESS, "dev", end.name(), "table", "local")
        .check()
        .run(Duration.ofSeconds(10));
  }

  @Test
  void up_returns_once_the_address_receives_packets() throws Exception {
    Thread up = new Thread(end::up);
    up.start();
    Await.untilIn(up, "awaitReady");
    up.join(200);
    assertThat(up.isAlive()).as("up() waits").isTrue();

    localRoute("add");

    up.join(2000);
    assertThat(up.isAlive()).as("up() waits").isFalse();
  }

  @Test
  void up_returns_all_the_same_after_some_seconds() {
    long begin = System.nanoTime();

    end.up();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(4));
  }
}
