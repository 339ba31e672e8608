// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.route;

/** Message types, flags and structure offsets of the routing socket, net/rtsock.c, see route(4). */
public final class RouteAbi {
  static final int RTM_VERSION = 5;
  public static final int RTM_ADD = 1;
  public static final int RTM_DELETE = 2;
  public static final int RTM_CHANGE = 3;
  static final int RTM_GET = 4;
  static final int RTM_LOSING = 5;
  static final int RTM_REDIRECT = 6;
  static final int RTM_MISS = 7;
  public static final int RTM_NEWADDR = 12;
  public static final int RTM_DELADDR = 13;
  static final int RTM_IFINFO = 14;
  static final int RTM_NEWMADDR = 15;
  static final int RTM_DELMADDR = 16;
  static final int RTM_IFANNOUNCE = 17;

  // Flags of a route.
  static final int RTF_UP = 1;
  static final int RTF_GATEWAY = 2;
  public static final int RTF_HOST = 4;
  public static final int RTF_LLINFO = 1024;
  static final int RTF_STATIC = 2048;
  public static final int RTF_PINNED = 1048576;

  // Bits of the addresses that follow, in this order.
  static final int RTA_DST = 1;
  static final int RTA_GATEWAY = 2;
  static final int RTA_NETMASK = 4;
  static final int RTA_IFP = 16;
  static final int RTA_IFA = 32;
  static final int RTAX_MAX = 8;
  static final int IFAN_ARRIVAL = 0;

  // System variables for listings.
  public static final int CTL_NET = 4;
  public static final int NET_RT_DUMP = 1;

  static final int RT_MSGHDR_SIZE = 152;
  static final int RT_MSGHDR_RTM_MSGLEN = 0;
  static final int RT_MSGHDR_RTM_VERSION = 2;
  static final int RT_MSGHDR_RTM_TYPE = 3;
  static final int RT_MSGHDR_RTM_INDEX = 4;
  static final int RT_MSGHDR_RTM_FLAGS = 8;
  static final int RT_MSGHDR_RTM_ADDRS = 12;
  static final int RT_MSGHDR_RTM_PID = 16;
  public static final int RT_MSGHDR_RTM_SEQ = 20;
  static final int RT_MSGHDR_RTM_ERRNO = 24;
  static final int RT_MSGHDR_RTM_RMX = 40;

  static final int RT_METRICS_RMX_MTU = 8;

  static final int IF_MSGHDR_SIZE = 168;
  static final int IF_MSGHDR_IFM_FLAGS = 8;
  static final int IF_MSGHDR_IFM_INDEX = 12;
  static final int IF_MSGHDR_IFM_DATA = 16;

  static final int IFA_MSGHDR_SIZE = 20;
  static final int IFA_MSGHDR_IFAM_ADDRS = 4;
  static final int IFA_MSGHDR_IFAM_FLAGS = 8;
  static final int IFA_MSGHDR_IFAM_INDEX = 12;
  static final int IFA_MSGHDR_IFAM_METRIC = 16;

  static final int IF_ANNOUNCEMSGHDR_SIZE = 24;
  static final int IF_ANNOUNCEMSGHDR_IFAN_INDEX = 4;
  static final int IF_ANNOUNCEMSGHDR_IFAN_NAME = 6;
  static final int IF_ANNOUNCEMSGHDR_IFAN_WHAT = 22;

  private RouteAbi() {}
}
