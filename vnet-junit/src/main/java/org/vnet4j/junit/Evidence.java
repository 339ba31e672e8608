// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

/** Tells, beside a failure, where to look further. Has no stack trace. */
final class Evidence extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Evidence(String message) {
    super(message, null, false, false);
  }

  /** The message alone: the name of this class says nothing. */
  @Override
  public String toString() {
    return getMessage();
  }
}
