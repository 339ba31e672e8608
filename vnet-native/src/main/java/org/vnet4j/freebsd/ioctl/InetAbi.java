// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

/** Constants and structure offsets for IPv4 addresses, netinet/in.c. */
public final class InetAbi {
  static final long SIOCAIFADDR = 0x8044692bL;
  static final long SIOCDIFADDR = 0x80206919L;
  static final long SIOCGIFALIAS = 0xc044692dL;

  static final int IN_ALIASREQ_SIZE = 68;
  static final int IN_ALIASREQ_IFRA_ADDR = 16;
  static final int IN_ALIASREQ_IFRA_DSTADDR = 32;
  static final int IN_ALIASREQ_IFRA_MASK = 48;

  private InetAbi() {}
}
