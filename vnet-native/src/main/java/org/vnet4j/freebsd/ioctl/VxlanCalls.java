// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.VxlanAbi.*;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/** Creates vxlan(4) interfaces and reads their configuration. */
public final class VxlanCalls {
  private final CloneCalls clones;
  private final DriverCalls driver;

  VxlanCalls(Syscalls kernel) {
    clones = new CloneCalls(kernel);
    driver = new DriverCalls(kernel);
  }

  /**
   * Creates a vxlan and returns its name.
   *
   * @param kind {@code vxlan}, or with a unit number
   * @param vni the network identifier, 24 bits
   * @param local the source address
   * @param remote the other end point, or a multicast group
   * @param port UDP port, 4789 by the standard
   */
  String create(int socket, String kind, int vni, InetAddress local, InetAddress remote, int port) {
    return clones.create(socket, kind, parameters(vni, local, remote, port));
  }

  public static Memory parameters(int vni, InetAddress local, InetAddress remote, int port) {
    boolean six = local instanceof Inet6Address;
    if (six != remote instanceof Inet6Address) {
      throw new VnetException(
          "vxlan: "
              + local.getHostAddress()
              + " and "
              + remote.getHostAddress()
              + " are of different families");
    }
    long with =
        VXLAN_PARAM_WITH_VNI
            | VXLAN_PARAM_WITH_LOCAL_PORT
            | VXLAN_PARAM_WITH_REMOTE_PORT
            | (six
                ? VXLAN_PARAM_WITH_LOCAL_ADDR6 | VXLAN_PARAM_WITH_REMOTE_ADDR6
                : VXLAN_PARAM_WITH_LOCAL_ADDR4 | VXLAN_PARAM_WITH_REMOTE_ADDR4);
    Memory parameters =
        Memory.allocate(IFVXLANPARAM_SIZE)
            .putLong(IFVXLANPARAM_VXLP_WITH, with)
            .putInt(IFVXLANPARAM_VXLP_VNI, vni)
            .putShort(IFVXLANPARAM_VXLP_LOCAL_PORT, port)
            .putShort(IFVXLANPARAM_VXLP_REMOTE_PORT, port);
    SocketAddress.put(parameters, IFVXLANPARAM_VXLP_LOCAL_SA, local);
    return SocketAddress.put(parameters, IFVXLANPARAM_VXLP_REMOTE_SA, remote);
  }

  /** Adds the interface on which a multicast group is joined. */
  public static Memory device(Memory parameters, String device) {
    long with = parameters.getLong(IFVXLANPARAM_VXLP_WITH) | VXLAN_PARAM_WITH_MULTICAST_IF;
    return Ifreq.putName(
        parameters.putLong(IFVXLANPARAM_VXLP_WITH, with), IFVXLANPARAM_VXLP_MC_IFNAME, device);
  }

  /** Reads the configuration. */
  Vxlan get(int socket, String name) {
    Memory config = Memory.allocate(IFVXLANCFG_SIZE);
    driver.get(socket, name, VXLAN_CMD_GET_CONFIG, "VXLAN_CMD_GET_CONFIG", name, config);
    return new Vxlan(
        config.getInt(IFVXLANCFG_VXLC_VNI),
        SocketAddress.get(config, IFVXLANCFG_VXLC_LOCAL_SA),
        SocketAddress.get(config, IFVXLANCFG_VXLC_REMOTE_SA));
  }

  /**
   * The configuration of a vxlan.
   *
   * @param vni the network identifier
   * @param local the source address, if it is set
   * @param remote the other end point or the group, if it is set
   */
  record Vxlan(int vni, Optional<InetAddress> local, Optional<InetAddress> remote) {}
}
