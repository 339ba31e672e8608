// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_IFRA_ADDR;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_IFRA_DSTADDR;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.InetAbi.IN_ALIASREQ_IFRA_ADDR;
import static org.vnet4j.freebsd.ioctl.InetAbi.IN_ALIASREQ_IFRA_DSTADDR;
import static org.vnet4j.freebsd.ioctl.InetAbi.IN_ALIASREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.TunnelAbi.GRESKEY;
import static org.vnet4j.freebsd.ioctl.TunnelAbi.SIOCSIFPHYADDR;
import static org.vnet4j.freebsd.ioctl.TunnelAbi.SIOCSIFPHYADDR_IN6;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.IpText;
import org.vnet4j.posix.libc.Memory;

/** Sets the end points of gif(4) and gre(4) tunnels and the key of a gre. */
public final class TunnelCalls {
  private final Syscalls kernel;

  public TunnelCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Sets both end points, which have the same family. EADDRNOTAVAIL: another tunnel of the stack
   * has them.
   */
  public void ends(int socket, String name, InetAddress local, InetAddress remote) {
    boolean six = local instanceof Inet6Address;
    kernel.ioctl(
        socket,
        six ? SIOCSIFPHYADDR_IN6 : SIOCSIFPHYADDR,
        six ? "SIOCSIFPHYADDR_IN6" : "SIOCSIFPHYADDR",
        name + " " + IpText.of(local) + " -> " + IpText.of(remote),
        encode(name, local, remote));
  }

  static Memory encode(String name, InetAddress local, InetAddress remote) {
    boolean six = local instanceof Inet6Address;
    Memory request = Ifreq.of(name, six ? IN6_ALIASREQ_SIZE : IN_ALIASREQ_SIZE);
    SocketAddress.put(request, six ? IN6_ALIASREQ_IFRA_ADDR : IN_ALIASREQ_IFRA_ADDR, local);
    return SocketAddress.put(
        request, six ? IN6_ALIASREQ_IFRA_DSTADDR : IN_ALIASREQ_IFRA_DSTADDR, remote);
  }

  /** Sets the key that a gre sends; 0 for none. */
  public void key(int socket, String name, long key) {
    Memory value = Memory.allocate(Integer.BYTES).putInt(0, (int) key);
    kernel.ioctl(socket, GRESKEY, "GRESKEY", name + " " + key, Ifreq.of(name).point(VALUE, value));
  }
}
