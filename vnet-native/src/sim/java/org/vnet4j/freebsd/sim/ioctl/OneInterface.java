// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.UserMemory;
import org.vnet4j.freebsd.sim.net.Addresses;
import org.vnet4j.freebsd.sim.net.Announcer;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Kind;

/** Requests on one interface that depend on no address family: ifhwioctl in net/if.c. */
final class OneInterface {
  private static final int LONGEST_DESCRIPTION = 1024;
  private static final int LEAST_MTU = 72;
  private static final int MOST_MTU = 65535;

  /** The flags that SIOCSIFFLAGS does not change. */
  private static final int CANNOT_CHANGE =
      flags("BROADCAST POINTOPOINT DRV_RUNNING DRV_OACTIVE SIMPLEX MULTICAST ALLMULTI")
          | flags("PROMISC DYING CANTCONFIG");

  private final SimProcess process;
  private final Iface iface;
  private final byte[] argument;
  private final Struct ifreq;

  OneInterface(SimProcess process, Iface iface, byte[] argument) {
    this.process = process;
    this.iface = iface;
    this.argument = argument;
    this.ifreq = new Struct("ifreq", argument);
  }

  private static int flags(String names) {
    int flags = 0;
    for (String name : names.split(" ")) {
      flags |= FreeBsdAbi.constant("IFF_" + name);
    }
    return flags;
  }

  /** Handles a request; returns false if it belongs to another class. */
  boolean handle(long request) {
    return read(request) || change(request) || texts(request);
  }

  private boolean read(long request) {
    if (request == FreeBsdAbi.request("SIOCGIFFLAGS")) {
      ifreq.putInt("ifr_ifru", iface.flags);
    } else if (request == FreeBsdAbi.request("SIOCGIFMTU")) {
      ifreq.putInt("ifr_ifru", iface.mtu);
    } else if (request == FreeBsdAbi.request("SIOCGIFMETRIC")) {
      ifreq.putInt("ifr_ifru", iface.metric);
    } else if (request == FreeBsdAbi.request("SIOCGIFFIB")) {
      ifreq.putInt("ifr_ifru", iface.fib);
    } else if (request == FreeBsdAbi.request("SIOCGIFINDEX")) {
      ifreq.putShort("ifr_ifru", iface.index);
    } else if (request == FreeBsdAbi.request("SIOCGIFCAP")) {
      ifreq.putLong("ifr_ifru", (long) iface.capabilities << 32 | iface.possible);
    } else if (request == FreeBsdAbi.request("SIOCGIFDATA")) {
      UserMemory.copyOut(ifreq.getLong("ifr_ifru"), Announcer.data(iface));
    } else if (request == FreeBsdAbi.request("SIOCGHWADDR")) {
      hardwareAddress();
    } else if (request == FreeBsdAbi.request("SIOCGIFMEDIA")) {
      media(new Struct("ifmediareq", argument));
    } else if (request == FreeBsdAbi.request("SIOCGIFXMEDIA")) {
      throw new SysError("EINVAL");
    } else {
      return false;
    }
    return true;
  }

  private void hardwareAddress() {
    if (iface.hardwareMac.length == 0) {
      throw new SysError("ENODEV");
    }
    int data = ifreq.at("ifr_ifru") + FreeBsdAbi.offset("sockaddr", "sa_data");
    System.arraycopy(iface.hardwareMac, 0, argument, data, iface.hardwareMac.length);
  }

  private void media(Struct media) {
    boolean epair = iface.kind == Kind.EPAIR;
    if (!epair && !iface.kind.name().equals("tap")) {
      throw new SysError("EINVAL");
    }
    int ether = FreeBsdAbi.constant("IFM_ETHER");
    int what = epair ? ether | FreeBsdAbi.constant("IFM_10G_T") : ether;
    boolean active = iface.linkState == FreeBsdAbi.constant("LINK_STATE_UP");
    media
        .putInt("ifm_current", what)
        .putInt("ifm_mask", 0)
        .putInt(
            "ifm_status",
            FreeBsdAbi.constant("IFM_AVALID") | (active ? FreeBsdAbi.constant("IFM_ACTIVE") : 0))
        .putInt("ifm_active", epair ? what | FreeBsdAbi.constant("IFM_FDX") : what)
        .putInt("ifm_count", 1);
  }

  private boolean change(long request) {
    if (request == FreeBsdAbi.request("SIOCSIFFLAGS")) {
      process.checkRoot();
      setFlags(ifreq.getInt("ifr_ifru"));
    } else if (request == FreeBsdAbi.request("SIOCSIFMTU")) {
      process.checkRoot();
      setMtu(ifreq.getInt("ifr_ifru"));
    } else if (request == FreeBsdAbi.request("SIOCSIFFIB")) {
      process.checkRoot();
      if (ifreq.getInt("ifr_ifru") != 0) {
        throw new SysError("EINVAL");
      }
    } else if (request == FreeBsdAbi.request("SIOCSIFCAP")) {
      process.checkRoot();
      if ((ifreq.getInt("ifr_ifru") & ~iface.possible) != 0) {
        throw new SysError("EINVAL");
      }
      iface.capabilities = ifreq.getInt("ifr_ifru");
    } else if (request == FreeBsdAbi.request("SIOCSIFLLADDR")) {
      process.checkRoot();
      setLinkAddress();
    } else {
      return false;
    }
    return true;
  }

