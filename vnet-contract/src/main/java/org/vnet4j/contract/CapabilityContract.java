// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.net.Shaping;

/** A capability that is switched off is refused by name; the others still work. */
public abstract class CapabilityContract extends Contract {

  @Test
  void every_kernel_has_jails_cables_and_bridges() {
    assertThat(vnet.capabilities()).contains(Capability.VNET, Capability.EPAIR, Capability.BRIDGE);
  }

  @Test
  void without_vnet_there_are_no_jails() {
    refuses(Capability.VNET, host -> host.jail("web").create());
  }

  @Test
  void without_nested_jails_there_are_none_in_jails() {
    refuses(
        Capability.NESTED_JAILS,
        host -> host.jail("outer").childrenMax(1).create().jail("inner").create());
  }

  @Test
  void without_epair_there_are_no_cables() {
    refuses(Capability.EPAIR, host -> host.epair().create());
  }

  @Test
  void without_bridge_there_are_no_bridges() {
    refuses(Capability.BRIDGE, host -> host.bridge().create());
  }

  @Test
  void without_move_bridge_a_bridge_stays() {
    refuses(
        Capability.MOVE_BRIDGE,
        host -> {
          Jail jail = host.jail("web").create();
          host.bridge().create().vnet(jail);
        });
  }

  @Test
  void without_tap_there_are_no_taps() {
    refuses(Capability.TAP, host -> host.tap().create());
  }

  @Test
  void without_loopback_there_is_no_further_one() {
    refuses(Capability.LOOPBACK, host -> host.loopback().create());
  }

  @Test
  void without_vlan_there_are_no_vlans() {
    refuses(Capability.VLAN, host -> host.vlan(host.epair().create().a(), 7).create());
  }

  @Test
  void without_vxlan_there_are_no_vxlans() {
    refuses(Capability.VXLAN, host -> host.vxlan(7, "192.0.2.1", "192.0.2.2").create());
  }

  @Test
  void without_gre_there_are_no_gres() {
    refuses(Capability.GRE, host -> host.gre("192.0.2.1", "192.0.2.2").create());
  }

  @Test
  void without_gre_ethernet_a_gre_carries_no_frames() {
    needs(Capability.GRE);
    refuses(
        Capability.GRE_ETHERNET, host -> host.gre("192.0.2.1", "192.0.2.2").ethernet().create());
  }

  @Test
  void without_gif_there_are_no_gifs() {
    refuses(Capability.GIF, host -> host.gif("192.0.2.1", "192.0.2.2").create());
  }

  @Test
  void without_move_tunnel_a_gif_stays() {
    needs(Capability.GIF);
    refuses(
        Capability.MOVE_TUNNEL,
        host -> {
          Jail jail = host.jail("web").create();
          host.gif("192.0.2.1", "192.0.2.2").create().vnet(jail);
        });
  }

  @Test
  void without_ipv6_there_are_no_ipv6_addresses() {
    refuses(
        Capability.IPV6,
        host -> {
          NetInterface end = host.epair().create().a().inet("192.0.2.1/24");
          end.inet6("2001:db8::1/64");
        });
  }

  @Test
  void without_forwarding_no_stack_becomes_a_router() {
    refuses(Capability.FORWARDING, host -> host.jail("router").create().forwarding(true));
  }

  @Test
  void without_ipv6_a_stack_still_forwards_ipv4() {
    needs(Capability.FORWARDING);
    try (Vnet poor = sandbox(Capability.IPV6)) {
      poor.host().forwarding(true);

      assertThat(poor.host().forwarding()).isTrue();
    }
  }

  @Test
  void without_capture_nothing_is_captured() {
    refuses(Capability.CAPTURE, host -> host.epair().create().a().capture().start());
  }

  @Test
  void without_shape_rate_there_is_no_limit() {
    shapes(Capability.SHAPE_RATE, Shaping.bitsPerSecond(1_000_000));
  }

  @Test
  void without_shape_delay_there_is_no_delay() {
    shapes(Capability.SHAPE_DELAY, Shaping.NONE.delay(Duration.ofMillis(5)));
  }

  @Test
  void without_shape_jitter_there_is_no_jitter() {
    needs(Capability.SHAPE_DELAY);
    Duration some = Duration.ofMillis(5);
    shapes(Capability.SHAPE_JITTER, Shaping.NONE.delay(some).jitter(some));
  }

  @Test
  void without_shape_loss_there_is_no_loss() {
    shapes(Capability.SHAPE_LOSS, Shaping.NONE.loss(0.5));
  }

  @Test
  void without_shape_duplication_there_is_no_duplication() {
    shapes(Capability.SHAPE_DUPLICATION, Shaping.NONE.duplication(0.5));
  }

  private void shapes(Capability capability, Shaping shaping) {
    refuses(capability, host -> host.epair().create().shape(shaping));
  }

  private void refuses(Capability capability, Consumer<Host> use) {
    try (Vnet poor = sandbox(capability)) {
      assertThat(poor.has(capability)).isFalse();
      assertThat(poor.capabilities()).isSubsetOf(vnet.capabilities());
      assertThatThrownBy(() -> use.accept(poor.host()))
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining(capability.name());
    }
  }
}
