// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

/** Actions of kenv(2), and offsets of the structure that kldstat(2) fills. */
public final class KernelAbi {
  static final int KENV_GET = 0;
  static final int KENV_SET = 1;
  static final int KENV_UNSET = 2;
  static final int KENV_DUMP = 3;
  static final int KENV_MVALLEN = 128;

  static final int KLD_FILE_STAT_VERSION = 0;
  static final int KLD_FILE_STAT_NAME = 4;

  // The last field, a buffer for a path.
  public static final int KLD_FILE_STAT_PATHNAME = 1056;

  // sys/param.h
  public static final int MAXPATHLEN = 1024;

  private KernelAbi() {}
}
