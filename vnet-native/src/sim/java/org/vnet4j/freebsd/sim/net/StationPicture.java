// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.vnet4j.freebsd.sim.Stack;

/** Describes the state of a stack for its station. */
public final class StationPicture {
  private StationPicture() {}

  public static Station.Picture of(Stack stack) {
    List<Station.Port> ports = new ArrayList<>();
    for (Iface iface : stack.interfaces) {
      if (iface.mac.length == 6) {
        List<String> addresses =
            iface.addresses.stream()
                .filter(a -> !a.linkLocal() && !Arrays.equals(a.bytes, new byte[4]))
                .map(a -> text(a.bytes) + "/" + a.prefix)
                .toList();
        String mac = HexFormat.ofDelimiter(":").formatHex(iface.mac);
        ports.add(new Station.Port(iface.name, mac, iface.up(), addresses));
      }
    }
    return new Station.Picture(stack.interfaces.get(0).up(), ports, ways(stack));
  }

  private static List<Station.Way> ways(Stack stack) {
    List<Station.Way> ways = new ArrayList<>();
    for (RouteTable.Entry entry : stack.routes.entries()) {
      byte[] gateway = entry.gateway;
      boolean comesWithAddress =
          gateway == null
              && entry.iface.addresses.stream()
                  .anyMatch(
                      a ->
                          a.prefix == entry.prefix
                              && Arrays.equals(a.network(), entry.destination));
      if (entry.iface.up()
          && entry.iface.mac.length == 6
          && !comesWithAddress
          && !Ip.linkLocal(entry.destination)) {
        ways.add(
            new Station.Way(
                text(entry.destination) + "/" + entry.prefix,
                gateway == null ? "" : text(gateway),
                entry.iface.name));
      }
    }
    return ways;
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
