// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import jnr.ffi.Pointer;

/**
 * Declares the functions of FreeBSD's libc that this package calls, with their C names.
 *
 * <p>Every argument is a number: addresses, sizes and ioctl requests are {@code long}, as they are
 * on the supported LP64 systems. Numbers also let jnr-ffi generate its fast stubs. Those stubs
 * corrupt the sixth of six numbers, so a function with six arguments takes one of them as a
 * pointer. Each function returns the value of the C function; the caller reads the error number
 * immediately, by a means of its own.
 *
 * <p>A test implements this interface with a simulated kernel, which reads and writes the caller's
 * memory by address as the real kernel does.
 */
public interface FreeBsdLibc {
  /**
   * Creates or changes a jail, see jail_set(2).
   *
   * @param iov address of an array of iovec: name, value, name, value
   * @param niov number of iovecs
   * @param flags JAIL_CREATE, JAIL_UPDATE and others
   * @return the jail's number, or -1
   */
  int jail_set(long iov, int niov, int flags);

  /**
   * Reads parameters of a jail, see jail_get(2).
   *
   * @param iov address of an array of iovec: name, value, name, value
   * @param niov number of iovecs
   * @param flags JAIL_DYING and others
   * @return the jail's number, or -1
   */
  int jail_get(long iov, int niov, int flags);

  /**
   * Removes a jail and the jails below it, see jail_remove(2).
   *
   * @param jid the jail's number
   * @return 0, or -1
   */
  int jail_remove(int jid);

  /**
   * Controls a device or, through a socket, an interface of the stack in which the socket was
   * opened.
   *
   * @param fd a descriptor
   * @param request the request number, which contains the argument's size
   * @param argument address of the argument
   * @return 0, or -1
   */
  int ioctl(int fd, long request, long argument);

  /**
   * Opens a socket in the calling thread's stack.
   *
   * @param domain AF_INET and others
   * @param type SOCK_DGRAM and others, with SOCK_CLOEXEC
   * @param protocol usually 0
   * @return a descriptor, or -1
   */
  int socket(int domain, int type, int protocol);

  /**
   * Closes a descriptor.
   *
   * @param fd a descriptor
   * @return 0, or -1
   */
  int close(int fd);

  /**
   * Reads bytes.
   *
   * @param fd a descriptor
   * @param buffer address to write to
   * @param size of the buffer
   * @return number of bytes read, or -1
   */
  long read(int fd, long buffer, long size);

  /**
   * Writes bytes.
   *
   * @param fd a descriptor
   * @param buffer address to read from
   * @param size number of bytes
   * @return number of bytes written, or -1
   */
  long write(int fd, long buffer, long size);

  /**
   * Binds a socket to a local address.
   *
   * @param fd a socket
   * @param address address of a sockaddr
   * @param addressLength its length
   * @return 0, or -1
   */
  int bind(int fd, long address, int addressLength);

  /**
   * Sends a datagram. The address is a pointer because the function has six arguments, see {@link
   * FreeBsdLibc}.
   *
   * @param fd a socket
   * @param buffer address to read from
   * @param length of the datagram
   * @param flags usually 0
   * @param address points to a sockaddr
   * @param addressLength its length
   * @return number of bytes sent, or -1
   */
  long sendto(int fd, long buffer, long length, int flags, Pointer address, int addressLength);

  /**
   * Receives a datagram. The address is a pointer because the function has six arguments, see
   * {@link FreeBsdLibc}.
   *
   * @param fd a socket
   * @param buffer address to write to
   * @param length of the buffer
   * @param flags usually 0
   * @param address points to memory for the sender's sockaddr
   * @param addressLength address of a socklen_t: size of the memory, then length of the sockaddr
   * @return number of bytes received, or -1
   */
  long recvfrom(int fd, long buffer, long length, int flags, Pointer address, long addressLength);

