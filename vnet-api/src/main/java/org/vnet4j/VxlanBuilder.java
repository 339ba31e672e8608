// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceSpec;

/**
 * Configures and creates a vxlan interface: an Ethernet network carried in UDP packets. See RFC
 * 7348.
 */
public final class VxlanBuilder {
  private static final int MAX_VNI = (1 << 24) - 1;

  private final NetworkStack stack;
  private final int vni;
  private final InetAddress local;
  private final InetAddress remote;
  private int port = 4789;
  private @Nullable String device;
  private @Nullable String name;

  VxlanBuilder(NetworkStack stack, int vni, InetAddress local, InetAddress remote) {
    if (vni < 0 || vni > MAX_VNI) {
      throw new IllegalArgumentException("VXLAN identifier " + vni + " is not in 0.." + MAX_VNI);
    }
    if (local.getAddress().length != remote.getAddress().length) {
      throw new IllegalArgumentException("VXLAN ends of different address families");
    }
    this.stack = stack;
    this.vni = vni;
    this.local = local;
    this.remote = remote;
  }

  /**
   * Sets the UDP destination port; 4789 by default.
   *
   * @param number 1 to 65535
   * @return this
   */
  public VxlanBuilder port(int number) {
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("port " + number + " is not in 1..65535");
    }
    port = number;
    return this;
  }

  /**
   * Sets the interface that joins the multicast group.
   *
   * @param below an interface of the same stack
   * @return this
   */
  public VxlanBuilder dev(NetInterface below) {
    device = below.nameIn(stack);
    return this;
  }

  /**
   * Sets the name of the interface. The default is {@code vxlan0}, or the next free number.
   *
   * @param wanted 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   */
  public VxlanBuilder name(String wanted) {
    name = Names.interfaceName(wanted);
    return this;
  }

  /**
   * Creates the interface, which is down at first.
   *
   * @return its handle
   * @throws Vnet.UnsupportedException if the kernel lacks vxlan
   * @throws NetInterface.NameTakenException if the name is taken (EEXIST)
   */
  public NetInterface create() {
    stack.vnet().require(Capability.VXLAN);
    InterfaceSpec spec = new InterfaceSpec.Vxlan(vni, local, remote, port, device);
    return new NetInterface(InterfaceBuilder.make(stack, spec, name));
  }
}
