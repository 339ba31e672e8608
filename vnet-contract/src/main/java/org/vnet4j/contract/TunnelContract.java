// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetInterface.NameTakenException;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Filter;
import org.vnet4j.net.InterfaceFlag;
import org.vnet4j.net.InterfaceKind;

/** Tunnels through the network of an epair, by gre and gif, where a kernel has them. */
public abstract class TunnelContract extends Contract {
  private static final String HERE = "198.51.100.1";
  private static final String THERE = "198.51.100.2";
  private static final String HERE6 = "2001:db8:1::1";
  private static final String THERE6 = "2001:db8:1::2";
  private static final int ETHERNET = 14;
  private static final int IPV4_HEADER = 20;
  private static final int PROTOCOL_IPV4 = 4;
  private static final int PROTOCOL_GRE = 47;

  private Jail far;
  private Epair cable;

  private void network() {
    far = jail("far");
    cable = cable(host, far, HERE + "/24", THERE + "/24");
  }

  private void network6() {
    far = jail("far");
    cable = cable(host, far, HERE6 + "/64", THERE6 + "/64");
  }

  /** Adds addresses of both families to both ends, and checks that they reach each other. */
  private void carries(NetInterface here, NetInterface there) {
    here.inet("10.9.0.1/30").up();
    there.inet("10.9.0.2/30").up();
    if (carriesTraffic()) {
      reaches(here.stack(), "10.9.0.2");
      reaches(there.stack(), "10.9.0.1");
    }
    if (vnet.has(Capability.IPV6)) {
      here.inet6("2001:db8:9::1/64");
      there.inet6("2001:db8:9::2/64");
      if (carriesTraffic()) {
        reaches(here.stack(), "2001:db8:9::2");
      }
    }
  }

  @Test
  void a_gre_carries_packets_of_both_families() {
    needs(Capability.GRE);
    network();

    NetInterface here = host.gre(HERE, THERE).create();
    NetInterface there = far.gre(THERE, HERE).name("tunnel").create();

    assertThat(here.name()).matches("gre[0-9]+");
    assertThat(here.info().kind()).isEqualTo(InterfaceKind.GRE);
    assertThat(here.info().flags()).contains(InterfaceFlag.POINTOPOINT);
    assertThat(here.info().flags()).doesNotContain(InterfaceFlag.UP);
    assertThat(here.lladdr()).isEmpty();
    assertThat(there.name()).isEqualTo("tunnel");
    carries(here, there);
    here.mtu(1400);
    assertThat(here.mtu()).isEqualTo(1400);
    refused(
        NameTakenException.class,
        () -> far.gre(THERE, "192.0.2.9").name("tunnel").create(),
        "tunnel");
    here.destroy();
    assertThat(here.exists()).isFalse();
  }

  @Test
  void a_gif_carries_packets_of_both_families() {
    needs(Capability.GIF);
    network();

    NetInterface here = host.gif(HERE, THERE).create();
    NetInterface there = far.gif(THERE, HERE).name("tunnel").create();

    assertThat(here.name()).isEqualTo("gif0");
    assertThat(here.info().kind()).isEqualTo(InterfaceKind.GIF);
    assertThat(here.info().flags()).contains(InterfaceFlag.POINTOPOINT);
    assertThat(here.info().flags()).doesNotContain(InterfaceFlag.UP);
    assertThat(here.lladdr()).isEmpty();
    carries(here, there);
    here.mtu(1400);
    assertThat(here.mtu()).isEqualTo(1400);
    refused(
        NameTakenException.class,
        () -> far.gif(THERE, "192.0.2.9").name("tunnel").create(),
        "tunnel");
    here.destroy();
    assertThat(here.exists()).isFalse();
  }

