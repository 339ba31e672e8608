// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGHWADDR;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFLLADDR;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_SA_DATA;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_SA_FAMILY;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_SA_LEN;

import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.libc.Memory;

/**
 * Sets and reads MAC addresses. The kernel derives its default addresses from few bits of names, so
 * that interfaces in two jails can get the same address; each new interface needs an explicit
 * address.
 */
public final class LinkAddressCalls {
  private static final int LENGTH = 6;

  private final Syscalls kernel;

  public LinkAddressCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Sets the current address, which {@link ListCalls} lists. The request has the family AF_LINK,
   * which the kernel ignores.
   */
  public void set(int socket, String name, MacAddress address) {
    Memory request =
        Ifreq.of(name)
            .putByte(VALUE + SOCKADDR_SA_LEN, LENGTH)
            .putByte(VALUE + SOCKADDR_SA_FAMILY, SocketAbi.AF_LINK)
            .put(VALUE + SOCKADDR_SA_DATA, address.bytes());
    kernel.ioctl(socket, SIOCSIFLLADDR, "SIOCSIFLLADDR", name + " " + address, request);
  }

  /** Returns the address with which the interface was created. ENODEV: a bridge, which has none. */
  public MacAddress hardware(int socket, String name) {
    Memory request = Ifreq.of(name);
    kernel.ioctl(socket, SIOCGHWADDR, "SIOCGHWADDR", name, request);
    return MacAddress.of(request.get(VALUE + SOCKADDR_SA_DATA, LENGTH));
  }
}
