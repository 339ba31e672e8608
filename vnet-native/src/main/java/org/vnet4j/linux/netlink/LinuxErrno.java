// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.netlink;

/** Error numbers that Linux has alone; those of both systems are in {@code posix.libc.Abi}. */
public final class LinuxErrno {
  public static final int EAGAIN = 11;
  public static final int EMSGSIZE = 90;
  public static final int ENETDOWN = 100;
  public static final int ENOBUFS = 105;

  private LinuxErrno() {}
}
