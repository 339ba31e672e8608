// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.util.Arrays;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.net.Iface;

/**
 * The vxlan commands of SIOCGDRVSPEC, as in net/if_vxlan.c. The recording contains none of them.
 */
final class Vxlan {
  private static final int CONFIG_SIZE = 84;
  private static final int ADDRESS = 28;

  private Vxlan() {}

  static void handle(Iface iface, byte[] argument, int command, boolean get) {
    if (command != FreeBsdAbi.constant("VXLAN_CMD_GET_CONFIG")) {
      throw new SysError("EOPNOTSUPP");
    }
    if (!get || argument.length != CONFIG_SIZE) {
      throw new SysError("EINVAL");
    }
    Arrays.fill(argument, (byte) 0);
    if (iface.vxlan.length == 0) {
      return;
    }
    // The layout of struct ifvxlancfg: number, local, remote; each address contains its port.
    Struct given = new Struct("ifvxlanparam", iface.vxlan);
    System.arraycopy(given.get("vxlp_vni", 4), 0, argument, 0, 4);
    System.arraycopy(given.get("vxlp_local_sa", ADDRESS), 0, argument, 4, ADDRESS);
    System.arraycopy(given.get("vxlp_remote_sa", ADDRESS), 0, argument, 4 + ADDRESS, ADDRESS);
    port(argument, 4, given.getShort("vxlp_local_port"));
    port(argument, 4 + ADDRESS, given.getShort("vxlp_remote_port"));
  }

  private static void port(byte[] argument, int address, int port) {
    argument[address + 2] = (byte) (port >> 8);
    argument[address + 3] = (byte) port;
  }
}
