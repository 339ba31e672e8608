// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.DhcpLease;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;

/** A DHCP lease is obtained and applied, or the attempt leaves nothing. */
public abstract class DhcpContract extends Contract {
  private static final int DHCP_TYPE = 242;
  private static final int DHCP_REQUEST = 3;
  private static final int SERVER = 0xc6336401; // 198.51.100.1
  private static final int OFFERED = 0xc6336432; // 198.51.100.50

  /** Name of the client's interface; no other program on this machine uses it. */
  private static final String NAME = "dhcp" + ProcessHandle.current().pid();

  @TempDir Path directory;
  private Jail world;
  private Jail client;
  private NetInterface iface;
  private Process server;
  private String before;

  /** Creates the networks. The client has a route already, by another epair. */
  @BeforeEach
  void lay_cables() {
    needsTraffic();
    Programs.need("dhclient", "udhcpc", "dhcpcd");
    Programs.need("dnsmasq");
    world = jail("world");
    client = jail("client");
    Epair wire = world.epair().names("wire", NAME).vnet(client).create();
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
        .filter(one -> one.info().commandLine().filter(line -> line.contains(NAME)).isPresent())
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
        .extracting(route -> route.gateway().orElseThrow().getHostAddress())
        .containsExactly("198.51.100.1");
    assertThat(program()).as("the client").isEmpty();
  }

  @Test
  void a_lease_that_cannot_be_applied_leaves_addresses_and_routes_as_they_were() {
    serve("--dhcp-option=option:router,203.0.113.9"); // in none of the client's networks

    assertThatThrownBy(() -> client.dhcp(iface))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("203.0.113.9")
        .hasNoSuppressedExceptions();

    assertAllIsAsBefore();
  }

  @Test
  void when_the_client_is_killed_there_is_no_lease_and_nothing_left() throws Exception {
    CompletableFuture<DhcpLease> lease =
        CompletableFuture.supplyAsync(() -> client.dhcp(iface)); // without a server

    Await.until(DhcpContract::program, Optional::isPresent).orElseThrow().destroyForcibly();

    assertThatThrownBy(lease::get)
        .hasCauseInstanceOf(DhcpLease.NoLeaseException.class)
        .hasMessageContaining(" ended with status 137");
    assertAllIsAsBefore();
  }

  @Test
  void a_hook_that_cannot_write_ends_the_attempt_and_leaves_nothing() throws Exception {
    CompletableFuture<DhcpLease> lease = CompletableFuture.supplyAsync(() -> client.dhcp(iface));
    Await.until("the hook is hindered", DhcpContract::hinderTheHook);
    serve();

    assertThatThrownBy(() -> lease.get())
        .hasCauseInstanceOf(DhcpLease.NoLeaseException.class)
        .hasMessageContaining("could not be written down: lease-hook: open lease.new: ");
    assertAllIsAsBefore();
  }

  /**
   * Creates a directory in place of the file that the hook writes; finds its path in the client's
   * arguments.
   */
  private static boolean hinderTheHook() {
    Optional<String> place =
        program()
            .flatMap(one -> one.info().commandLine())
            .map(Pattern.compile("\\S*/vnet-dhcp[^/\\s]*/")::matcher)
            .filter(Matcher::find)
            .map(Matcher::group);
    return place.isPresent() && Path.of(place.get(), "lease.new").toFile().mkdir();
  }

  /** Nobody hears the request, the client repeats it, and the time limit ends. */
  @Test
  void a_server_that_is_gone_between_offer_and_lease_leaves_nothing() throws Exception {
    CompletableFuture<Boolean> requested = new CompletableFuture<>();
    try (DatagramChannel channel = world.sockets().bind("0.0.0.0", 67)) {
      channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
      Thread server = new Thread(() -> requested.complete(offersOnly(channel)));
      server.start();

      Duration limit = Duration.ofSeconds(3);
      while (!requested.isDone()) { // a slow client may not have come so far
        Duration more = limit.multipliedBy(2);
        assertThatThrownBy(() -> client.dhcp(iface, more))
            .isInstanceOf(DhcpLease.NoLeaseException.class);
        limit = more;
      }

      assertThat(requested.get()).as("the client asked for it").isTrue();
      server.join();
    }
    assertAllIsAsBefore();
  }

  /** Offers an address, and stops when the client requests it. */
  private static boolean offersOnly(DatagramChannel channel) {
    ByteBuffer message = ByteBuffer.allocate(1500);
    try (channel) {
      while (true) {
        channel.receive(message.clear());
        if (message.get(DHCP_TYPE) == DHCP_REQUEST) {
          return true;
        }
        message.put(0, (byte) 2).putInt(16, OFFERED).position(240);
        message.put(new byte[] {53, 1, 2, 54, 4}).putInt(SERVER).put(new byte[] {51, 4});
        message.putInt(3600).put(new byte[] {1, 4}).putInt(0xffffff00).put((byte) -1);
        message.put(new byte[300 - message.position()]).flip();
        channel.send(message, new InetSocketAddress("198.51.100.255", 68));
      }
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void a_server_that_is_gone_when_the_lease_is_asked_for_again_takes_nothing_away()
      throws Exception {
    serve();
    DhcpLease lease = client.dhcp(iface);
    server.destroyForcibly().waitFor();
    String leased = picture();

    assertThatThrownBy(() -> client.dhcp(iface, Duration.ofSeconds(3)))
        .isInstanceOf(DhcpLease.NoLeaseException.class);

    assertThat(picture()).isEqualTo(leased);
    assertThat(iface.addresses()).contains(lease.address());
    assertThat(program()).as("the client").isEmpty();
  }
}
