// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

/**
 * Opcodes of rule instructions, from enum ipfw_opcodes of netinet/ip_fw.h: those that a neutral
 * rule can need. An instruction consists of an opcode, a length in 32 bit words with two flags, and
 * an argument of 16 bits; more words may follow.
 */
final class IpfwOpcode {
  static final int F_NOT = 0x80;
  static final int F_OR = 0x40;
  static final int F_LEN_MASK = 0x3f;

  static final int O_NOP = 0;
  static final int O_IP_SRC = 1;
  static final int O_IP_SRC_MASK = 2;
  static final int O_IP_SRC_ME = 3;
  static final int O_IP_SRC_SET = 4;
  static final int O_IP_DST = 5;
  static final int O_IP_DST_MASK = 6;
  static final int O_IP_DST_ME = 7;
  static final int O_IP_DST_SET = 8;
  static final int O_IP_SRCPORT = 9;
  static final int O_IP_DSTPORT = 10;
  static final int O_PROTO = 11;
  static final int O_IN = 15;
  static final int O_FRAG = 16;
  static final int O_RECV = 17;
  static final int O_XMIT = 18;
  static final int O_VIA = 19;
  static final int O_IPLEN = 21;
  static final int O_IPID = 22;
  static final int O_IPTOS = 23;
  static final int O_IPTTL = 25;
  static final int O_IPVER = 26;
  static final int O_ESTAB = 29;
  static final int O_TCPFLAGS = 30;
  static final int O_TCPWIN = 31;
  static final int O_ICMPTYPE = 34;
  static final int O_PROBE_STATE = 38;
  static final int O_KEEP_STATE = 39;
  static final int O_LIMIT = 40;
  static final int O_LOG = 42;
  static final int O_CHECK_STATE = 44;
  static final int O_ACCEPT = 45;
  static final int O_DENY = 46;
  static final int O_REJECT = 47;
  static final int O_COUNT = 48;
  static final int O_SKIPTO = 49;
  static final int O_IP_SRC_LOOKUP = 59;
  static final int O_IP_DST_LOOKUP = 60;
  static final int O_TCPDATALEN = 65;
  static final int O_IP6_SRC = 66;
  static final int O_IP6_SRC_ME = 67;
  static final int O_IP6_SRC_MASK = 68;
  static final int O_IP6_DST = 69;
  static final int O_IP6_DST_ME = 70;
  static final int O_IP6_DST_MASK = 71;
  static final int O_ICMP6TYPE = 73;
  static final int O_IP6 = 75;
  static final int O_IP4 = 78;
  static final int O_UNREACH6 = 79;

  /** The code that makes O_REJECT and O_UNREACH6 send a TCP reset. */
  static final int ICMP_REJECT_RST = 0x100;

  private IpfwOpcode() {}
}
