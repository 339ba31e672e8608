// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import org.vnet4j.freebsd.sys.SocketAbi;

/** Interface requests, flags and structure offsets of net/if.c. */
public final class InterfaceAbi {
  static final int IFNAMSIZ = 16;

  // Requests; the number contains the size of the argument.
  static final long SIOCIFCREATE2 = 0xc020697cL;
  static final long SIOCIFDESTROY = 0x80206979L;
  static final long SIOCIFGCLONERS = 0xc0106978L;
  public static final long SIOCSIFVNET = 0xc020695aL;
  static final long SIOCSIFRVNET = 0xc020695bL;
  public static final long SIOCSIFNAME = 0x80206928L;
  static final long SIOCGIFFLAGS = 0xc0206911L;
  static final long SIOCSIFFLAGS = 0x80206910L;
  static final long SIOCGIFMTU = 0xc0206933L;
  static final long SIOCSIFMTU = 0x80206934L;
  static final long SIOCGIFMETRIC = 0xc0206917L;
  static final long SIOCGIFINDEX = 0xc0206920L;
  static final long SIOCGIFCONF = 0xc0106924L;
  static final long SIOCGIFCAP = 0xc020691fL;
  static final long SIOCSIFCAP = 0x8020691eL;
  static final long SIOCGIFDESCR = 0xc020692aL;
  static final long SIOCSIFDESCR = 0x80206929L;
  static final long SIOCAIFGROUP = 0x80286987L;
  static final long SIOCDIFGROUP = 0x80286989L;
  static final long SIOCGIFGROUP = 0xc0286988L;
  static final long SIOCGDRVSPEC = 0xc028697bL;
  static final long SIOCSDRVSPEC = 0x8028697bL;
  static final long SIOCSIFLLADDR = 0x8020693cL;
  static final long SIOCGHWADDR = 0xc020693eL;
  static final long SIOCGIFFIB = 0xc020695cL;
  static final long SIOCSIFFIB = 0x8020695dL;
  static final long SIOCGIFDATA = 0x8020692cL;
  static final long SIOCGIFMEDIA = 0xc0306938L;

  // Flags; the request holds their upper half in a separate field, see InterfaceCalls.
  public static final int IFF_UP = 1;
  public static final int IFF_BROADCAST = 2;
  public static final int IFF_DEBUG = 4;
  public static final int IFF_LOOPBACK = 8;
  public static final int IFF_POINTOPOINT = 16;
  public static final int IFF_DRV_RUNNING = 64;
  public static final int IFF_NOARP = 128;
  public static final int IFF_PROMISC = 256;
  public static final int IFF_ALLMULTI = 512;
  public static final int IFF_SIMPLEX = 2048;
  public static final int IFF_MULTICAST = 32768;

  // Capabilities.
  public static final int IFCAP_TXCSUM = 2;
  public static final int IFCAP_TXCSUM_IPV6 = 0x400000;

  // Types, in if_data and sockaddr_dl.
  public static final int IFT_ETHER = 6;
  public static final int IFT_LOOP = 24;
  public static final int IFT_BRIDGE = 209;
  public static final int LINK_STATE_UP = 2;

  // Media status.
  static final int IFM_AVALID = 1;
  static final int IFM_ACTIVE = 2;

  // The variables of interfaces, see ifmib(4).
  static final int CTL_NET = 4;
  static final int NETLINK_GENERIC = 0;
  static final int IFMIB_IFDATA = 2;
  static final int IFDATA_DRIVERNAME = 3;

  static final int IFREQ_SIZE = 32;
  static final int IFREQ_IFR_IFRU = 16;

  static final int IFDRV_SIZE = 40;
  static final int IFDRV_IFD_CMD = 16;
  static final int IFDRV_IFD_LEN = 24;
  static final int IFDRV_IFD_DATA = 32;

  static final int IFGROUPREQ_SIZE = 40;
  static final int IFGROUPREQ_IFGR_LEN = 16;
  static final int IFGROUPREQ_IFGR_IFGRU = 24;

  static final int IFG_REQ_SIZE = 16;

  static final int IFCONF_SIZE = 16;
  static final int IFCONF_IFC_LEN = 0;
  static final int IFCONF_IFC_IFCU = 8;

  static final int IF_CLONEREQ_SIZE = 16;
  static final int IF_CLONEREQ_IFCR_TOTAL = 0;
  static final int IF_CLONEREQ_IFCR_COUNT = 4;
  static final int IF_CLONEREQ_IFCR_BUFFER = 8;

  static final int IFMEDIAREQ_SIZE = 48;
  static final int IFMEDIAREQ_IFM_STATUS = 24;

  static final int IF_DATA_SIZE = 152;
  static final int IF_DATA_IFI_TYPE = 0;
  static final int IF_DATA_IFI_LINK_STATE = 4;
  static final int IF_DATA_IFI_MTU = 8;
  static final int IF_DATA_IFI_METRIC = 12;
  static final int IF_DATA_IFI_BAUDRATE = 16;
  static final int IF_DATA_IFI_IPACKETS = 24;
  static final int IF_DATA_IFI_IERRORS = 32;
  static final int IF_DATA_IFI_OPACKETS = 40;
  static final int IF_DATA_IFI_OERRORS = 48;
  static final int IF_DATA_IFI_COLLISIONS = 56;
  static final int IF_DATA_IFI_IBYTES = 64;
  static final int IF_DATA_IFI_OBYTES = 72;
  static final int IF_DATA_IFI_IMCASTS = 80;
  static final int IF_DATA_IFI_OMCASTS = 88;
  static final int IF_DATA_IFI_IQDROPS = 96;
  static final int IF_DATA_IFI_OQDROPS = 104;

  private InterfaceAbi() {}

  /** Returns the number of the variable that has the name an interface got from its driver. */
  public static int[] driverName(int index) {
    return new int[] {
      CTL_NET, SocketAbi.AF_LINK, NETLINK_GENERIC, IFMIB_IFDATA, index, IFDATA_DRIVERNAME
    };
  }
}
