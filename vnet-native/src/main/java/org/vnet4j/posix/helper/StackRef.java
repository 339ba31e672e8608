// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import org.jspecify.annotations.Nullable;
import org.vnet4j.posix.libc.Fd;

/**
 * Identifies a stack to the helper.
 *
 * @param namespace on Linux, a network namespace; null for the helper's own
 * @param jid on FreeBSD, a jail; 0 for the helper's own
 */
public record StackRef(@Nullable Fd namespace, int jid) {
  private static final StackRef OWN = new StackRef(null, 0);

  /**
   * Refers to the helper's own stack: the machine's, or that of a sandbox.
   *
   * @return the stack
   */
  public static StackRef own() {
    return OWN;
  }

  /**
   * Refers to a network namespace.
   *
   * @param descriptor of the namespace
   * @return the stack
   */
  public static StackRef namespace(Fd descriptor) {
    return new StackRef(descriptor, 0);
  }

  /**
   * Refers to a jail.
   *
   * @param jid of a jail with a stack of its own
   * @return the stack
   */
  public static StackRef jail(int jid) {
    return new StackRef(null, jid);
  }

  @Override
  public String toString() {
    return namespace != null ? "namespace " + namespace : jid == 0 ? "own stack" : "jail " + jid;
  }
}
