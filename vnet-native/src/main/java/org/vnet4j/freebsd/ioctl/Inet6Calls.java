// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ADDRLIFETIME_IA6T_PLTIME;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ADDRLIFETIME_IA6T_VLTIME;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_IFRA_ADDR;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_IFRA_FLAGS;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_IFRA_LIFETIME;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_IFRA_PREFIXMASK;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_ALIASREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_IFREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_NDIREQ_NDI;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_NDIREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.ND6_INFINITE_LIFETIME;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.ND_IFINFO_FLAGS;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.SIOCAIFADDR_IN6;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.SIOCDIFADDR_IN6;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.SIOCGIFAFLAG_IN6;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.SIOCGIFINFO_IN6;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.SIOCGIFNETMASK_IN6;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.SIOCSIFINFO_FLAGS;

import java.net.InetAddress;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Memory;

/**
 * Reads and changes the IPv6 addresses of interfaces and their neighbour discovery flags through an
 * AF_INET6 socket.
 */
public final class Inet6Calls {
  private static final int ND_FLAGS = IN6_NDIREQ_NDI + ND_IFINFO_FLAGS;

  private final Syscalls kernel;

  public Inet6Calls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Adds an address with an infinite lifetime. The kernel clears IFDISABLED and sets the interface
   * up.
   *
   * @param flags IN6_IFF_NODAD and others, 0 for none
   */
  public void add(int socket, String name, Cidr address, int flags) {
    Memory request = Ifreq.of(name, IN6_ALIASREQ_SIZE);
    SocketAddress.put(request, IN6_ALIASREQ_IFRA_ADDR, address.address());
    SocketAddress.putMask(request, IN6_ALIASREQ_IFRA_PREFIXMASK, true, address.prefixLength());
    request
        .putInt(IN6_ALIASREQ_IFRA_FLAGS, flags)
        .putInt(IN6_ALIASREQ_IFRA_LIFETIME + IN6_ADDRLIFETIME_IA6T_VLTIME, ND6_INFINITE_LIFETIME)
        .putInt(IN6_ALIASREQ_IFRA_LIFETIME + IN6_ADDRLIFETIME_IA6T_PLTIME, ND6_INFINITE_LIFETIME);
    kernel.ioctl(socket, SIOCAIFADDR_IN6, "SIOCAIFADDR_IN6", name + " " + address, request);
  }

  /** Removes an address. EADDRNOTAVAIL: the interface does not have it. */
  public void delete(int socket, String name, InetAddress address) {
    ask(socket, SIOCDIFADDR_IN6, "SIOCDIFADDR_IN6", name, address);
  }

  /**
   * Returns the flags of an address, such as IN6_IFF_TENTATIVE during duplicate address detection.
   */
  public int flags(int socket, String name, InetAddress address) {
    return ask(socket, SIOCGIFAFLAG_IN6, "SIOCGIFAFLAG_IN6", name, address).getInt(VALUE);
  }

  /** Returns the prefix length of an address in bits. */
  public int prefixLength(int socket, String name, InetAddress address) {
    Memory request = ask(socket, SIOCGIFNETMASK_IN6, "SIOCGIFNETMASK_IN6", name, address);
    return SocketAddress.prefixLength(request, VALUE, true)
        .orElseThrow(() -> new IllegalStateException(name + ": a mask with gaps"));
  }

  /** Returns the neighbour discovery flags of an interface: ND6_IFF_IFDISABLED and others. */
  public int neighbourFlags(int socket, String name) {
    return info(socket, name).getInt(ND_FLAGS);
  }

  /** Sets the neighbour discovery flags of an interface. */
  public void setNeighbourFlags(int socket, String name, int flags) {
    Memory request = info(socket, name).putInt(ND_FLAGS, flags);
    String subject = name + " " + Integer.toHexString(flags);
    kernel.ioctl(socket, SIOCSIFINFO_FLAGS, "SIOCSIFINFO_FLAGS", subject, request);
  }

  private Memory info(int socket, String name) {
    Memory request = Ifreq.of(name, IN6_NDIREQ_SIZE);
    kernel.ioctl(socket, SIOCGIFINFO_IN6, "SIOCGIFINFO_IN6", name, request);
    return request;
  }

  private Memory ask(int socket, long number, String call, String name, InetAddress address) {
    Memory request = Ifreq.of(name, IN6_IFREQ_SIZE);
    SocketAddress.put(request, VALUE, address);
    kernel.ioctl(socket, number, call, name + " " + address.getHostAddress(), request);
    return request;
  }
}
