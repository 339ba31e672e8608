// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.DhcpLease;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.contract.kit.WordServer;
import org.vnet4j.probe.PingResult;

/** Whole programs as in the README; the lines they share with it are the same. */
public abstract class ProgramsContract extends Contract {

  @Test
  void a_jail_with_a_web_server_is_reached_from_the_host() throws Exception {
    needsTraffic();
    Programs.need("python3");

    Epair cable = host.epair().create(); // epair0a, epair0b
    Jail jail = host.jail("networkjail").persist().vnet(cable.b()).create();

    cable.b().inet("192.0.2.2/24").up(); // acts inside the jail: the handle followed the end
    cable.a().inet("192.0.2.1/24").up();

    PingResult ping = host.ping("192.0.2.2").count(2).run(); // 2 sent, 2 received
    Process server = jail.exec("python3", "-m", "http.server").start();

    assertThat(ping.received()).isEqualTo(2);
    assertThat(get(server, "192.0.2.2", 8000)).startsWith("HTTP/1.0 200 OK");
    assertThat(vnet.jails()).extracting(Jail::name).containsExactly("networkjail");

    jail.remove(); // cable.b() is back on the host
    assertThat(names(host)).contains("epair0a", "epair0b");
    assertThat(cable.b().stack()).isSameAs(host);
    assertThat(server.waitFor()).isNotZero();

    cable.destroy(); // both halves go
    assertThat(names(host)).doesNotContain("epair0a", "epair0b");
  }

  @Test
  void a_jail_in_a_jail_gets_its_address_by_dhcp_through_a_bridge(@TempDir Path directory)
      throws IOException, InterruptedException {
    needsTraffic();
    Programs.need("dhclient", "udhcpc", "dhcpcd");
    Programs.need("dnsmasq");
    Jail world = worldBehindEm0();
    Process server = Programs.dhcpServer(world, directory).start();
    try {
      Sub sub = jailInJail();

      DhcpLease lease = sub.jail.dhcp(sub.cable.b()); // runs the system's DHCP client in there

      assertThat(lease.address().toString()).matches("198\\.51\\.100\\.(5[0-9]|60)/24");
      assertThat(sub.cable.b().addresses()).contains(lease.address());
      reaches(sub.jail, "198.51.100.1");
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_jail_in_a_jail_reaches_the_world_through_a_bridge() {
    worldBehindEm0();
    Sub sub = jailInJail();

    sub.cable.b().inet("198.51.100.50/24").up();

    assertThat(sub.jail.name()).isEqualTo("isojail.subjail");
    if (carriesTraffic()) {
      reaches(sub.jail, "198.51.100.1");
    }
    vnet.findJail("isojail").orElseThrow().remove();
    assertThat(names(host)).contains("em0");
  }

  private record Sub(Jail jail, Epair cable) {}

  private Sub jailInJail() {
    needs(Capability.NESTED_JAILS, Capability.BRIDGE);
    vnet.modules().load("if_epair", "if_bridge"); // jails cannot load modules
    NetInterface em0 = host.iface("em0"); // any interface, physical ones too
    Jail iso = host.jail("isojail").persist().vnet(em0).childrenMax(1).create();
    Bridge bridge = iso.bridge().create();
    Epair cable = iso.epair().create(); // made inside the jail
    Jail sub = iso.jail("subjail").persist().vnet(cable.b()).create(); // isojail.subjail
    bridge.add(em0).add(cable.a()).up();
    cable.a().up();
    em0.up();
    return new Sub(sub, cable);
  }

  /**
   * Creates a jail on the other side of an interface named em0, which stands for a network card.
   */
  private Jail worldBehindEm0() {
    Jail world = jail("world");
    Epair wire = host.epair().names("card", "world0").vnet(world).create();
    wire.a().rename("em0");
    wire.b().inet("198.51.100.1/24").up();
    return world;
  }

  /** Asks a server that may still be starting. */
  private String get(Process server, String address, int port) {
    return Await.until(
        () -> {
          try (SocketChannel channel =
              host.sockets().connect(address, port, Duration.ofSeconds(5))) {
            channel.write(StandardCharsets.US_ASCII.encode("HEAD / HTTP/1.0\r\n\r\n"));
            return WordServer.hear(channel);
          } catch (ConnectException e) {
            if (!server.isAlive()) {
              throw new AssertionError("it ended: " + server.errorReader().lines().toList(), e);
            }
            return "";
          }
        },
        answer -> !answer.isEmpty());
  }
}
