// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import java.util.Locale;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Native;

/** Binds the libc of a running FreeBSD on first use. Binding takes half a second. */
public final class NativeLibc {
  private NativeLibc() {}

  /**
   * Returns the kernel of this machine.
   *
   * @throws VnetException on another system than FreeBSD
   */
  public static Syscalls kernel() {
    if (!isFreeBsd()) {
      throw new VnetException("this is " + System.getProperty("os.name") + ", not FreeBSD");
    }
    return Bound.KERNEL;
  }

  private static boolean isFreeBsd() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("freebsd");
  }

  /** Returns whether calls reach the kernel of this machine, not a simulated one. */
  static boolean isHere(Syscalls kernel) {
    return isFreeBsd() && kernel.libc() == Bound.KERNEL.libc();
  }

  /** Binds the libc of any system. A function that this libc lacks fails when it is called. */
  static Syscalls bind() {
    Native.libc(); // loads the library of jffi from a private directory
    try {
      FreeBsdLibc libc = LibraryLoader.create(FreeBsdLibc.class).load("c");
      Runtime runtime = Runtime.getRuntime(libc);
      return new Syscalls(libc, () -> LastError.getLastError(runtime));
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      throw new VnetException(
          "libc could not be bound; JDK 24 and later want --enable-native-access=ALL-UNNAMED", e);
    }
  }

  private static final class Bound {
    static final Syscalls KERNEL = bind();
  }
}