  private void setFlags(int wanted) {
    boolean up = (wanted & FreeBsdAbi.constant("IFF_UP")) != 0;
    boolean rises = up && !iface.up();
    if (!up && iface.up()) {
      Addresses.down(iface, false);
    }
    int kept = iface.flags & CANNOT_CHANGE;
    iface.flags = kept | wanted & ~CANNOT_CHANGE;
    if (rises) {
      Addresses.up(iface);
    }
  }

  private void setMtu(int mtu) {
    if (mtu < LEAST_MTU || mtu > MOST_MTU) {
      throw new SysError("EINVAL");
    }
    if (iface.bridge != null) {
      throw new SysError("EOPNOTSUPP");
    }
    boolean fits = mtu >= iface.kind.leastMtu() && mtu <= iface.kind.mostMtu();
    if (!fits || iface.vlan.length > 0 && mtu > parentMtu()) {
      throw new SysError("EINVAL");
    }
    iface.mtu = mtu;
    iface.members.forEach(member -> member.iface().mtu = mtu);
    Announcer.info(iface);
  }

  private int parentMtu() {
    Iface parent = iface.stack.find(new Struct("vlanreq", iface.vlan).getText("vlr_parent"));
    return parent == null ? MOST_MTU : parent.mtu;
  }

  private void setLinkAddress() {
    if (!iface.kind.ether()) {
      throw new SysError("EINVAL");
    }
    int value = ifreq.at("ifr_ifru");
    int length = argument[value] & 0xff;
    if (length != iface.mac.length) {
      throw new SysError("EINVAL");
    }
    int data = value + FreeBsdAbi.offset("sockaddr", "sa_data");
    iface.mac = Arrays.copyOfRange(argument, data, data + length);
  }

  private boolean texts(long request) {
    if (request == FreeBsdAbi.request("SIOCSIFNAME")) {
      process.checkRoot();
      rename(UserMemory.copyInString(ifreq.getLong("ifr_ifru"), FreeBsdAbi.constant("IFNAMSIZ")));
    } else if (request == FreeBsdAbi.request("SIOCGIFDESCR")) {
      getDescription();
    } else if (request == FreeBsdAbi.request("SIOCSIFDESCR")) {
      process.checkRoot();
      setDescription();
    } else if (request == FreeBsdAbi.request("SIOCGIFGROUP")) {
      groups(new Struct("ifgroupreq", argument));
    } else if (request == FreeBsdAbi.request("SIOCAIFGROUP")) {
      process.checkRoot();
      addGroup(new Struct("ifgroupreq", argument).getText("ifgr_ifgru"));
    } else if (request == FreeBsdAbi.request("SIOCDIFGROUP")) {
      process.checkRoot();
      if (!iface.groups.remove(new Struct("ifgroupreq", argument).getText("ifgr_ifgru"))) {
        throw new SysError("ENOENT");
      }
    } else {
      return false;
    }
    return true;
  }

  private void rename(String to) {
    if (to.isEmpty()) {
      throw new SysError("EINVAL");
    }
    if (to.equals(iface.name)) {
      return;
    }
    if (iface.stack.find(to) != null) {
      throw new SysError("EEXIST");
    }
    Announcer.departure(iface);
    iface.name = to;
    Announcer.arrival(iface);
  }

  /** Returns the offset of the address in an ifreq_buffer, where it follows a size_t. */
  private int bufferField() {
    return ifreq.at("ifr_ifru") + Long.BYTES;
  }

  private void getDescription() {
    if (iface.description == null) {
      throw new SysError("ENOMSG");
    }
    byte[] text = (iface.description + "\0").getBytes(StandardCharsets.UTF_8);
    java.nio.ByteBuffer raw =
        java.nio.ByteBuffer.wrap(argument).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    if (ifreq.getLong("ifr_ifru") < text.length) {
      raw.putLong(bufferField(), 0);
    } else {
      UserMemory.copyOut(raw.getLong(bufferField()), text);
    }
    ifreq.putLong("ifr_ifru", text.length);
  }

  private void setDescription() {
    long length = ifreq.getLong("ifr_ifru");
    if (length > LONGEST_DESCRIPTION) {
      throw new SysError("ENAMETOOLONG");
    }
    long address =
        java.nio.ByteBuffer.wrap(argument)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .getLong(bufferField());
    iface.description =
        length == 0
            ? null
            : new String(UserMemory.copyIn(address, (int) length - 1), StandardCharsets.UTF_8);
  }

  private void groups(Struct request) {
    int entry = FreeBsdAbi.size("ifg_req");
    int whole = entry * iface.groups.size();
    int room = request.getInt("ifgr_len");
    if (room == 0) {
      request.putInt("ifgr_len", whole);
      return;
    }
    if (room < whole) {
      throw new SysError("EINVAL");
    }
    for (int i = 0; i < iface.groups.size(); i++) {
      byte[] name = iface.groups.get(i).getBytes(StandardCharsets.UTF_8);
      UserMemory.copyOut(
          request.getLong("ifgr_ifgru") + (long) i * entry, Arrays.copyOf(name, entry));
    }
    request.putInt("ifgr_len", room);
  }

  private void addGroup(String group) {
    if (group.isEmpty()
        || group.length() >= FreeBsdAbi.constant("IFNAMSIZ")
        || Character.isDigit(group.charAt(group.length() - 1))) {
      throw new SysError("EINVAL");
    }
    if (iface.groups.contains(group)) {
      throw new SysError("EEXIST");
    }
    iface.groups.add(group);
  }
}
