// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/** As many as there may be, and then one more. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
class LinuxLimitsTest {
  private static final int JAILS = 1000;

  @Test
  @Timeout(120)
  void one_jail_more_than_there_may_be_is_refused_and_each_of_the_others_is_whole() {
    try (Vnet vnet = Machine.sandbox()) {
      Jail outer = vnet.host().jail("outer").childrenMax(JAILS).create();
      List<Jail> jails = new ArrayList<>();
      for (int i = 0; i < JAILS; i++) {
        jails.add(outer.jail("j" + i).create());
      }
      assertThatThrownBy(() -> outer.jail("more").create())
          .isInstanceOf(Jail.LimitException.class)
          .hasMessageContaining("childrenMax(" + (JAILS + 1) + ")");
      assertThat(vnet.jls()).hasSize(JAILS + 1);

      NetInterface end = outer.epair().vnet(jails.get(JAILS - 1)).create().b();
      assertThat(end.inet("192.0.2.1/24").addresses()).hasSize(1);
      jails.get(0).remove();
      assertThat(outer.jail("more").create().ifconfig()).hasSize(1);
      outer.remove();

      assertThat(vnet.jls()).isEmpty();
      vnet.host().jail("again").create().remove();
    }
  }
}
