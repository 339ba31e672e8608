// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFRVNET;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFVNET;

import org.vnet4j.freebsd.sys.Syscalls;

/**
 * Lends interfaces to jails and takes them back. A move drops addresses, routes and groups; name,
 * MAC address, MTU and description remain.
 *
 * <p>On FreeBSD 15 the socket must belong to the calling process's own stack: a kernel with
 * assertions panics on the socket of another stack.
 */
public final class LendCalls {
  private final Syscalls kernel;

  public LendCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Moves an interface from the socket's stack to a jail below that of the calling process. */
  public void give(int socket, String name, int jid) {
    move(socket, SIOCSIFVNET, "SIOCSIFVNET", name, name + " -> jail " + jid, jid);
  }

  /** Moves an interface from a jail at any depth to the calling process's stack. */
  public void takeBack(int socket, String name, int jid) {
    move(socket, SIOCSIFRVNET, "SIOCSIFRVNET", name, name + " <- jail " + jid, jid);
  }

  private void move(int socket, long request, String call, String name, String what, int jid) {
    kernel.ioctl(socket, request, call, what, Ifreq.of(name).putInt(VALUE, jid));
  }
}
