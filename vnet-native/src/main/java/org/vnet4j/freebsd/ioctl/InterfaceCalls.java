// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFMEDIAREQ_IFM_STATUS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFMEDIAREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFM_ACTIVE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFM_AVALID;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFCAP;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFDATA;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFFIB;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFFLAGS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFINDEX;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFMEDIA;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFMETRIC;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFMTU;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFCAP;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFFLAGS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFMTU;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFNAME;

import java.util.Optional;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/**
 * Reads and changes the properties common to all interfaces: flags, MTU, index, counters. See
 * netintro(4) and net/if.c.
 */
public final class InterfaceCalls {
  private final Syscalls kernel;

  public InterfaceCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Renames an interface. EEXIST: the name is taken. Routing sockets receive a departure and an
   * arrival.
   */
  public void rename(int socket, String name, String to) {
    Ifreq.putName(Memory.allocate(InterfaceAbi.IFNAMSIZ), 0, to);
    Memory request = Ifreq.of(name).point(VALUE, Memory.of(to));
    kernel.ioctl(socket, SIOCSIFNAME, "SIOCSIFNAME", name + " -> " + to, request);
  }

  /** Returns the flags. The request holds their lower and upper half in two shorts. */
  public int flags(int socket, String name) {
    Memory request = get(socket, SIOCGIFFLAGS, "SIOCGIFFLAGS", name);
    return request.getShort(VALUE) | request.getShort(VALUE + Short.BYTES) << Short.SIZE;
  }

  /** Sets the flags that a program can set. The kernel keeps its own flags unchanged. */
  public void setFlags(int socket, String name, int flags) {
    Memory request =
        Ifreq.of(name).putShort(VALUE, flags).putShort(VALUE + Short.BYTES, flags >>> Short.SIZE);
    kernel.ioctl(
        socket, SIOCSIFFLAGS, "SIOCSIFFLAGS", name + " " + Integer.toHexString(flags), request);
  }

  public int mtu(int socket, String name) {
    return get(socket, SIOCGIFMTU, "SIOCGIFMTU", name).getInt(VALUE);
  }

  /** Sets the MTU in bytes. EINVAL: outside the range of this kind of interface. */
  public void setMtu(int socket, String name, int mtu) {
    set(socket, SIOCSIFMTU, "SIOCSIFMTU", name, mtu);
  }

  int metric(int socket, String name) {
    return get(socket, SIOCGIFMETRIC, "SIOCGIFMETRIC", name).getInt(VALUE);
  }

  /** Returns the index of the interface. It is unique across all stacks and survives a move. */
  public int index(int socket, String name) {
    return get(socket, SIOCGIFINDEX, "SIOCGIFINDEX", name).getShort(VALUE);
  }

  /** Returns the enabled capabilities. */
  public int capabilities(int socket, String name) {
    return get(socket, SIOCGIFCAP, "SIOCGIFCAP", name).getInt(VALUE + Integer.BYTES);
  }

  /** Enables exactly the given capabilities. EINVAL: the interface does not have all of them. */
  public void setCapabilities(int socket, String name, int enabled) {
    set(socket, SIOCSIFCAP, "SIOCSIFCAP", name, enabled);
  }

  int fib(int socket, String name) {
    return get(socket, SIOCGIFFIB, "SIOCGIFFIB", name).getInt(VALUE);
  }

  /**
   * Returns whether the link is active; empty if the interface has no media or does not report a
   * status.
   */
  public Optional<Boolean> active(int socket, String name) {
    Memory request = Ifreq.of(name, IFMEDIAREQ_SIZE);
    long rc =
        kernel.attempt(() -> kernel.libc().ioctl(socket, SIOCGIFMEDIA, request.address()), request);
    if (rc == -FreeBsdErrno.EINVAL) {
      return Optional.empty();
    }
    if (rc < 0) {
      throw Syscalls.refusal("SIOCGIFMEDIA", name, (int) -rc, null);
    }
    int status = request.getInt(IFMEDIAREQ_IFM_STATUS);
    return (status & IFM_AVALID) == 0 ? Optional.empty() : Optional.of((status & IFM_ACTIVE) != 0);
  }

  /** Returns the counters and the properties that the driver reports. */
  public InterfaceData data(int socket, String name) {
    Memory data = Memory.allocate(InterfaceAbi.IF_DATA_SIZE);
    Memory request = Ifreq.of(name).point(VALUE, data);
    kernel.ioctl(socket, SIOCGIFDATA, "SIOCGIFDATA", name, request);
    return InterfaceData.decode(data, 0);
  }

  private Memory get(int socket, long number, String call, String name) {
    Memory request = Ifreq.of(name);
    kernel.ioctl(socket, number, call, name, request);
    return request;
  }

  private void set(int socket, long number, String call, String name, int value) {
    kernel.ioctl(socket, number, call, name + " " + value, Ifreq.of(name).putInt(VALUE, value));
  }
}
