// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.InetAbi.IN_ALIASREQ_IFRA_ADDR;
import static org.vnet4j.freebsd.ioctl.InetAbi.IN_ALIASREQ_IFRA_DSTADDR;
import static org.vnet4j.freebsd.ioctl.InetAbi.IN_ALIASREQ_IFRA_MASK;
import static org.vnet4j.freebsd.ioctl.InetAbi.IN_ALIASREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.InetAbi.SIOCAIFADDR;
import static org.vnet4j.freebsd.ioctl.InetAbi.SIOCDIFADDR;
import static org.vnet4j.freebsd.ioctl.InetAbi.SIOCGIFALIAS;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Memory;

/** Reads and changes the IPv4 addresses of interfaces through an AF_INET socket. */
public final class InetCalls {
  private final Syscalls kernel;

  public InetCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Adds an address and sets the interface up. Replaces an existing entry of the same address.
   *
   * @param other the broadcast address, or the far end of a point-to-point interface, which
   *     requires it (EDESTADDRREQ); null for the kernel's choice
   */
  public void add(int socket, String name, Cidr address, @Nullable Inet4Address other) {
    Memory request = Ifreq.of(name, IN_ALIASREQ_SIZE);
    SocketAddress.put(request, IN_ALIASREQ_IFRA_ADDR, address.address());
    if (other != null) {
      SocketAddress.put(request, IN_ALIASREQ_IFRA_DSTADDR, other);
    }
    SocketAddress.putMask(request, IN_ALIASREQ_IFRA_MASK, false, address.prefixLength());
    kernel.ioctl(socket, SIOCAIFADDR, "SIOCAIFADDR", name + " " + address, request);
  }

  /** Removes an address. EADDRNOTAVAIL: the interface does not have it. */
  public void delete(int socket, String name, InetAddress address) {
    Memory request = Ifreq.of(name);
    SocketAddress.put(request, VALUE, address);
    String subject = name + " " + address.getHostAddress();
    kernel.ioctl(socket, SIOCDIFADDR, "SIOCDIFADDR", subject, request);
  }

  /**
   * Returns the prefix length and the other address of an address. EADDRNOTAVAIL: the interface
   * does not have it.
   */
  public Alias get(int socket, String name, InetAddress address) {
    Memory request = Ifreq.of(name, IN_ALIASREQ_SIZE);
    SocketAddress.put(request, IN_ALIASREQ_IFRA_ADDR, address);
    String subject = name + " " + address.getHostAddress();
    kernel.ioctl(socket, SIOCGIFALIAS, "SIOCGIFALIAS", subject, request);
    int prefix =
        SocketAddress.prefixLength(request, IN_ALIASREQ_IFRA_MASK, false)
            .orElseThrow(() -> new IllegalStateException(subject + ": a mask with gaps"));
    Optional<InetAddress> other =
        SocketAddress.length(request, IN_ALIASREQ_IFRA_DSTADDR) == 0
            ? Optional.empty()
            : SocketAddress.get(request, IN_ALIASREQ_IFRA_DSTADDR);
    return new Alias(new Cidr(address, prefix), other);
  }

  /**
   * An address of an interface.
   *
   * @param address with its prefix length
   * @param other the broadcast address, or the far end of a point-to-point interface
   */
  public record Alias(Cidr address, Optional<InetAddress> other) {}
}
