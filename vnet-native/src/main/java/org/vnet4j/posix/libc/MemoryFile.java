// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import static org.vnet4j.posix.libc.Abi.EINVAL;

import org.vnet4j.spi.KernelErrors;

/** Creates files that exist only in memory, see memfd_create(2). */
public final class MemoryFile {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_EXEC = 0x10;
  private static final int SEEK_SET = 0;

  private MemoryFile() {}

  /**
   * Creates a file, close-on-exec.
   *
   * @param name the name shown in /proc
   * @param content its content
   * @return the file, to be closed; its reader begins at the start
   */
  public static Fd of(String name, byte[] content) {
    return filled(create(name, MFD_CLOEXEC), name, content);
  }

  /**
   * Creates a file with a program that can be executed. Kernels before 6.3 do not know the flag for
   * that, and do not need it.
   *
   * @throws org.vnet4j.VnetException if the system has no such files
   */
  public static Fd executable(String name, byte[] program) {
    int number = create(name, MFD_CLOEXEC | MFD_EXEC);
    return filled(number == -EINVAL ? create(name, MFD_CLOEXEC) : number, name, program);
  }

  /** Returns a descriptor, or the negative errno. */
  private static int create(String name, int flags) {
    Memory text = Memory.of(name);
    int number = Native.libc().memfd_create(text.address(), flags);
    int result = number == -1 ? -Native.errno() : number;
    text.keep();
    return result;
  }

  private static Fd filled(int number, String name, byte[] content) {
    if (number < 0) {
      throw KernelErrors.of(Errno.here().error("memfd_create", name, -number));
    }
    Fd file = Fd.owning(number);
    Memory bytes = Memory.allocate(Math.max(1, content.length));
    bytes.bytes().put(0, content);
    int written = 0;
    while (written < content.length) {
      long n = Native.libc().write(number, bytes.address() + written, content.length - written);
      if (n <= 0) {
        int errno = Native.errno();
        file.close();
        throw KernelErrors.of(Errno.here().error("write", name, errno));
      }
      written += (int) n;
    }
    bytes.keep();
    Native.libc().lseek(number, 0, SEEK_SET);
    return file;
  }
}