  @Test
  void a_second_tunnel_between_the_same_ends_is_refused() {
    needs(Capability.GRE, Capability.GIF);
    network();
    host.gre(HERE, THERE).create();
    host.gif(HERE, THERE).create();

    refused(NetInterface.BusyException.class, () -> host.gre(HERE, THERE).create(), "gre");
    refused(NetInterface.BusyException.class, () -> host.gif(HERE, THERE).create(), "gif");
    assertThatThrownBy(() -> host.gif(HERE, THERE).name("x").create())
        .isInstanceOf(NetInterface.BusyException.class);
    assertThat(names(host)).doesNotContain("x");
    host.gre(HERE, "198.51.100.3").create();
  }

  @Test
  void a_gre_with_a_key_goes_over_ipv6() {
    needs(Capability.GRE, Capability.IPV6);
    network6();

    carries(
        host.gre(HERE6, THERE6).key(0xfffffffeL).create(),
        far.gre(THERE6, HERE6).key(0xfffffffeL).create());
  }

  @Test
  void the_packets_of_a_gre_have_its_key() {
    needsTraffic();
    needs(Capability.GRE, Capability.CAPTURE);
    network();

    ByteBuffer packet = sent(host.gre(HERE, THERE).key(0xfffffffeL).create(), THERE);

    assertThat(packet.getShort(ETHERNET + IPV4_HEADER)).as("flags").isEqualTo((short) 0x2000);
    assertThat(packet.getInt(ETHERNET + IPV4_HEADER + 4)).as("key").isEqualTo(0xfffffffe);
  }

  @Test
  void a_gif_goes_over_ipv6() {
    needs(Capability.GIF, Capability.IPV6);
    network6();

    carries(host.gif(HERE6, THERE6).create(), far.gif(THERE6, HERE6).create());
  }

  @Test
  void a_gre_carries_frames_of_bridges() {
    needs(Capability.GRE_ETHERNET);
    network();

    bridged(host, host.gre(HERE, THERE).key(7).ethernet().create(), "10.9.0.1/24");
    bridged(far, far.gre(THERE, HERE).key(7).ethernet().create(), "10.9.0.2/24");

    if (carriesTraffic()) {
      reaches(host, "10.9.0.2");
    }
  }

  @Test
  void a_gre_carries_frames_of_bridges_over_ipv6() {
    needs(Capability.GRE_ETHERNET, Capability.IPV6);
    network6();

    bridged(host, host.gre(HERE6, THERE6).ethernet().create(), "10.9.0.1/24");
    bridged(far, far.gre(THERE6, HERE6).ethernet().create(), "10.9.0.2/24");

    if (carriesTraffic()) {
      reaches(host, "10.9.0.2");
    }
  }

  @Test
  void a_gif_in_a_bridge_carries_its_frames() {
    needs(Capability.GIF_ETHERNET);
    network();

    bridged(host, host.gif(HERE, THERE).create(), "10.9.0.1/24");
    bridged(far, far.gif(THERE, HERE).create(), "10.9.0.2/24");

    if (carriesTraffic()) {
      reaches(host, "10.9.0.2");
    }
  }

  private static void bridged(NetworkStack stack, NetInterface tunnel, String address) {
    Bridge bridge = stack.bridge().create();
    bridge.add(tunnel.up()).inet(address).up();
    assertThat(tunnel.info().bridge()).contains(bridge.name());
  }

  @Test
  void a_tunnel_is_given_where_its_packets_can_go_on_as_before() {
    needs(Capability.GRE);
    network();
    Jail inner = jail("inner");
    NetInterface here = host.gre(HERE, THERE).name("g").create();
    NetInterface there = far.gre(THERE, HERE).create();

    if (vnet.has(Capability.MOVE_TUNNEL)) {
      assertThat(here.vnet(inner).stack()).isSameAs(inner);
      carries(here, there);
    } else {
      refused(Vnet.UnsupportedException.class, () -> here.vnet(inner), "MOVE_TUNNEL");
      refused(
          Vnet.UnsupportedException.class,
          () -> host.jail("new").vnet(here).create(),
          "MOVE_TUNNEL");
    }
  }