  /**
   * Waits for descriptors to become ready.
   *
   * @param fds address of an array of pollfd
   * @param nfds its length
   * @param timeout in milliseconds, -1 for no limit
   * @return number of ready descriptors, 0 on timeout, or -1
   */
  int poll(long fds, int nfds, int timeout);

  /**
   * Controls a descriptor, see fcntl(2).
   *
   * @param fd a descriptor
   * @param command F_SETFD and others
   * @param argument of the command
   * @return the result of the command, or -1
   */
  int fcntl(int fd, int command, long argument);

  /**
   * Reads a socket option.
   *
   * @param fd a socket
   * @param level SOL_SOCKET, IPPROTO_IP and others
   * @param name the option
   * @param value address to write to
   * @param size address of a socklen_t: size of the buffer, then length of the value
   * @return 0, or -1
   */
  int getsockopt(int fd, int level, int name, long value, long size);

  /**
   * Sets a socket option.
   *
   * @param fd a socket
   * @param level SOL_SOCKET, IPPROTO_IP and others
   * @param name the option
   * @param value address to read from
   * @param size of the value
   * @return 0, or -1
   */
  int setsockopt(int fd, int level, int name, long value, int size);

  /**
   * Reads or sets a system variable by number. Acts on the calling thread's stack.
   *
   * @param mib points to an array of int
   * @param length of the array
   * @param old address to write to, or 0
   * @param oldSize address of a size_t: size of the buffer, then length of the value
   * @param value address of the new value, or 0
   * @param valueSize size of the new value
   * @return 0, or -1
   */
  int sysctl(Pointer mib, int length, long old, long oldSize, long value, long valueSize);

  /**
   * Reads or sets a system variable by name. Acts on the calling thread's stack.
   *
   * @param name address of the name
   * @param old address to write to, or 0
   * @param oldSize address of a size_t: size of the buffer, then length of the value
   * @param value address of the new value, or 0
   * @param valueSize size of the new value
   * @return 0, or -1
   */
  int sysctlbyname(long name, long old, long oldSize, long value, long valueSize);

  /**
   * Loads a kernel module.
   *
   * @param file address of the file name, with or without .ko
   * @return the file's id, or -1
   */
  int kldload(long file);

  /**
   * Finds a loaded kernel file.
   *
   * @param file address of the file name, with .ko
   * @return the file's id, or -1
   */
  int kldfind(long file);

  /**
   * Unloads a kernel file.
   *
   * @param id of the file
   * @return 0, or -1
   */
  int kldunload(int id);

  /**
   * Iterates over the loaded kernel files.
   *
   * @param id of a file, 0 to begin
   * @return the next file's id, 0 after the last, or -1
   */
  int kldnext(int id);

  /**
   * Reads the description of a loaded kernel file.
   *
   * @param id of the file
   * @param stat address of a kld_file_stat; its version field holds its size
   * @return 0, or -1
   */
  int kldstat(int id, long stat);

  /**
   * Finds a module, including modules compiled into the kernel.
   *
   * @param module address of the module's name
   * @return the module's id, or -1
   */
  int modfind(long module);

  /**
   * Reads or changes the kernel environment.
   *
   * @param action KENV_GET and others
   * @param name address of the variable's name
   * @param value address of the value
   * @param size size of the buffer, or length of the value
   * @return length of the value read, 0, or -1
   */
  int kenv(int action, long name, long value, int size);

  /**
   * Creates an event queue, see kqueue(2).
   *
   * @return a descriptor, or -1
   */
  int kqueue();

  /**
   * Registers for events and returns pending events, see kevent(2).
   *
   * @param queue a descriptor
   * @param changes address of an array of kevent, or 0
   * @param changeCount length of that array
   * @param events address of memory for kevents, or 0
   * @param eventCount number of kevents that fit into it
   * @param timeout a timespec, or null to wait without limit; a pointer because it is the sixth
   *     argument
   * @return number of events returned, or -1
   */
  int kevent(
      int queue, long changes, int changeCount, long events, int eventCount, Pointer timeout);

  /**
   * Returns the process id.
   *
   * @return the id
   */
  int getpid();
}
