// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.memory.MemoryKernel;
import org.vnet4j.picture.Picture;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.StackParts;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/** Tests that names which other programs gave, and this library would not, harm nothing. */
class OddNamesTest {
  private static final String ODD = "o\u001b[1m\"<&`#\\";

  private final MemoryKernel kernel = new MemoryKernel();
  private final Vnet vnet = StackParts.vnet(kernel);

  @Test
  void lists_and_pictures_show_them_and_handles_take_them() {
    Jail jail = vnet.host().jail("one").create();
    Epair cable = vnet.host().epair().names("here", "there").vnet(jail).create();
    kernel.renameFromOutside(jail.jid(), "there", ODD);

    assertThat(vnet.epairs()).hasSize(1);
    assertThat(vnet.epairs().get(0).b()).isEqualTo(jail.iface(ODD));
    assertThat(vnet.epairs().get(0)).hasToString("here@host <-> o\\u001b[1m\"<&`#\\@one");
    assertThat(jail.iface(ODD).toString()).startsWith("o\\u001b[1m\"<&`#\\: flags=");
    Picture live = Picture.of(vnet);
    assertThat(live.lines()).hasSize(1);
    for (String drawn : List.of(live.toSvg(), live.toDot(), live.toMermaid())) {
      assertThat(drawn).contains("u001b[1m").doesNotContain("\u001b");
    }
    assertThat(live.toSvg()).contains("o\\u001b[1m&quot;&lt;&amp;`#\\").doesNotContain("<&`");
    assertThat(live.toDot()).contains("o\\\\u001b[1m\\\"<&`#\\\\");
    assertThat(live.toMermaid()).contains("o\\u001b[1m&quot;&lt;&amp;#96;#35;\\");

    jail.iface(ODD).destroy();
    assertThat(vnet.epairs()).isEmpty();
    assertThat(cable.a().exists()).isFalse();
  }

  @Test
  void a_plan_repairs_a_cable_whose_end_has_one() {
    Network network =
        Topology.named("lab")
            .hosts("a", "b")
            .link("a", "192.0.2.1/24", "b", "192.0.2.2/24")
            .build()
            .apply(vnet);
    kernel.renameFromOutside(network.node("a").jid(), "to-b", ODD);

    assertThat(network.plan().toString()).contains("+ cable a:to-b").doesNotContain("\u001b");
    network.plan().apply();

    assertThat(network.plan().isEmpty()).isTrue();
  }

  @Test
  void an_error_shows_no_control_character() {
    kernel.renameFromOutside(Kernel.HOST, vnet.host().epair().create().a().name(), ODD);

    assertThat(vnet.host().findIface("nosuch")).isEmpty();
    assertThat(vnet.host().iface(ODD).mtu(1400).mtu()).isEqualTo(1400);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> vnet.host().iface(ODD).deleteAddress("192.0.2.1/24"))
        .hasMessageContaining("o\\u001b[1m")
        .hasMessageNotContaining("\u001b");
  }
}
