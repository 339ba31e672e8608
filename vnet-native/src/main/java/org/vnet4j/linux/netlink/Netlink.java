// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.netlink;

/** Constants of netlink itself. See netlink(7) and linux/netlink.h. */
public final class Netlink {
  public static final int AF_NETLINK = 16;
  public static final int SOCK_RAW = 3;
  public static final int NETLINK_ROUTE = 0;
  public static final int NETLINK_NETFILTER = 12;

  // struct nlmsghdr
  public static final int HEADER = 16;
  static final int NLMSG_LEN = 0;
  static final int NLMSG_TYPE = 4;
  static final int NLMSG_FLAGS = 6;
  public static final int NLMSG_SEQ = 8;

  public static final int NLMSG_ERROR = 2;
  public static final int NLMSG_DONE = 3;

  static final int NLM_F_REQUEST = 0x1;
  static final int NLM_F_MULTI = 0x2;
  public static final int NLM_F_ACK = 0x4;
  public static final int NLM_F_ECHO = 0x8;
  static final int NLM_F_DUMP_INTR = 0x10;
  public static final int NLM_F_REPLACE = 0x100;
  public static final int NLM_F_EXCL = 0x200;
  public static final int NLM_F_CREATE = 0x400;
  public static final int NLM_F_APPEND = 0x800;
  public static final int NLM_F_DUMP = 0x300;
  static final int NLM_F_ACK_TLVS = 0x200;

  public static final int NLA_F_NESTED = 0x8000;
  static final int NLA_TYPE_MASK = 0x3fff;

  static final int NLMSGERR_ATTR_MSG = 1;
  static final int NLMSGERR_ATTR_OFFS = 2;

  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_SNDBUFFORCE = 32;
  public static final int SOL_NETLINK = 270;
  static final int NETLINK_CAP_ACK = 10;
  static final int NETLINK_EXT_ACK = 11;
  static final int NETLINK_GET_STRICT_CHK = 12;

  private Netlink() {}

  public static int align(int length) {
    return length + 3 & ~3;
  }
}
