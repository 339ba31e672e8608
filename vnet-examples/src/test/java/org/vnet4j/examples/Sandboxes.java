// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.junit.jupiter.api.Assumptions.abort;

import org.vnet4j.Vnet;

/** Opens sandboxes; if that is not possible, skips the test with the reason. */
final class Sandboxes {
  private Sandboxes() {}

  static Vnet open() {
    try {
      return Vnet.sandbox();
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return abort(e.getMessage());
    }
  }
}
