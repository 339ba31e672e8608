// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vnet4j.Kenv;
import org.vnet4j.Modules;

/** Tests the kernel's modules and its environment. */
public abstract class KernelContract extends Contract {
  private static final String VARIABLE = "vnet4j.contract.test";

  @Test
  void modules_are_loaded_once_or_twice() {
    vnet.modules().load("if_epair", "if_bridge").load("if_epair");

    assertThat(vnet.modules().loaded("if_epair")).isTrue();
    assertThat(vnet.modules().loaded("if_bridge")).isTrue();
    assertThat(vnet.modules().list()).contains("if_epair", "if_bridge");
  }

  @Test
  void a_module_the_kernel_does_not_have_is_named() {
    refused(Modules.NotFoundException.class, () -> vnet.modules().load("if_nosuch"), "if_nosuch");
    assertThat(vnet.modules().loaded("if_nosuch")).isFalse();
  }

  @Test
  void module_names_are_plain() {
    for (String name : new String[] {"", "../x", "a b", "$(x)", "a;b", "a".repeat(65)}) {
      refused(IllegalArgumentException.class, () -> vnet.modules().load(name), "\"" + name + "\"");
    }
  }

  @Test
  void a_variable_is_set_read_changed_and_removed() {
    Kenv kenv = vnet.kenv();
    try {
      assertThat(kenv.get(VARIABLE)).isEmpty();

      kenv.set(VARIABLE, "1");
      assertThat(kenv.get(VARIABLE)).contains("1");
      assertThat(kenv.all()).containsEntry(VARIABLE, "1");

      kenv.set(VARIABLE, "a longer value");
      assertThat(kenv.get(VARIABLE)).contains("a longer value");
    } finally {
      kenv.unset(VARIABLE);
    }
    assertThat(kenv.get(VARIABLE)).isEmpty();
    kenv.unset(VARIABLE);
  }

  @Test
  void a_variable_has_a_plain_name_and_a_short_value() {
    refused(IllegalArgumentException.class, () -> vnet.kenv().set("a b", "1"), "a b");
    refused(IllegalArgumentException.class, () -> vnet.kenv().get(""), "\"\"");
    refused(
        IllegalArgumentException.class,
        () -> vnet.kenv().set(VARIABLE, "x".repeat(128)),
        VARIABLE,
        "127");
  }

  @Test
  void a_kernel_names_itself() {
    assertThat(vnet.kernelVersion()).matches("[A-Z][A-Za-z]+ [0-9].*");
  }
}
