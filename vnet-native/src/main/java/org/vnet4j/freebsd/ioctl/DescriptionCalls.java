// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFDESCR;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSIFDESCR;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOMSG;

import java.util.Optional;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/**
 * Reads and sets an interface's description. The description survives a move to another stack; this
 * library stores its ownership mark in it.
 */
public final class DescriptionCalls {
  private static final int ROOM = 1024;

  /** Offset of the length, a size_t. The address of the buffer follows it. */
  private static final int LENGTH = VALUE;

  private static final int BUFFER = VALUE + Long.BYTES;

  private final Syscalls kernel;

  public DescriptionCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Returns the description; empty if there is none. */
  public Optional<String> get(int socket, String name) {
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
        throw Syscalls.refusal("SIOCGIFDESCR", name, (int) -rc, null);
      }
      // A buffer that is too small causes no error: the kernel returns a null address and the
      // required length.
      if (request.getLong(BUFFER) != 0) {
        return Optional.of(text.getString());
      }
      room = Math.max((int) request.getLong(LENGTH), 2 * room);
    }
  }

  /** Sets the description; an empty text removes it. Fails with ENAMETOOLONG beyond 1024 bytes. */
  public void set(int socket, String name, String description) {
    Memory request = Ifreq.of(name);
    if (!description.isEmpty()) {
      Memory text = Memory.of(description);
      request.putLong(LENGTH, text.size()).point(BUFFER, text);
    }
    kernel.ioctl(socket, SIOCSIFDESCR, "SIOCSIFDESCR", name, request);
  }
}
