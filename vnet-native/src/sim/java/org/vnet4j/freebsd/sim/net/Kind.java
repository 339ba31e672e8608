// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.List;

/**
 * A kind of interface: the properties in which the drivers differ.
 *
 * @param name driver name, with which interface names begin
 * @param type IFT_ETHER and others
 * @param flags initial flags
 * @param mtu initial MTU in bytes
 * @param leastMtu least MTU that the driver accepts
 * @param mostMtu greatest MTU that the driver accepts
 * @param ether whether it has a MAC address
 * @param burntIn whether SIOCGHWADDR returns that address
 * @param headerLength ifi_hdrlen
 * @param linkState initial link state
 * @param baudrate in bits per second
 * @param hwassist ifi_hwassist
 * @param capabilities possible capabilities, all initially enabled
 */
public record Kind(
    String name,
    String type,
    int flags,
    int mtu,
    int leastMtu,
    int mostMtu,
    boolean ether,
    boolean burntIn,
    int headerLength,
    int linkState,
    long baudrate,
    int hwassist,
    int capabilities) {
  private static final int LEAST = 72;
  private static final int MOST = 65535;

  public static final Kind LO =
      new Kind(
          "lo", "IFT_LOOP", 0x8008, 16384, LEAST, MOST, false, false, 0, 0, 0, 0x0e0f, 0x680003);
  public static final Kind EPAIR =
      new Kind(
          "epair",
          "IFT_ETHER",
          0x8842,
          1500,
          LEAST,
          MOST,
          true,
          true,
          18,
          2,
          10_000_000_000L,
          0x0606,
          0x60001b);
  public static final Kind BRIDGE =
      new Kind("bridge", "IFT_BRIDGE", 0x8802, 1500, 576, MOST, true, false, 14, 0, 0, 0, 0x10);

  public static final List<Kind> ALL =
      List.of(
          BRIDGE,
          new Kind("vxlan", "IFT_ETHER", 0x8802, 1450, LEAST, MOST, true, true, 14, 1, 0, 0, 0),
          new Kind("vlan", "IFT_L2VLAN", 0x8002, 1500, LEAST, MOST, true, false, 14, 1, 0, 0, 0),
          new Kind("vmnet", "IFT_ETHER", 0x8802, 1500, LEAST, MOST, true, true, 14, 1, 0, 0, 0),
          new Kind("tap", "IFT_ETHER", 0x8802, 1500, LEAST, MOST, true, true, 14, 1, 0, 0, 0x80000),
          new Kind(
              "tun",
              "IFT_PROPVIRTUAL",
              0x8010,
              1500,
              LEAST,
              MOST,
              false,
              false,
              0,
              1,
              0,
              0,
              0x80000),
          EPAIR,
          LO,
          new Kind("gre", "IFT_TUNNEL", 0x8010, 1476, 576, MOST, false, false, 0, 1, 0, 0, 0),
          new Kind("gif", "IFT_GIF", 0x8010, 1280, 1280, 8192, false, false, 0, 1, 0, 0, 0));

  /** The kinds that are compiled into the kernel, in the order in which the host lists them. */
  public static final List<String> BUILT_IN = List.of("vlan", "vmnet", "tap", "tun", "lo", "gif");
}
