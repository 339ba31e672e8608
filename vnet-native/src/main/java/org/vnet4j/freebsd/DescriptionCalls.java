// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.FreeBsdErrno.ENOMSG;
import static org.vnet4j.freebsd.Ifreq.VALUE;
import static org.vnet4j.freebsd.InterfaceAbi.SIOCGIFDESCR;
import static org.vnet4j.freebsd.InterfaceAbi.SIOCSIFDESCR;

import java.util.Optional;

/** The text an interface carries, which survives a move: our mark of ownership. */
final class DescriptionCalls {
  private static final int ROOM = 1024;

  /** The request has a size_t and then the address. */
  private static final int LENGTH = VALUE;

  private static final int BUFFER = VALUE + Long.BYTES;

  private final FreeBsdKernel kernel;

  DescriptionCalls(FreeBsdKernel kernel) {
    this.kernel = kernel;
  }

  /** Reads the description; empty if there is none. */
  Optional<String> get(int socket, String name) {
    int room = ROOM;
    while (true) {
      Memory text = Memory.allocate(room);
      Memory request = Ifreq.of(name).putLong(LENGTH, room).point(BUFFER, text);
      long rc =
          kernel.attempt(
              () -> kernel.libc().ioctl(socket, SIOCGIFDESCR, request.address()), request);
      if (rc == -ENOMSG) {
        return Optional.empty();
      }
      if (rc < 0) {
        throw FreeBsdKernel.refusal("SIOCGIFDESCR", name, (int) -rc, null);
      }
      // Too little room is no error: the address comes back as null, the length as what it takes.
      if (request.getLong(BUFFER) != 0) {
        return Optional.of(text.getString());
      }
      room = Math.max((int) request.getLong(LENGTH), 2 * room);
    }
  }

  /** Sets the description, or with an empty text removes it. ENAMETOOLONG beyond 1024 bytes. */
  void set(int socket, String name, String description) {
    Memory request = Ifreq.of(name);
    if (!description.isEmpty()) {
      Memory text = Memory.of(description);
      request.putLong(LENGTH, text.size()).point(BUFFER, text);
    }
    kernel.ioctl(socket, SIOCSIFDESCR, "SIOCSIFDESCR", name, request);
  }
}
