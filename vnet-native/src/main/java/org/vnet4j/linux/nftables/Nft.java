// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

/**
 * Constants of nf_tables over nfnetlink. See linux/netfilter/nfnetlink.h and
 * linux/netfilter/nf_tables.h. All numbers in attributes are in network byte order.
 */
public final class Nft {
  static final int NFNL_MSG_BATCH_BEGIN = 16;
  static final int NFNL_MSG_BATCH_END = 17;
  public static final int NFNL_SUBSYS_NFTABLES = 10;

  // struct nfgenmsg
  public static final int NFGENMSG = 4;

  static final int NFT_MSG_NEWTABLE = 0;
  static final int NFT_MSG_GETTABLE = 1;
  static final int NFT_MSG_DELTABLE = 2;
  static final int NFT_MSG_NEWCHAIN = 3;
  static final int NFT_MSG_DELCHAIN = 5;
  static final int NFT_MSG_NEWRULE = 6;
  static final int NFT_MSG_DELRULE = 8;
  static final int NFT_MSG_NEWSET = 9;
  static final int NFT_MSG_DELSET = 11;
  static final int NFT_MSG_NEWSETELEM = 12;
  static final int NFT_MSG_GETSETELEM = 13;
  static final int NFT_MSG_DELSETELEM = 14;
  static final int NFT_MSG_NEWOBJ = 18;
  static final int NFT_MSG_GETOBJ = 19;
  static final int NFT_MSG_DELOBJ = 20;
  static final int NFT_MSG_GETOBJ_RESET = 21;

  static final int NFPROTO_INET = 1;
  static final int NFPROTO_IPV4 = 2;
  static final int NFPROTO_IPV6 = 10;

  static final int NFTA_TABLE_NAME = 1;
  static final int NFTA_TABLE_FLAGS = 2;
  static final int NFTA_TABLE_USERDATA = 6;
  static final int NFT_TABLE_F_DORMANT = 1;

  static final int NFTA_CHAIN_TABLE = 1;
  static final int NFTA_CHAIN_NAME = 3;
  static final int NFTA_CHAIN_HOOK = 4;
  static final int NFTA_CHAIN_TYPE = 7;
  static final int NFTA_HOOK_HOOKNUM = 1;
  static final int NFTA_HOOK_PRIORITY = 2;

  static final int NFTA_RULE_TABLE = 1;
  static final int NFTA_RULE_CHAIN = 2;
  static final int NFTA_RULE_EXPRESSIONS = 4;
  static final int NFTA_RULE_USERDATA = 7;

  static final int NFTA_OBJ_TABLE = 1;
  static final int NFTA_OBJ_NAME = 2;
  static final int NFTA_OBJ_TYPE = 3;
  static final int NFTA_OBJ_DATA = 4;
  static final int NFTA_OBJ_USERDATA = 8;
  static final int NFT_OBJECT_COUNTER = 1;
  static final int NFTA_COUNTER_BYTES = 1;
  static final int NFTA_COUNTER_PACKETS = 2;

  static final int NFTA_SET_TABLE = 1;
  static final int NFTA_SET_NAME = 2;
  static final int NFTA_SET_FLAGS = 3;
  static final int NFTA_SET_KEY_TYPE = 4;
  static final int NFTA_SET_KEY_LEN = 5;
  static final int NFTA_SET_DATA_TYPE = 6;
  static final int NFTA_SET_DATA_LEN = 7;
  static final int NFTA_SET_DESC = 9;
  static final int NFTA_SET_ID = 10;
  static final int NFTA_SET_TIMEOUT = 11;
  static final int NFTA_SET_DESC_SIZE = 1;
  static final int NFT_SET_CONSTANT = 0x2;
  static final int NFT_SET_INTERVAL = 0x4;
  static final int NFT_SET_MAP = 0x8;
  static final int NFT_SET_TIMEOUT = 0x10;
  static final int NFT_SET_EVAL = 0x20;
  static final int NFT_DATA_VERDICT = 0xffffff00;

  static final int NFTA_SET_ELEM_LIST_TABLE = 1;
  static final int NFTA_SET_ELEM_LIST_SET = 2;
  static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
  static final int NFTA_SET_ELEM_KEY = 1;
  static final int NFTA_SET_ELEM_DATA = 2;
  static final int NFTA_SET_ELEM_FLAGS = 3;
  static final int NFTA_SET_ELEM_EXPIRATION = 5;
  static final int NFT_SET_ELEM_INTERVAL_END = 1;

  static final int NFTA_LIST_ELEM = 1;
  static final int NFTA_EXPR_NAME = 1;
  static final int NFTA_EXPR_DATA = 2;
  static final int NFTA_DATA_VALUE = 1;
  static final int NFTA_DATA_VERDICT = 2;
  static final int NFTA_VERDICT_CODE = 1;
  static final int NFTA_VERDICT_CHAIN = 2;

  static final int NF_DROP = 0;
  static final int NF_ACCEPT = 1;
  static final int NFT_JUMP = -3;
  static final int NFT_GOTO = -4;
  static final int NFT_RETURN = -5;

  static final int NFT_REG_VERDICT = 0;
  static final int NFT_REG_1 = 1;
  static final int NFT_REG32_00 = 8;

  static final int NFT_META_LEN = 0;
  static final int NFT_META_MARK = 3;
  static final int NFT_META_OIF = 5;
  static final int NFT_META_IIFNAME = 6;
  static final int NFT_META_OIFNAME = 7;
  static final int NFT_META_NFPROTO = 15;
  static final int NFT_META_L4PROTO = 16;

  static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
  static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;

  static final int NFT_CMP_EQ = 0;
  static final int NFT_CMP_NEQ = 1;
  static final int NFT_RANGE_EQ = 0;
  static final int NFT_RANGE_NEQ = 1;
  static final int NFT_LOOKUP_F_INV = 1;
  static final int NFT_BYTEORDER_HTON = 1;

  static final int NFT_FIB_RESULT_ADDRTYPE = 3;
  static final int NFT_FIB_F_SADDR = 1;
  static final int NFT_FIB_F_DADDR = 2;
  static final int RTN_LOCAL = 2;

  static final int NFT_REJECT_ICMP_UNREACH = 0;
  static final int NFT_REJECT_TCP_RST = 1;

  static final int NFT_DYNSET_OP_ADD = 0;
  static final int NFT_DYNSET_OP_UPDATE = 1;
  static final int NFT_CONNLIMIT_F_INV = 1;
  static final int NFT_LOGLEVEL_INFO = 6;

  static final int NFT_CT_STATUS = 2;
  static final int IPS_SRC_NAT = 1 << 4;
  static final int IPS_DST_NAT = 1 << 5;
  static final int NFT_CT_PROTO_SRC = 11;
  static final int NFT_CT_PROTO_DST = 12;
  static final int NFT_CT_SRC_IP = 19;
  static final int NFT_CT_SRC_IP6 = 21;
  static final int IP_CT_DIR_REPLY = 1;
  static final int NFT_NAT_SNAT = 0;
  static final int NFT_NAT_DNAT = 1;

  public static final int NF_INET_PRE_ROUTING = 0;
  static final int NF_INET_FORWARD = 2;
  static final int NF_INET_LOCAL_OUT = 3;
  public static final int NF_INET_POST_ROUTING = 4;

  private Nft() {}

  /** Returns the number of bytes that precede the attributes in a message of a type. */
  public static int headerSize(int type) {
    return type >>> 8 == NFNL_SUBSYS_NFTABLES ? NFGENMSG : 0;
  }

  static int message(int type) {
    return NFNL_SUBSYS_NFTABLES << 8 | type;
  }
}
