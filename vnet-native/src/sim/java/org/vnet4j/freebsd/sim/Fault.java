// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

/** Makes chosen system calls fail before they have any effect. */
@FunctionalInterface
public interface Fault {
  /** Lets every call through. */
  Fault NONE = (number, call) -> 0;

  /**
   * Decides whether a call fails; the kernel asks before each call.
   *
   * @param number counts the calls of the machine, from 1
   * @param call the call's name; for ioctl(2) the request in hexadecimal, such as {@code
   *     ioctl:80206910}
   * @return 0, or the error number with which the call fails
   */
  int errno(long number, String call);
}
