// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.DhcpLease;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;

/** A lease is had and applied, or nothing is left of the attempt. */
public abstract class DhcpContract extends Contract {
  @TempDir Path directory;
  private Jail world;
  private Jail client;
  private NetInterface iface;
  private Process server;
  private String before;

  /** The client has a way out already, by another cable. */
  @BeforeEach
  void lay_cables() {
    needsTraffic();
    Programs.need("dhclient", "udhcpc", "dhcpcd");
    Programs.need("dnsmasq");
    world = jail("world");
    client = jail("client");
    Epair wire = world.epair().names("wire", "dhcptest0").vnet(client).create();
    wire.a().inet("198.51.100.1/24").up();
    iface = wire.b();
    cable(world, client, "192.0.2.1/24", "192.0.2.2/24");
    client.routes().add("default", "192.0.2.1");
    before = picture();
  }

  @AfterEach
  void end() throws InterruptedException {
    if (server != null) {
      server.destroyForcibly().waitFor();
    }
  }

  private void serve(String... options) {
    server = Programs.dhcpServer(world, directory, options).start();
  }

  private static Optional<ProcessHandle> program() {
    return ProcessHandle.allProcesses()
        .filter(
            one -> one.info().commandLine().filter(line -> line.contains("dhcptest0")).isPresent())
        .findFirst();
  }

  private void assertAllIsAsBefore() {
    assertThat(picture()).isEqualTo(before);
    assertThat(program()).as("the client").isEmpty();
  }

  @Test
  void a_lease_takes_the_place_of_the_default_route() {
    serve();

    DhcpLease lease = client.dhcp(iface);

    assertThat(iface.addresses()).contains(lease.address());
    assertThat(client.routes().list().stream().filter(route -> route.isDefault()))
        .extracting(route -> route.via().orElseThrow().getHostAddress())
        .containsExactly("198.51.100.1");
    assertThat(program()).as("the client").isEmpty();
  }

  @Test
  void a_lease_that_cannot_be_applied_leaves_addresses_and_routes_as_they_were() {
    serve("--dhcp-option=option:router,203.0.113.9"); // which is in no network of the client

    assertThatThrownBy(() -> client.dhcp(iface))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("203.0.113.9")
        .hasNoSuppressedExceptions();

    assertAllIsAsBefore();
  }

  @Test
  void when_the_client_is_killed_there_is_no_lease_and_nothing_left() throws Exception {
    CompletableFuture<DhcpLease> lease =
        CompletableFuture.supplyAsync(() -> client.dhcp(iface)); // nobody serves
    Optional<ProcessHandle> found = program();
    for (int i = 0; i < 500 && found.isEmpty(); i++) {
      Thread.sleep(10);
      found = program();
    }
    Thread.sleep(100);

    found.orElseThrow().destroyForcibly();

    assertThatThrownBy(() -> lease.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DhcpLease.NoLeaseException.class)
        .hasMessageContaining(" ended with status 137");
    assertAllIsAsBefore();
  }
}
