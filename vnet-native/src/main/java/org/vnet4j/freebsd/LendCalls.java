// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.Ifreq.VALUE;
import static org.vnet4j.freebsd.InterfaceAbi.SIOCSIFRVNET;
import static org.vnet4j.freebsd.InterfaceAbi.SIOCSIFVNET;

/**
 * Carrying interfaces into jails and back. A move drops addresses, routes and groups; name, MAC,
 * MTU and description stay.
 *
 * <p>On 15 use a socket of the calling process's own stack: a kernel with assertions stops on
 * another's.
 */
final class LendCalls {
  private final FreeBsdKernel kernel;

  LendCalls(FreeBsdKernel kernel) {
    this.kernel = kernel;
  }

  /** Gives an interface of the socket's stack to a jail below the calling process's. */
  void give(int socket, String name, int jid) {
    move(socket, SIOCSIFVNET, "SIOCSIFVNET", name, name + " -> jail " + jid, jid);
  }

  /** Takes an interface of a jail, however deep, into the calling process's stack. */
  void takeBack(int socket, String name, int jid) {
    move(socket, SIOCSIFRVNET, "SIOCSIFRVNET", name, name + " <- jail " + jid, jid);
  }

  private void move(int socket, long request, String call, String name, String what, int jid) {
    kernel.ioctl(socket, request, call, what, Ifreq.of(name).putInt(VALUE, jid));
  }
}
