// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

/** Says what in a rule of the kernel's a neutral rule cannot say. */
final class UnsupportedRuleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedRuleException(String message) {
    super(message);
  }
}
