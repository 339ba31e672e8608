// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.junit.jupiter.api.Assumptions.abort;

import org.vnet4j.Vnet;

/** Checks what the tests may do on this machine. */
final class Machine {
  private Machine() {}

  /** Opens a sandbox, or skips the test with the reason why none is possible here. */
  static Vnet sandbox() {
    try {
      return Vnet.sandbox();
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return abort(e.getMessage());
    }
  }

  /** Returns whether tests may use the machine's own stack, with names of their own. */
  static boolean mayChangeTheMachine() {
    try (Vnet vnet = Vnet.open()) {
      return true;
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return false;
    }
  }
}
