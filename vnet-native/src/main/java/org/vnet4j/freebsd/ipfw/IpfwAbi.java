// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

/**
 * Constants and structure offsets of netinet/ip_fw.h. {@link IpfwVersion} has those that differ by
 * version.
 */
public final class IpfwAbi {
  // Commands, in the opcode of struct ip_fw3_opheader.
  static final int IP_FW_TABLE_XADD = 86;
  static final int IP_FW_TABLE_XDEL = 87;
  static final int IP_FW_TABLE_XLIST = 89;
  static final int IP_FW_TABLE_XDESTROY = 90;
  static final int IP_FW_TABLES_XLIST = 92;
  static final int IP_FW_TABLE_XFLUSH = 94;
  static final int IP_FW_TABLE_XCREATE = 95;
  static final int IP_FW_XGET = 97;
  static final int IP_FW_XADD = 98;
  static final int IP_FW_XDEL = 99;
  static final int IP_FW_XMOVE = 100;
  static final int IP_FW_XZERO = 101;
  static final int IP_FW_SET_SWAP = 103;
  static final int IP_FW_SET_MOVE = 104;
  static final int IP_FW_SET_ENABLE = 105;
  static final int IP_FW_DUMP_SOPTCODES = 116;

  // Types of a TLV.
  static final int IPFW_TLV_TBL_NAME = 1;
  static final int IPFW_TLV_TBLNAME_LIST = 2;
  static final int IPFW_TLV_RULE_LIST = 3;
  static final int IPFW_TLV_RANGE = 9;
  static final int IPFW_TLV_STATE_NAME = 14;

  // What XGET returns.
  static final int IPFW_CFG_GET_STATIC = 1;
  static final int IPFW_CFG_GET_COUNTERS = 4;

  // The scope of a range.
  static final int IPFW_RCFLAG_RANGE = 1;
  static final int IPFW_RCFLAG_ALL = 2;
  static final int IPFW_RCFLAG_SET = 4;

  /** Flag of a rule without addresses and ports. Only ipfw(8) reads it. */
  static final int IPFW_RULE_NOOPT = 1;

  static final int IPFW_DEFAULT_RULE = 65535;
  static final int IPFW_MAX_SETS = 32;

  // struct ip_fw3_opheader.
  static final int OPHEADER_SIZE = 8;
  static final int OPHEADER_OPCODE = 0;
  static final int OPHEADER_VERSION = 2;

  // struct ipfw_obj_tlv, the head of all other TLVs.
  static final int TLV_SIZE = 8;
  static final int TLV_TYPE = 0;
  static final int TLV_LENGTH = 4;

  // struct ipfw_obj_ctlv, a list of objects.
  static final int CTLV_SIZE = 16;
  static final int CTLV_COUNT = 8;
  static final int CTLV_OBJSIZE = 12;
  static final int CTLV_FLAGS = 15;
  static final int IPFW_CTF_ATOMIC = 1;

  // struct ipfw_obj_ntlv, the name of a table or state.
  static final int NTLV_SIZE = 80;
  static final int NTLV_IDX = 8;
  static final int NTLV_NAME = 16;
  static final int NTLV_NAME_SIZE = 64;

  // struct ip_fw_rule; the instructions begin at RULE_CMD.
  static final int RULE_ACT_OFS = 0;
  static final int RULE_CMD_LEN = 2;
  static final int RULE_SET = 6;
  static final int RULE_FLAGS = 7;
  static final int RULE_RULENUM = 8;
  static final int RULE_ID = 12;
  static final int RULE_CMD = 16;

  // struct ip_fw_bcounter.
  static final int BCOUNTER_SIZE = 24;
  static final int BCOUNTER_TIMESTAMP = 4;
  static final int BCOUNTER_PCNT = 8;
  static final int BCOUNTER_BCNT = 16;

  // struct ipfw_cfg_lheader.
  public static final int CFG_SIZE = 32;
  static final int CFG_SET_MASK = 8;
  static final int CFG_FLAGS = 16;
  static final int CFG_NEEDED = 20;
  static final int CFG_START_RULE = 24;
  static final int CFG_END_RULE = 28;

  // struct ipfw_obj_header, before a request about one table, and its name field.
  public static final int OBJ_SIZE = 96;
  static final int OBJ_NTLV = 16;

  // struct ipfw_obj_lheader, before a list of tables.
  static final int LHEADER_SIZE = 24;
  static final int LHEADER_COUNT = 12;
  static final int LHEADER_NEEDED = 16;
  static final int LHEADER_OBJSIZE = 20;

  // struct ipfw_xtable_info.
  public static final int XTABLE_SIZE = 200;
  static final int XTABLE_TYPE = 0;
  static final int XTABLE_VMASK = 12;
  static final int XTABLE_SET = 16;
  static final int XTABLE_REFCNT = 24;
  static final int XTABLE_COUNT = 28;
  static final int XTABLE_BYTES = 32;
  static final int XTABLE_NAME = 40;
  static final int XTABLE_ALGO = 104;

  // struct ipfw_obj_tentry, an address in a table.
  static final int TENTRY_SIZE = 120;
  static final int TENTRY_SUBTYPE = 8;
  static final int TENTRY_MASKLEN = 9;
  static final int TENTRY_IDX = 12;
  static final int TENTRY_KEY = 16;

  /** Type of an address table. */
  public static final int IPFW_TABLE_ADDR = 1;

  /** All types of values: the default of ipfw(8) for a new table. */
  static final int IPFW_VTYPE_LEGACY = -1;

  static final int AF_INET = 2;
  static final int AF_INET6 = 28;

  private IpfwAbi() {}
}