  @Test
  void a_tunnels_packets_have_a_hop_limit_of_their_own_where_each_may_have_one() {
    needs(Capability.GRE, Capability.GIF, Capability.CAPTURE);
    network();
    NetInterface here;
    try {
      here = host.gre(HERE, THERE).ttl(7).create();
    } catch (Vnet.UnsupportedException e) {
      assertThat(e).hasMessageContaining("net.inet.ip.grettl");
      refused(
          Vnet.UnsupportedException.class,
          () -> host.gif(HERE, THERE).ttl(7).create(),
          "net.inet.ip.gifttl");
      return;
    }
    NetInterface gif = host.gif(HERE, THERE).ttl(255).create();
    if (carriesTraffic()) {
      ByteBuffer packet = sent(here, THERE);
      assertThat(packet.get(ETHERNET + 8)).as("hop limit").isEqualTo((byte) 7);
      assertThat(packet.get(ETHERNET + 9)).isEqualTo((byte) PROTOCOL_GRE);
      here.destroy();
      packet = sent(gif, THERE);
      assertThat(packet.get(ETHERNET + 8)).as("hop limit").isEqualTo((byte) 255);
      assertThat(packet.get(ETHERNET + 9)).isEqualTo((byte) PROTOCOL_IPV4);
    }
  }

  @Test
  void so_do_those_of_tunnels_over_ipv6() {
    needsTraffic();
    needs(Capability.GRE, Capability.GIF, Capability.CAPTURE, Capability.IPV6);
    network6();
    NetInterface here;
    try {
      here = host.gre(HERE6, THERE6).ttl(8).create();
    } catch (Vnet.UnsupportedException e) {
      return; // as above
    }

    ByteBuffer packet = sent(here, THERE6);
    assertThat(packet.get(ETHERNET + 6)).isEqualTo((byte) PROTOCOL_GRE);
    assertThat(packet.get(ETHERNET + 7)).as("hop limit").isEqualTo((byte) 8);
    here.destroy();
    packet = sent(host.gif(HERE6, THERE6).ttl(9).create(), THERE6);
    assertThat(packet.get(ETHERNET + 6)).isEqualTo((byte) PROTOCOL_IPV4);
    assertThat(packet.get(ETHERNET + 7)).as("hop limit").isEqualTo((byte) 9);
  }

  /** Sends a packet through a tunnel to an end; returns its frame as it leaves by the cable. */
  private ByteBuffer sent(NetInterface tunnel, String end) {
    reaches(host, end);
    tunnel.inet("10.9.0.1/30").up();
    Filter filter =
        Filter.ip()
            .or(Filter.ip6())
            .and(Filter.host(end))
            .and(Filter.icmp().or(Filter.icmp6()).not());
    try (Capture capture =
        cable.a().capture().filter(filter).duration(Duration.ofSeconds(30)).packets(1).start()) {
      host.ping("10.9.0.2").count(1).timeout(Duration.ofMillis(300)).run();

      CapturedPacket packet = capture.next();
      assertThat(packet).isNotNull();
      return ByteBuffer.wrap(packet.bytes());
    }
  }

  @Test
  void what_is_no_tunnel_is_refused_before_anything_is_made() {
    bad(() -> host.gre(HERE, THERE6), "different address families", THERE6);
    bad(() -> host.gif(HERE, HERE), "both ends are " + HERE);
    bad(() -> host.gif("0.0.0.0", HERE), "0.0.0.0 is no address of a machine");
    bad(() -> host.gre(HERE, "224.0.0.1"), "224.0.0.1 is no address of a machine");
    bad(() -> host.gre(HERE, THERE).key(0), "GRE key 0 is not in 1..4294967295");
    bad(() -> host.gre(HERE, THERE).key(1L << 32), "4294967296");
    bad(() -> host.gif(HERE, THERE).ttl(256), "ttl 256 is not in 1..255");
  }

  private static void bad(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).message().contains(words);
  }
}
