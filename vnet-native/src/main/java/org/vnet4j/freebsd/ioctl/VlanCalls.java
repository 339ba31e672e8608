// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.VlanAbi.ETHERTYPE_VLAN;
import static org.vnet4j.freebsd.ioctl.VlanAbi.SIOCGETVLAN;
import static org.vnet4j.freebsd.ioctl.VlanAbi.SIOCSETVLAN;
import static org.vnet4j.freebsd.ioctl.VlanAbi.VLANREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.VlanAbi.VLANREQ_VLR_PARENT;
import static org.vnet4j.freebsd.ioctl.VlanAbi.VLANREQ_VLR_PROTO;
import static org.vnet4j.freebsd.ioctl.VlanAbi.VLANREQ_VLR_TAG;

import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/** Attaches vlan(4) interfaces to a parent, detaches them and reads their configuration. */
public final class VlanCalls {
  private final Syscalls kernel;

  public VlanCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Attaches a vlan interface to a parent, with a tag of 1 to 4094. */
  public void set(int socket, String name, String parent, int tag) {
    Memory vlan = encode(parent, tag);
    Memory request = Ifreq.of(name).point(VALUE, vlan);
    kernel.ioctl(
        socket, SIOCSETVLAN, "SIOCSETVLAN", name + " on " + parent + " tag " + tag, request);
  }

  static Memory encode(String parent, int tag) {
    Memory vlan = Memory.allocate(VLANREQ_SIZE);
    return Ifreq.putName(vlan, VLANREQ_VLR_PARENT, parent)
        .putShort(VLANREQ_VLR_TAG, tag)
        .putShort(VLANREQ_VLR_PROTO, ETHERTYPE_VLAN);
  }

  /** Detaches a vlan interface from its parent. */
  void unset(int socket, String name) {
    Memory request = Ifreq.of(name).point(VALUE, Memory.allocate(VLANREQ_SIZE));
    kernel.ioctl(socket, SIOCSETVLAN, "SIOCSETVLAN", name + " on nothing", request);
  }

  /** Returns the parent and the tag. */
  public Vlan get(int socket, String name) {
    Memory vlan = Memory.allocate(VLANREQ_SIZE);
    kernel.ioctl(socket, SIOCGETVLAN, "SIOCGETVLAN", name, Ifreq.of(name).point(VALUE, vlan));
    return decode(vlan);
  }

  public static Vlan decode(Memory vlan) {
    return new Vlan(
        Ifreq.name(vlan, VLANREQ_VLR_PARENT),
        vlan.getShort(VLANREQ_VLR_TAG),
        vlan.getShort(VLANREQ_VLR_PROTO));
  }

  /**
   * The configuration of a vlan interface.
   *
   * @param parent name of the parent, empty if there is none
   * @param tag the VLAN id
   * @param protocol the EtherType of the tag
   */
  public record Vlan(String parent, int tag, int protocol) {}
}
