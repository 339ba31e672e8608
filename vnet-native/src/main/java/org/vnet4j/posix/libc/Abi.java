// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

/** The constants, from the headers of both systems (64 bits), of the calls that both share. */
public enum Abi {
  LINUX(
      new Io(0x80000, 0x800, 0x40, 0x200, 0x400, 1030, 0x541b),
      new Sockets(1, 2, 3, 7, 8, 66, 15, 38, 39, 26, 18),
      new Messages(0x4000, 0x80, 0x40, 0x40000000, 0x8, 56, 24, 32, 40, 48, 8),
      0x80000),
  FREEBSD(
      new Io(0x100000, 0x4, 0x200, 0x400, 0x8, 17, 0x4004667f),
      new Sockets(0xffff, 0x4, 0x1008, 0x1001, 0x1002, 0x1006, 0x200, 0x1016, 0x1019, 27, 10),
      new Messages(0x20000, 0x8, 0x80, 0x40000, 0x20, 48, 24, 32, 40, 44, 4),
      0x10000000);

  // errno(2), where both systems have the same number
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int E2BIG = 7;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;

  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int SOCK_SEQPACKET = 5;
  public static final int SCM_RIGHTS = 1;
  public static final int IPPROTO_IP = 0;
  public static final int IPPROTO_IPV6 = 41;
  public static final int F_GETFL = 3;
  public static final int F_SETFL = 4;
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int POLLIN = 1;
  public static final int POLLOUT = 4;
  public static final int WNOHANG = 1;
  public static final int SIGKILL = 9;
  public static final int SIGALRM = 14;
  public static final int SIGTERM = 15;

  public final Io io;
  public final Sockets sockets;
  public final Messages messages;
  public final int sockCloexec;

  Abi(Io io, Sockets sockets, Messages messages, int sockCloexec) {
    this.io = io;
    this.sockets = sockets;
    this.messages = messages;
    this.sockCloexec = sockCloexec;
  }

  /** Flags of open(2), commands of fcntl(2) and ioctl(2). */
  public record Io(
      int oCloexec,
      int oNonblock,
      int oCreat,
      int oTrunc,
      int oAppend,
      int fDupfdCloexec,
      long fionread) {}

  /**
   * Levels and options of setsockopt(2). The timeout of Linux is SO_RCVTIMEO_NEW, which has the
   * same number on each processor; SO_RCVTIMEO has not.
   */
  public record Sockets(
      int solSocket,
      int soReuseaddr,
      int soType,
      int soSndbuf,
      int soRcvbuf,
      int soRcvtimeo,
      int soReuseport,
      int soProtocol,
      int soDomain,
      int ipv6V6only,
      int ipv6MulticastHops) {}

  /**
   * Flags of sendmsg(2) and recvmsg(2), and the layout of struct msghdr: its lengths take 8 bytes
   * on Linux and 4 on FreeBSD.
   */
  public record Messages(
      int nosignal,
      int eor,
      int dontwait,
      int cmsgCloexec,
      int ctrunc,
      int size,
      int iovlen,
      int control,
      int controllen,
      int flags,
      int lengthBytes) {}

  public static Abi here() {
    return System.getProperty("os.name").equals("FreeBSD") ? FREEBSD : LINUX;
  }
}
