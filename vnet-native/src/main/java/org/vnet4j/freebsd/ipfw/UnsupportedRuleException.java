// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

/**
 * Thrown for a rule of the kernel that a neutral rule cannot express. The message has the part that
 * it cannot express.
 */
public final class UnsupportedRuleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedRuleException(String message) {
    super(message);
  }
}
