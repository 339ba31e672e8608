// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

/** Names the files of the report beside a failure. Has no stack trace. */
final class Evidence extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Evidence(String message) {
    super(message, null, false, false);
  }

  /** Returns the message alone, without the name of this class. */
  @Override
  public String toString() {
    return getMessage();
  }
}
