// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

/**
 * Constants and structure offsets for IPv6 addresses (netinet6/in6.c) and neighbour discovery flags
 * (netinet6/nd6.c).
 */
public final class Inet6Abi {
  static final long SIOCAIFADDR_IN6 = 0x8088691bL;
  static final long SIOCDIFADDR_IN6 = 0x81206919L;
  static final long SIOCGIFAFLAG_IN6 = 0xc1206949L;
  static final long SIOCGIFNETMASK_IN6 = 0xc1206925L;
  static final long SIOCGIFINFO_IN6 = 0xc048696cL;

  // Sets only the flags of its argument.
  static final long SIOCSIFINFO_FLAGS = 0xc0486957L;

  // Flags of an interface.
  public static final int ND6_IFF_IFDISABLED = 8;
  public static final int ND6_IFF_NO_DAD = 256;

  // Flags of an address.
  public static final int IN6_IFF_NODAD = 32;
  static final int ND6_INFINITE_LIFETIME = 0xffffffff;

  static final int IN6_ALIASREQ_SIZE = 136;
  static final int IN6_ALIASREQ_IFRA_ADDR = 16;
  static final int IN6_ALIASREQ_IFRA_DSTADDR = 44;
  static final int IN6_ALIASREQ_IFRA_PREFIXMASK = 72;
  static final int IN6_ALIASREQ_IFRA_FLAGS = 100;
  static final int IN6_ALIASREQ_IFRA_LIFETIME = 104;

  static final int IN6_ADDRLIFETIME_IA6T_VLTIME = 16;
  static final int IN6_ADDRLIFETIME_IA6T_PLTIME = 20;

  static final int IN6_IFREQ_SIZE = 288;

  static final int IN6_NDIREQ_SIZE = 72;
  public static final int IN6_NDIREQ_NDI = 16;

  public static final int ND_IFINFO_FLAGS = 20;

  private Inet6Abi() {}
}
