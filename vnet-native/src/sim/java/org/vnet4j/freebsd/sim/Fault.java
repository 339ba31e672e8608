// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

/** Makes chosen calls fail, before they have any effect. */
@FunctionalInterface
public interface Fault {
  /** Nothing fails. */
  Fault NONE = (number, call) -> 0;

  /**
   * Is asked before each call.
   *
   * @param number counts the calls of the machine, from 1
   * @param call its name; for ioctl(2) that of the request in hexadecimal, such as {@code
   *     ioctl:80206910}
   * @return 0, or the error number the call fails with
   */
  int errno(long number, String call);
}
