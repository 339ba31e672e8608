// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import jnr.ffi.Pointer;

/**
 * Binds the functions of libc that both systems have, with the C names unchanged. An address is a
 * {@code long}. A function with a variable number of arguments is bound with the arguments used
 * here, the last of which is a {@code long}.
 */
public interface Libc {

  /** Calls close(2). */
  int close(int fd);

  /** Calls dup3(3). */
  int dup3(int from, int to, int flags);

  /** Calls fcntl(2). */
  int fcntl(int fd, int command, long argument);

  /** Calls geteuid(2). */
  int geteuid();

  /** Calls getgrouplist(3). */
  int getgrouplist(long user, int group, long groups, long count);

  /** Calls getsockopt(2). */
  int getsockopt(int fd, int level, int option, long value, long length);

  /** Calls inotify_add_watch(2), which FreeBSD has only since 15. */
  int inotify_add_watch(int fd, long path, int mask);

  /** Calls inotify_init1(2), which FreeBSD has only since 15. */
  int inotify_init1(int flags);

  /** Calls ioctl(2). */
  int ioctl(int fd, long request, long argument);

  /** Calls kill(2). */
  int kill(int pid, int signal);

  /** Calls memfd_create(2), which FreeBSD has too. */
  int memfd_create(long name, int flags);

  /** Calls open(2). */
  int open(long path, int flags, long mode);

  /** Calls pipe2(2). */
  int pipe2(long pair, int flags);

  /** Calls poll(2). */
  int poll(long descriptors, long count, int milliseconds);

  /**
   * Calls posix_spawn(3), which returns the error. The last argument is not a {@code long}:
   * jnr-ffi's fast stub for amd64 passes garbage as the sixth of six integers, and a pointer avoids
   * that stub.
   */
  int posix_spawn(long pid, long path, long actions, long attributes, long argv, Pointer envp);

  /** Calls posix_spawn_file_actions_adddup2(3), which returns the error. */
  int posix_spawn_file_actions_adddup2(long actions, int from, int to);

  /** Calls posix_spawn_file_actions_destroy(3). */
  int posix_spawn_file_actions_destroy(long actions);

  /** Calls posix_spawn_file_actions_init(3). */
  int posix_spawn_file_actions_init(long actions);

  /** Calls bind(2). */
  int bind(int fd, long address, int length);

  /** Calls read(2). */
  long read(int fd, long buffer, long length);

  /** Calls recv(2). */
  long recv(int fd, long buffer, long length, int flags);

  /** Calls recvfrom(2); for the pointer see {@link #posix_spawn}. */
  long recvfrom(int fd, long buffer, long length, int flags, Pointer address, long addressLength);

  /** Calls recvmsg(2). */
  long recvmsg(int fd, long message, int flags);

  /** Calls send(2). */
  long send(int fd, long buffer, long length, int flags);

  /** Calls sendto(2); for the pointer see {@link #posix_spawn}. */
  long sendto(int fd, long buffer, long length, int flags, Pointer address, int addressLength);

  /** Calls sendmsg(2). */
  long sendmsg(int fd, long message, int flags);

  /** Calls setsockopt(2). */
  int setsockopt(int fd, int level, int option, long value, int length);

  /** Calls socketpair(2). */
  int socketpair(int domain, int type, int protocol, long pair);

  /** Calls waitpid(2). */
  int waitpid(int pid, long status, int options);

  /** Calls lseek(2). */
  long lseek(int fd, long offset, int whence);

  /** Calls write(2). */
  long write(int fd, long buffer, long length);
}
