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
  static final long SIOCGIFALIFETIME_IN6 = 0xc1206951L;
  static final long SIOCGIFNETMASK_IN6 = 0xc1206925L;
  static final long SIOCGIFINFO_IN6 = 0xc048696cL;

  // Sets only the flags of its argument.
  static final long SIOCSIFINFO_FLAGS = 0xc0486957L;

  // Flags of an interface.
  static final int ND6_IFF_PERFORMNUD = 1;
  static final int ND6_IFF_ACCEPT_RTADV = 2;
  public static final int ND6_IFF_IFDISABLED = 8;
  static final int ND6_IFF_AUTO_LINKLOCAL = 32;
  static final int ND6_IFF_NO_RADR = 64;
  static final int ND6_IFF_NO_PREFER_IFACE = 128;
  public static final int ND6_IFF_NO_DAD = 256;

  // Flags of an address.
  static final int IN6_IFF_ANYCAST = 1;
  static final int IN6_IFF_TENTATIVE = 2;
  static final int IN6_IFF_DUPLICATED = 4;
  static final int IN6_IFF_DETACHED = 8;
  static final int IN6_IFF_DEPRECATED = 16;
  public static final int IN6_IFF_NODAD = 32;
  static final int IN6_IFF_AUTOCONF = 64;
  static final int ND6_INFINITE_LIFETIME = 0xffffffff;

  static final int IN6_ALIASREQ_SIZE = 136;
  static final int IN6_ALIASREQ_IFRA_NAME = 0;
  static final int IN6_ALIASREQ_IFRA_ADDR = 16;
  static final int IN6_ALIASREQ_IFRA_DSTADDR = 44;
  static final int IN6_ALIASREQ_IFRA_PREFIXMASK = 72;
  static final int IN6_ALIASREQ_IFRA_FLAGS = 100;
  static final int IN6_ALIASREQ_IFRA_LIFETIME = 104;
  static final int IN6_ALIASREQ_IFRA_VHID = 128;

  static final int IN6_ADDRLIFETIME_SIZE = 24;
  static final int IN6_ADDRLIFETIME_IA6T_EXPIRE = 0;
  static final int IN6_ADDRLIFETIME_IA6T_PREFERRED = 8;
  static final int IN6_ADDRLIFETIME_IA6T_VLTIME = 16;
  static final int IN6_ADDRLIFETIME_IA6T_PLTIME = 20;

  static final int IN6_IFREQ_SIZE = 288;
  static final int IN6_IFREQ_IFR_NAME = 0;
  static final int IN6_IFREQ_IFR_IFRU = 16;

  static final int IN6_NDIREQ_SIZE = 72;
  static final int IN6_NDIREQ_IFNAME = 0;
  public static final int IN6_NDIREQ_NDI = 16;

  static final int ND_IFINFO_SIZE = 56;
  static final int ND_IFINFO_LINKMTU = 0;
  static final int ND_IFINFO_MAXMTU = 4;
  static final int ND_IFINFO_BASEREACHABLE = 8;
  static final int ND_IFINFO_REACHABLE = 12;
  static final int ND_IFINFO_RETRANS = 16;
  public static final int ND_IFINFO_FLAGS = 20;
  static final int ND_IFINFO_RECALCTM = 24;
  static final int ND_IFINFO_CHLIM = 28;
  static final int ND_IFINFO_INITIALIZED = 29;

  private Inet6Abi() {}
}
