// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.vnet4j.freebsd.sim.Descriptor;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.UserMemory;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Kind;
import org.vnet4j.freebsd.sim.net.RouteRequests;
import org.vnet4j.freebsd.sim.net.SimAddress;
import org.vnet4j.freebsd.sim.net.Sockaddr;
import org.vnet4j.freebsd.sim.net.Tunnels;

/**
 * Interface requests, as in net/if.c. Handles those that concern no single interface and VLANs;
 * passes on the others.
 */
public final class InterfaceIoctls {
  private final SimProcess process;
  private final Descriptor.Socket socket;
  private final Stack stack;
  private final byte[] argument;

  public InterfaceIoctls(SimProcess process, Descriptor.Socket socket, byte[] argument) {
    this.process = process;
    this.socket = socket;
    this.stack = socket.stack;
    this.argument = argument;
  }

  private static boolean is(long request, String name) {
    return request == FreeBsdAbi.request(name);
  }

  public void handle(long request) {
    if (is(request, "SIOCGIFCONF")) {
      conf(new Struct("ifconf", argument));
    } else if (is(request, "SIOCIFGCLONERS")) {
      cloners(new Struct("if_clonereq", argument));
    } else if (is(request, "SIOCIFCREATE2") || is(request, "SIOCIFCREATE")) {
      create(new Struct("ifreq", argument));
    } else if (is(request, "SIOCIFDESTROY")) {
      process.checkRoot();
      Cloners.destroy(stack, name());
    } else if (is(request, "SIOCSIFVNET")) {
      stack.kernel.moves.give(process, stack, name(), value());
    } else if (is(request, "SIOCSIFRVNET")) {
      stack.kernel.moves.reclaim(process, name(), value());
    } else {
      named(request, stack.get(name()));
    }
  }

  private String name() {
    return new Struct("ifreq", argument).getText("ifr_name");
  }

  private int value() {
    return new Struct("ifreq", argument).getInt("ifr_ifru");
  }

  private void named(long request, Iface iface) {
    if (is(request, "SIOCGDRVSPEC") || is(request, "SIOCSDRVSPEC")) {
      driver(request, iface);
    } else if (is(request, "SIOCSETVLAN") || is(request, "SIOCGETVLAN")) {
      vlan(request, iface);
    } else if (!Tunnels.handle(process, iface, argument, request)
        && !new OneInterface(process, iface, argument).handle(request)) {
      if (socket.domain == FreeBsdAbi.constant("AF_INET")) {
        new InetIoctls(process, iface, argument).handle(request);
      } else if (socket.domain == FreeBsdAbi.constant("AF_INET6")) {
        new Inet6Ioctls(process, iface, argument).handle(request);
      } else {
        throw new SysError("EOPNOTSUPP");
      }
    }
  }

  private void create(Struct ifreq) {
    process.checkRoot();
    long parameters = ifreq.getLong("ifr_ifru");
    String kind = name();
    boolean vxlan = kind.startsWith("vxlan") && parameters != 0;
    byte[] given =
        vxlan ? UserMemory.copyIn(parameters, FreeBsdAbi.size("ifvxlanparam")) : new byte[0];
    ifreq.putText("ifr_name", Cloners.create(stack, kind, given).name);
  }

  private void cloners(Struct request) {
    List<String> kinds = Cloners.kinds(stack);
    int room = FreeBsdAbi.constant("IFNAMSIZ");
    long buffer = request.getLong("ifcr_buffer");
    int count = request.getInt("ifcr_count");
    request.putInt("ifcr_total", kinds.size());
    if (buffer == 0) {
      return;
    }
    if (count < 0) {
      throw new SysError("EINVAL");
    }
    for (int i = 0; i < Math.min(count, kinds.size()); i++) {
      byte[] name = kinds.get(i).getBytes(StandardCharsets.US_ASCII);
      UserMemory.copyOut(buffer + (long) i * room, Arrays.copyOf(name, room));
    }
  }

  /** Lists each address with its interface's name; omits an entry that does not fit whole. */
  private void conf(Struct request) {
    int room = request.getInt("ifc_len");
    if (room <= 0) {
      throw new SysError("EINVAL");
    }
    byte[] list = new byte[0];
    for (Iface iface : stack.interfaces) {
      list = RouteRequests.join(list, entry(iface, Sockaddr.link(iface)));
      for (SimAddress address : iface.addresses) {
        byte[] sockaddr =
            address.ipv6 ? Sockaddr.embedded(iface, address.bytes) : Sockaddr.in(address.bytes);
        byte[] entry = entry(iface, sockaddr);
        if (list.length + entry.length <= room) {
          list = RouteRequests.join(list, entry);
        }
      }
    }
    int length = Math.min(list.length, room);
    UserMemory.copyOut(request.getLong("ifc_ifcu"), list, length);
    request.putInt("ifc_len", length);
  }

  private static byte[] entry(Iface iface, byte[] sockaddr) {
    byte[] name =
        Arrays.copyOf(
            iface.name.getBytes(StandardCharsets.US_ASCII), FreeBsdAbi.constant("IFNAMSIZ"));
    return RouteRequests.join(name, sockaddr);
  }

  private void driver(long request, Iface iface) {
    Struct ifdrv = new Struct("ifdrv", argument);
    boolean get = is(request, "SIOCGDRVSPEC");
    byte[] in = UserMemory.copyIn(ifdrv.getLong("ifd_data"), (int) ifdrv.getLong("ifd_len"));
    int command = (int) ifdrv.getLong("ifd_cmd");
    if (iface.kind == Kind.BRIDGE) {
      new BridgeIoctls(process, iface, in).handle(command, get);
    } else if (iface.kind.name().equals("vxlan")) {
      Vxlan.handle(iface, in, command, get);
    } else {
      throw new SysError("EINVAL");
    }
    if (get) {
      UserMemory.copyOut(ifdrv.getLong("ifd_data"), in);
    }
  }

  /**
   * Reads or sets a VLAN's parent and tag, as in net/if_vlan.c. The parent must be an Ethernet
   * interface of the same stack.
   */
  private void vlan(long request, Iface iface) {
    if (!iface.kind.name().equals("vlan")) {
      throw new SysError("EINVAL");
    }
    long address = new Struct("ifreq", argument).getLong("ifr_ifru");
    int size = FreeBsdAbi.size("vlanreq");
    if (is(request, "SIOCGETVLAN")) {
      UserMemory.copyOut(address, Arrays.copyOf(iface.vlan, size));
      return;
    }
    process.checkRoot();
    byte[] wanted = UserMemory.copyIn(address, size);
    Struct vlan = new Struct("vlanreq", wanted);
    String parent = vlan.getText("vlr_parent");
    if (parent.isEmpty()) {
      iface.vlan = new byte[0];
      return;
    }
    Iface below = stack.find(parent);
    if (below == null) {
      throw new SysError("ENOENT");
    }
    int tag = vlan.getShort("vlr_tag");
    if (tag == 0 || tag >= 4095 || !below.kind.ether()) {
      throw new SysError(below.kind.ether() ? "EINVAL" : "EPROTONOSUPPORT");
    }
    if (iface.vlan.length > 0 && !Arrays.equals(iface.vlan, wanted)) {
      throw new SysError("EBUSY");
    }
    iface.vlan = wanted;
    iface.mac = below.mac;
    iface.mtu = Math.min(iface.mtu, below.mtu);
    iface.linkState = below.linkState;
  }
}
