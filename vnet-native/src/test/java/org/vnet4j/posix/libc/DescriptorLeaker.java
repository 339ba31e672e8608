// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.util.ArrayList;
import java.util.List;

/**
 * Opens descriptors without close-on-exec, as careless native code does: every program that is
 * started inherits them.
 */
public final class DescriptorLeaker {
  private DescriptorLeaker() {}

  /** Opens a file or directory the given number of times. */
  public static List<Integer> open(String path, int times) {
    List<Integer> opened = new ArrayList<>();
    Memory name = Memory.of(path);
    for (int i = 0; i < times; i++) {
      int fd = Native.libc().open(name.address(), Abi.O_RDONLY, 0);
      if (fd == -1) {
        throw new IllegalStateException("open: errno " + Native.errno());
      }
      opened.add(fd);
    }
    name.keep();
    return opened;
  }

  /** Closes the descriptors. */
  public static void close(List<Integer> opened) {
    opened.forEach(Native.libc()::close);
  }
}
