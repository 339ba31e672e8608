// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Vnet;

/** A test with a helper in a stack of its own, that must leave nothing behind. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the stacks of this test are Linux namespaces")
abstract class SandboxTest {
  private Leaks before = new Leaks(java.util.List.of());

  HelperProgram helper;

  @BeforeAll
  static void warm_up() {
    Leaks.warmUp();
  }

  @BeforeEach
  void open_sandbox() {
    before = Leaks.settled();
    helper = sandbox();
  }

  @AfterEach
  void close_sandbox() {
    if (helper != null) {
      helper.close();
    }
    before.assertNothingNew();
  }

  static HelperProgram sandbox() {
    try {
      return HelperProgram.sandbox();
    } catch (Vnet.NotPermittedException | Vnet.UnsupportedException e) {
      return Assumptions.abort("needs root or user namespaces: " + e.getMessage());
    }
  }

  static boolean root() {
    return Native.libc().geteuid() == 0;
  }
}
