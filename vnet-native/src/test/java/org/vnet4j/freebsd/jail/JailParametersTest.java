// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.vnet4j.VnetException;

public class JailParametersTest {
  public static JailParameters vnet(String name) {
    return JailParameters.create()
        .put("name", name)
        .put("persist", true)
        .put("vnet", JailAbi.JAIL_SYS_NEW);
  }

  @Test
  void a_boolean_is_negated_before_its_last_component() {
    assertThat(JailParameters.negated("persist")).isEqualTo("nopersist");
    assertThat(JailParameters.negated("allow.mount.zfs")).isEqualTo("allow.mount.nozfs");
  }

  @Test
  void the_last_word_on_a_parameter_counts() {
    JailParameters parameters = JailParameters.create().put("persist", true).put("persist", false);
    parameters.vector();

    assertThat(parameters.count()).as("nopersist and errmsg").isEqualTo(4);
  }

  @Test
  void a_text_with_nul_or_without_end_is_refused_before_the_kernel_sees_it() {
    assertThatThrownBy(() -> JailParameters.create().put("name", "a\0b"))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("NUL");
    assertThatThrownBy(() -> JailParameters.create().put("name", "a".repeat(70_000)))
        .hasMessageContaining("65535");
  }

  @Test
  void a_parameter_that_was_not_asked_for_cannot_be_read() {
    assertThatThrownBy(() -> JailParameters.create().getInt("jid"))
        .isInstanceOf(IllegalStateException.class);
  }
}
