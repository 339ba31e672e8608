// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.net.InterfaceFlag;

/**
 * Tests that both ends of an epair carry packets when the second is up. A list shows the state as
 * it is; to read one interface would bring it up to date.
 */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the stacks of this test are Linux namespaces")
final class LinuxFreshCarrierTest {
  private static final int PAIRS = 20;

  @Test
  void the_first_packet_of_an_epair_is_not_lost() {
    try (Vnet vnet = Machine.sandbox()) {
      for (int i = 0; i < PAIRS; i++) {
        Jail left = vnet.host().jail("left" + i).create();
        Jail right = vnet.host().jail("right" + i).create();
        Epair cable = left.epair().vnet(right).create();
        cable.a().up();
        cable.b().up();
        assertThat(isRunning(left, cable.a())).as("first end, pair " + i).isTrue();
        assertThat(isRunning(right, cable.b())).as("second end, pair " + i).isTrue();
      }
    }
  }

  private static boolean isRunning(Jail jail, NetInterface end) {
    String name = end.name();
    return jail.ifconfig().stream()
        .filter(info -> info.name().equals(name))
        .anyMatch(info -> info.flags().contains(InterfaceFlag.RUNNING));
  }
}
