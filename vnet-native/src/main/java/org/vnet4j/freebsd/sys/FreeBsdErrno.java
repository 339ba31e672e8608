// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

/**
 * The error numbers of FreeBSD, which are not those of Linux beyond 34. See errno(2). Names and
 * messages are in {@code Errno.FREEBSD}.
 */
public final class FreeBsdErrno {
  static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int ENXIO = 6;
  public static final int ENOMEM = 12;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EINVAL = 22;
  public static final int EAGAIN = 35;
  public static final int ENOBUFS = 55;
  static final int ENAMETOOLONG = 63;
  public static final int ENOMSG = 83;
  public static final int EADDRNOTAVAIL = 49;
  public static final int ENETUNREACH = 51;

  private FreeBsdErrno() {}
}
