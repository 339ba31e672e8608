// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.junit.jupiter.api.Assumptions.abort;

import org.vnet4j.Vnet;

/** What the machine the tests run on lets us do. */
final class Machine {
  private Machine() {}

  /** Opens a sandbox, or skips the test with the reason why there can be none here. */
  static Vnet sandbox() {
    try {
      return Vnet.sandbox();
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return abort(e.getMessage());
    }
  }

  /** Returns whether tests may use the machine's own stack, under names of their own. */
  static boolean mayChangeTheMachine() {
    try (Vnet vnet = Vnet.open()) {
      return true;
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return false;
    }
  }
}
