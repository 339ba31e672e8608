// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

/** Constants and structure offsets of netinet/ip_dummynet.h that are the same in all releases. */
public final class DummynetAbi {
  static final int DN_API_VERSION = 12500000;
  static final int DN_MAX_ID = 65536;
  static final int DN_LINK = 1;
  static final int DN_FS = 2;
  static final int DN_SCH = 3;
  static final int DN_CMD_CONFIG = 128;
  static final int DN_CMD_DELETE = 129;
  static final int DN_CMD_GET = 130;
  static final int DN_PIPE_CMD = 4096;
  static final int IP_DUMMYNET3 = 49;

  public static final int DN_ID_SIZE = 8;
  static final int DN_ID_LEN = 0;
  static final int DN_ID_TYPE = 2;
  static final int DN_ID_SUBTYPE = 3;
  static final int DN_ID_ID = 4;

  static final int DN_LINK_SIZE = 32;
  static final int DN_LINK_LINK_NR = 8;
  static final int DN_LINK_BANDWIDTH = 12;
  static final int DN_LINK_DELAY = 16;

  // The length of struct dn_fs differs between releases, see DummynetCodec.
  static final int DN_FS_FS_NR = 8;
  static final int DN_FS_QSIZE = 16;
  static final int DN_FS_SCHED_NR = 84;

  static final int DN_SCH_SIZE = 92;
  static final int DN_SCH_SCHED_NR = 8;
  static final int DN_SCH_FLAGS = 16;

  private DummynetAbi() {}
}
