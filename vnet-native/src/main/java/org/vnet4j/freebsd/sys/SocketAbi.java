// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

/** Constants and structure offsets of sockets, descriptors and socket addresses. */
public final class SocketAbi {
  static final int AF_UNSPEC = 0;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 28;
  public static final int AF_LINK = 18;
  public static final int PF_ROUTE = 17;

  // Types, and the flags combined with them.
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_CLOEXEC = 268435456;

  // Options.
  public static final int SOL_SOCKET = 65535;
  public static final int SO_RCVBUF = 4098;
  public static final int SO_SNDBUF = 4097;
  public static final int SO_RERROR = 131072;

  // Commands of fcntl(2).
  static final int F_GETFL = 3;
  static final int F_SETFL = 4;
  static final int F_SETFD = 2;
  static final int FD_CLOEXEC = 1;

  // poll(2).
  static final int POLLIN = 1;
  static final int POLLFD_SIZE = 8;
  static final int POLLFD_FD = 0;
  static final int POLLFD_EVENTS = 4;
  static final int POLLFD_REVENTS = 6;

  // An address begins with its length and its family.

  public static final int SOCKADDR_SIZE = 16;
  public static final int SOCKADDR_SA_LEN = 0;
  public static final int SOCKADDR_SA_FAMILY = 1;
  public static final int SOCKADDR_SA_DATA = 2;

  static final int SOCKADDR_IN_SIZE = 16;
  static final int SOCKADDR_IN_SIN_PORT = 2;
  static final int SOCKADDR_IN_SIN_ADDR = 4;

  static final int SOCKADDR_IN6_SIZE = 28;
  static final int SOCKADDR_IN6_SIN6_PORT = 2;
  static final int SOCKADDR_IN6_SIN6_ADDR = 8;
  static final int SOCKADDR_IN6_SIN6_SCOPE_ID = 24;

  static final int SOCKADDR_DL_SIZE = 54;
  static final int SOCKADDR_DL_SDL_INDEX = 2;
  static final int SOCKADDR_DL_SDL_TYPE = 4;
  static final int SOCKADDR_DL_SDL_NLEN = 5;
  static final int SOCKADDR_DL_SDL_ALEN = 6;
  public static final int SOCKADDR_DL_SDL_DATA = 8;

  private SocketAbi() {}
}
