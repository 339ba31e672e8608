// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

/** Flags of jail_set(2) and jail_get(2), and the layout of iovec. */
public final class JailAbi {
  public static final int JAIL_CREATE = 1;
  public static final int JAIL_UPDATE = 2;
  static final int JAIL_ATTACH = 4;
  public static final int JAIL_DYING = 8;

  // Since FreeBSD 15.
  static final int JAIL_GET_DESC = 64;
  public static final int JAIL_OWN_DESC = 128;

  // Values of parameters such as vnet and ip4.
  static final int JAIL_SYS_DISABLE = 0;
  public static final int JAIL_SYS_NEW = 1;
  static final int JAIL_SYS_INHERIT = 2;

  // Buffer sizes in bytes for names, paths and error texts.
  public static final int MAXHOSTNAMELEN = 256;
  static final int JAIL_ERRMSGLEN = 1024;

  static final int IOVEC_SIZE = 16;
  static final int IOVEC_IOV_BASE = 0;
  static final int IOVEC_IOV_LEN = 8;

  private JailAbi() {}
}
