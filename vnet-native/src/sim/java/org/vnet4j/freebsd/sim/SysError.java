// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import org.jspecify.annotations.Nullable;

/** The failure of a system call: its errno, and for jail calls the text of errmsg. */
public final class SysError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int ENOMSG = 83;

  final int errno;
  final @Nullable String errmsg;

  public SysError(String name) {
    this(name, null);
  }

  public SysError(String name, @Nullable String errmsg) {
    super(name + (errmsg == null ? "" : ": " + errmsg), null, false, false);
    this.errno = name.equals("ENOMSG") ? ENOMSG : FreeBsdAbi.constant(name);
    this.errmsg = errmsg;
  }
}
