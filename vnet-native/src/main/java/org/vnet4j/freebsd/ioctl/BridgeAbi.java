// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

/**
 * Commands, flags and structure offsets of net/if_bridge.c. The commands are passed in a struct
 * ifdrv.
 */
public final class BridgeAbi {
  static final int BRDGADD = 0;
  static final int BRDGDEL = 1;
  static final int BRDGGIFFLGS = 2;
  static final int BRDGSIFFLGS = 3;
  static final int BRDGGCACHE = 5;
  static final int BRDGGIFS = 6;
  static final int BRDGRTS = 7;
  static final int BRDGSTO = 9;
  static final int BRDGGTO = 10;
  static final int BRDGFLUSH = 12;
  static final int BRDGGPRI = 13;
  static final int BRDGSFD = 18;

  // Flags of a member.
  public static final int IFBIF_LEARNING = 1;
  public static final int IFBIF_STP = 4;

  // Type of an address table entry; 0 means a learned address.
  public static final int IFBAF_TYPEMASK = 3;

  // Scope of BRDGFLUSH.
  static final int IFBF_FLUSHDYN = 0;
  static final int IFBF_FLUSHALL = 1;

  static final int IFBREQ_SIZE = 80;
  static final int IFBREQ_IFBR_IFSNAME = 0;
  static final int IFBREQ_IFBR_IFSFLAGS = 16;
  static final int IFBREQ_IFBR_PATH_COST = 24;
  static final int IFBREQ_IFBR_PORTNO = 28;
  static final int IFBREQ_IFBR_PRIORITY = 29;
  static final int IFBREQ_IFBR_ROLE = 31;
  static final int IFBREQ_IFBR_STATE = 32;
  static final int IFBREQ_IFBR_ADDRCNT = 36;

  static final int IFBIFCONF_SIZE = 16;
  static final int IFBIFCONF_IFBIC_LEN = 0;
  static final int IFBIFCONF_IFBIC_IFBICU = 8;

  static final int IFBAREQ_SIZE = 40;
  static final int IFBAREQ_IFBA_IFSNAME = 0;
  static final int IFBAREQ_IFBA_EXPIRE = 16;
  static final int IFBAREQ_IFBA_FLAGS = 24;
  static final int IFBAREQ_IFBA_DST = 25;
  static final int IFBAREQ_IFBA_VLAN = 32;

  static final int IFBRPARAM_SIZE = 4;

  private BridgeAbi() {}
}
