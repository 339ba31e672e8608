// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

/** Requests, constants and structure offsets of net/if_vlan.c. */
public final class VlanAbi {
  static final long SIOCSETVLAN = 0x80206939L;
  static final long SIOCGETVLAN = 0xc020693aL;

  static final int VLANREQ_SIZE = 20;
  static final int VLANREQ_VLR_PARENT = 0;
  static final int VLANREQ_VLR_TAG = 16;
  static final int VLANREQ_VLR_PROTO = 18;

  // EtherTypes of a tag: 802.1Q and 802.1ad.
  static final int ETHERTYPE_VLAN = 0x8100;

  private VlanAbi() {}
}
