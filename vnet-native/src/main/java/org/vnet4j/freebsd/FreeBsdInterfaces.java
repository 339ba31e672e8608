// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.ioctl.Inet6Abi.IN6_IFF_NODAD;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.ND6_IFF_IFDISABLED;
import static org.vnet4j.freebsd.ioctl.Inet6Abi.ND6_IFF_NO_DAD;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFF_UP;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.EADDRNOTAVAIL;
import static org.vnet4j.net.Errno.EDESTADDRREQ;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.ioctl.Inet6Calls;
import org.vnet4j.freebsd.ioctl.InetCalls;
import org.vnet4j.freebsd.ioctl.InterfaceCalls;
import org.vnet4j.freebsd.ioctl.InterfaceData;
import org.vnet4j.freebsd.ioctl.ListCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.spi.InterfaceDriver;
import org.vnet4j.spi.InterfaceSpec;

/** The interfaces of one stack, read and changed by ioctl(2) on sockets of that stack. */
final class FreeBsdInterfaces implements InterfaceDriver {
  private final FreeBsdStack stack;

  FreeBsdInterfaces(FreeBsdStack stack) {
    this.stack = stack;
  }

  @Override
  public List<InterfaceInfo> list() {
    return new InterfaceReader(stack).list();
  }

  @Override
  public InterfaceInfo get(String name) {
    return new InterfaceReader(stack).get(name);
  }

  Optional<String> bridgeOf(String name) {
    return new InterfaceReader(stack).bridgeOf(name);
  }

  /** Lists the names only, in the kernel's order. */
  List<String> names() {
    return stack.inet(fd -> stack.calls.lists.list(fd)).stream()
        .map(ListCalls.ListedInterface::name)
        .toList();
  }

  @Override
  public String create(InterfaceSpec spec, @Nullable String name) {
    String made = new InterfaceMaker(stack).create(spec, name);
    stack.shaping().tidy();
    return made;
  }

  @Override
  public EpairNames createEpair(@Nullable String a, @Nullable String b, int bJid) {
    FreeBsdStack other = stack.session().stack(bJid);
    EpairNames made = new InterfaceMaker(stack).createEpair(a, b, other);
    stack.shaping().tidy();
    other.shaping().tidy();
    return made;
  }

  @Override
  public void destroy(String name) {
    try {
      change(fd -> stack.calls.clones.destroy(fd, name));
    } catch (NetInterface.NotFoundException e) {
      boolean olderKernel = stack.session().release() < InterfaceReader.FIRST_WITH_HOME_CLONERS;
      if (!olderKernel || !stack.has(name)) {
        throw e;
      }
      stack.session().moves().destroyAtHome(name, stack, e);
    }
    stack.shaping().tidy();
  }

  @Override
  public void rename(String name, String newName) {
    change(fd -> calls().rename(fd, name, newName));
    stack.shaping().renamed(name, newName);
  }

  @Override
  public void up(String name, boolean up) {
    change(
        fd -> {
          int flags = calls().flags(fd, name);
          calls().setFlags(fd, name, up ? flags | IFF_UP : flags & ~IFF_UP);
        });
  }

  @Override
  public void mtu(String name, int bytes) {
    change(fd -> calls().setMtu(fd, name, bytes));
  }

  @Override
  public void lladdr(String name, MacAddress address) {
    change(fd -> stack.calls.linkAddresses.set(fd, name, address));
  }

  @Override
  public void description(String name, String text) {
    mark(name, mark(name).text(text));
  }

  /** Reads the description and the ownership mark. */
  Mark mark(String name) {
    return Mark.parse(stack.inet(fd -> stack.calls.descriptions.get(fd, name)).orElse(""));
  }

  /** Sets the description and the ownership mark. */
  void mark(String name, Mark mark) {
    change(fd -> stack.calls.descriptions.set(fd, name, mark.alias()));
  }

  /**
   * Adds an address. The kernel sets the interface up with its first address.
   *
   * <p>Duplicate address detection is switched off before IPv6 is enabled, in a request of its own:
   * the request that enables IPv6 starts the detection of the link-local address before it stores
   * the other flags ({@code nd6_ioctl} in netinet6/nd6.c). If the interface then went down and up,
   * the kernel would report "nd6_dad_timer: called with non-tentative address".
   */
  @Override
  public void addAddress(String name, Cidr address) {
    if (!address.isIpv6()) {
      addInet(name, address);
      return;
    }
    stack.inet6(
        fd -> {
          Inet6Calls calls = stack.calls.inet6;
          int flags = calls.neighbourFlags(fd, name);
          int withoutDad = flags | ND6_IFF_NO_DAD;
          if (flags != withoutDad) {
            calls.setNeighbourFlags(fd, name, withoutDad);
          }
          if ((flags & ND6_IFF_IFDISABLED) != 0) {
            calls.setNeighbourFlags(fd, name, withoutDad & ~ND6_IFF_IFDISABLED);
          }
          calls.add(fd, name, address, IN6_IFF_NODAD);
          return fd;
        });
  }

  /**
   * Adds an IPv4 address. A point-to-point interface requires the address of the far end; in a
   * network of two addresses that is the other address.
   */
  private void addInet(String name, Cidr address) {
    InetCalls calls = stack.calls.inet;
    try {
      change(fd -> calls.add(fd, name, address, null));
    } catch (VnetException e) {
      Inet4Address other = otherOfTwo(address);
      if (other == null || !e.isErrno(EDESTADDRREQ)) {
        throw e;
      }
      change(fd -> calls.add(fd, name, address, other));
    }
  }

  static @Nullable Inet4Address otherOfTwo(Cidr address) {
    byte[] bytes = address.address().getAddress();
    int last = bytes[3] & 3;
    if (address.prefixLength() == 31) {
      bytes[3] ^= 1;
    } else if (address.prefixLength() == 30 && (last == 1 || last == 2)) {
      bytes[3] ^= 3;
    } else {
      return null;
    }
    try {
      return (Inet4Address) InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Deletes an address. The kernel compares the address only; a different prefix length is rejected
   * here as a different address.
   */
  @Override
  public void deleteAddress(String name, Cidr address) {
    if (address.isIpv6()) {
      stack.inet6(
          fd -> {
            Inet6Calls calls = stack.calls.inet6;
            int prefix = calls.prefixLength(fd, name, address.address());
            checkPrefix("SIOCDIFADDR_IN6", name, address, prefix);
            calls.delete(fd, name, address.address());
            return fd;
          });
    } else {
      change(
          fd -> {
            InetCalls calls = stack.calls.inet;
            int prefix = calls.get(fd, name, address.address()).address().prefixLength();
            checkPrefix("SIOCDIFADDR", name, address, prefix);
            calls.delete(fd, name, address.address());
          });
    }
  }

  private static void checkPrefix(String call, String name, Cidr address, int prefix) {
    if (prefix != address.prefixLength()) {
      throw Syscalls.refusal(
          call, name + " " + address, EADDRNOTAVAIL, "it is there as /" + prefix);
    }
  }

  @Override
  public InterfaceCounters counters(String name) {
    InterfaceData data = stack.inet(fd -> calls().data(fd, name));
    return new InterfaceCounters(
        data.inPackets(),
        data.inBytes(),
        data.inErrors(),
        data.inDrops(),
        data.outPackets(),
        data.outBytes(),
        data.outErrors(),
        data.outDrops(),
        data.inMulticasts(),
        data.collisions());
  }

  private InterfaceCalls calls() {
    return stack.calls.interfaces;
  }

  private void change(IntConsumer change) {
    stack.inet(
        fd -> {
          change.accept(fd);
          return fd;
        });
  }
}
