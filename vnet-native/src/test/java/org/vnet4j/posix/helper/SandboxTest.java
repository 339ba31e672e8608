// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Vnet;
import org.vnet4j.posix.Leaks;
import org.vnet4j.posix.libc.Native;

/** A test with a helper in a stack of its own; it checks that the test leaves nothing behind. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the stacks of this test are Linux namespaces")
public abstract class SandboxTest {
  private Leaks before = new Leaks(java.util.List.of());

  protected HelperProgram helper;

  @BeforeAll
  protected static void warm_up() {
    Leaks.warmUp();
  }

  @BeforeEach
  protected void open_sandbox() {
    before = Leaks.settled();
    helper = sandbox();
  }

  @AfterEach
  protected void close_sandbox() {
    if (helper != null) {
      helper.close();
    }
    before.assertNothingNew();
  }

  protected static HelperProgram sandbox() {
    try {
      return HelperProgram.sandbox();
    } catch (Vnet.NotPermittedException | Vnet.UnsupportedException e) {
      return Assumptions.abort("needs root or user namespaces: " + e.getMessage());
    }
  }

  protected static boolean root() {
    return Native.libc().geteuid() == 0;
  }
}
