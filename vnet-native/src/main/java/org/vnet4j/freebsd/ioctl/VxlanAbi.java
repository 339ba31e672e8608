// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

/**
 * Commands, creation parameters and structure offsets of net/if_vxlan.c. The commands are passed in
 * a struct ifdrv.
 */
public final class VxlanAbi {
  static final int VXLAN_CMD_GET_CONFIG = 0;
  static final int VXLAN_PARAM_WITH_VNI = 1;
  static final int VXLAN_PARAM_WITH_LOCAL_ADDR4 = 2;
  static final int VXLAN_PARAM_WITH_LOCAL_ADDR6 = 4;
  static final int VXLAN_PARAM_WITH_REMOTE_ADDR4 = 8;
  static final int VXLAN_PARAM_WITH_REMOTE_ADDR6 = 16;
  static final int VXLAN_PARAM_WITH_LOCAL_PORT = 32;
  static final int VXLAN_PARAM_WITH_REMOTE_PORT = 64;
  static final int VXLAN_PARAM_WITH_MULTICAST_IF = 1024;

  static final int IFVXLANPARAM_SIZE = 104;
  static final int IFVXLANPARAM_VXLP_WITH = 0;
  static final int IFVXLANPARAM_VXLP_VNI = 8;
  static final int IFVXLANPARAM_VXLP_LOCAL_SA = 12;
  static final int IFVXLANPARAM_VXLP_REMOTE_SA = 40;
  static final int IFVXLANPARAM_VXLP_LOCAL_PORT = 68;
  static final int IFVXLANPARAM_VXLP_REMOTE_PORT = 70;
  static final int IFVXLANPARAM_VXLP_MC_IFNAME = 76;

  // The answer to VXLAN_CMD_GET_CONFIG.
  static final int IFVXLANCFG_SIZE = 84;
  static final int IFVXLANCFG_VXLC_VNI = 0;
  static final int IFVXLANCFG_VXLC_LOCAL_SA = 4;
  static final int IFVXLANCFG_VXLC_REMOTE_SA = 32;

  private VxlanAbi() {}
}
