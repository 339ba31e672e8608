// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import jnr.ffi.Pointer;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.socket.DatagramCalls;

/**
 * The system calls on datagram sockets, made through a FreeBSD kernel's libc.
 *
 * @param kernel the kernel of the sockets
 */
public record KernelDatagramCalls(Syscalls kernel) implements DatagramCalls {
  @Override
  public int bind(int fd, long address, int addressLength) {
    return kernel.libc().bind(fd, address, addressLength);
  }

  @Override
  public long sendto(
      int fd, long buffer, long length, int flags, Pointer address, int addressLength) {
    return kernel.libc().sendto(fd, buffer, length, flags, address, addressLength);
  }

  @Override
  public long recvfrom(int fd, long buffer, long length, Pointer address, long addressLength) {
    int flags = Abi.FREEBSD.messages.dontwait();
    return kernel.libc().recvfrom(fd, buffer, length, flags, address, addressLength);
  }

  @Override
  public int poll(Memory descriptors, int count, int milliseconds) {
    return kernel.poll(descriptors, count, milliseconds);
  }

  @Override
  public int errno() {
    return kernel.errno().getAsInt();
  }

  @Override
  public Errno table() {
    return Errno.FREEBSD;
  }
}
