// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;

/**
 * The source and destination address of a tunnel's outer packets, with checks of addresses and hop
 * limit.
 */
record TunnelEnds(InetAddress local, InetAddress remote) {
  private static final int MOST_HOPS = 255;

  static TunnelEnds parse(String kind, String local, String remote) {
    return of(kind, IpLiteral.parse(local), IpLiteral.parse(remote));
  }

  static TunnelEnds of(String kind, InetAddress local, InetAddress remote) {
    TunnelEnds ends = new TunnelEnds(local, remote);
    if (local.getAddress().length != remote.getAddress().length) {
      throw new IllegalArgumentException(
          kind
              + ": ends of different address families: "
              + IpText.of(local)
              + " and "
              + IpText.of(remote));
    }
    ends.check(kind, ends.local);
    ends.check(kind, ends.remote);
    if (ends.local.equals(ends.remote)) {
      throw new IllegalArgumentException(kind + ": both ends are " + IpText.of(local));
    }
    return ends;
  }

  private void check(String kind, InetAddress address) {
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw new IllegalArgumentException(
          kind + ": " + IpText.of(address) + " is no address of a machine");
    }
  }

  static int hops(int hops) {
    if (hops < 1 || hops > MOST_HOPS) {
      throw new IllegalArgumentException("ttl " + hops + " is not in 1.." + MOST_HOPS);
    }
    return hops;
  }
}
