// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.socket;

import jnr.ffi.Pointer;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.libc.Poller;

/**
 * The calls on datagram sockets: those of this machine's libc, or of a simulated kernel. Each
 * returns what its C function returns.
 */
public interface DatagramCalls {
  /** The calls of this machine. */
  DatagramCalls HERE = new Here();

  /**
   * Calls bind(2).
   *
   * @param fd a socket
   * @param address address of a socket address
   * @param addressLength its length
   * @return 0, or -1
   */
  int bind(int fd, long address, int addressLength);

  /**
   * Calls sendto(2); for the pointer see {@link Libc#posix_spawn}.
   *
   * @param fd a socket
   * @param buffer address to read from
   * @param length of the datagram
   * @param flags usually 0
   * @param address a socket address
   * @param addressLength its length
   * @return number of bytes sent, or -1
   */
  long sendto(int fd, long buffer, long length, int flags, Pointer address, int addressLength);

  /**
   * Calls recvfrom(2) without waiting (MSG_DONTWAIT); for the pointer see {@link Libc#posix_spawn}.
   *
   * @param fd a socket
   * @param buffer address to write to
   * @param length of the buffer
   * @param address receives the sender's address
   * @param addressLength address of a socklen_t: the available size, then the length
   * @return number of bytes received, or -1
   */
  long recvfrom(int fd, long buffer, long length, Pointer address, long addressLength);

  /**
   * Calls poll(2); a virtual thread parks meanwhile.
   *
   * @param descriptors an array of pollfd
   * @param count its length
   * @param milliseconds to wait at most
   * @return number of ready descriptors, 0 on timeout, or the negative errno
   */
  int poll(Memory descriptors, int count, int milliseconds);

  /**
   * Reads the errno of this thread's last call that returned -1.
   *
   * @return errno
   */
  int errno();

  /**
   * Returns the errno table of the kernel that serves these calls.
   *
   * @return the table
   */
  Errno table();

  /** This machine's libc. */
  final class Here implements DatagramCalls {
    private Here() {}

    @Override
    public int bind(int fd, long address, int addressLength) {
      return Native.libc().bind(fd, address, addressLength);
    }

    @Override
    public long sendto(
        int fd, long buffer, long length, int flags, Pointer address, int addressLength) {
      return Native.libc().sendto(fd, buffer, length, flags, address, addressLength);
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, Pointer address, long addressLength) {
      int flags = Abi.here().messages.dontwait();
      return Native.libc().recvfrom(fd, buffer, length, flags, address, addressLength);
    }

    @Override
    public int poll(Memory descriptors, int count, int milliseconds) {
      return Poller.poll(descriptors, count, milliseconds);
    }

    @Override
    public int errno() {
      return Native.errno();
    }

    @Override
    public Errno table() {
      return Errno.here();
    }
  }
}
