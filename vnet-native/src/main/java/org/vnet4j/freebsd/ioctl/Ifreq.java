// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFNAMSIZ;

import java.nio.charset.StandardCharsets;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Memory;

/** Writes and reads the interface name at the beginning of every interface request. */
public final class Ifreq {
  /** Offset of the value in a plain ifreq; the same in in6_ifreq. */
  static final int VALUE = InterfaceAbi.IFREQ_IFR_IFRU;

  private Ifreq() {}

  /** Returns a request that contains only the name. */
  static Memory of(String name) {
    return of(name, InterfaceAbi.IFREQ_SIZE);
  }

  /** Returns a larger request that begins with the name. */
  static Memory of(String name, int size) {
    return putName(Memory.allocate(size), 0, name);
  }

  static Memory putName(Memory request, int offset, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= IFNAMSIZ) {
      throw new VnetException(
          "interface name \"" + name + "\": longer than " + (IFNAMSIZ - 1) + " bytes");
    }
    if (name.indexOf('\0') >= 0) {
      throw new VnetException("interface name \"" + name.replace("\0", "\\0") + "\": NUL in it");
    }
    return request.put(offset, bytes);
  }

  public static String name(Memory request, int offset) {
    return request.getString(offset, IFNAMSIZ);
  }
}
