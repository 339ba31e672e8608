// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The layout of {@code struct sockaddr_in} and {@code sockaddr_in6} on a system: the BSDs begin
 * with one byte of length and one of family, Linux with two bytes of family.
 *
 * @param lengthByte whether the first byte is the length
 * @param inet6 the number of {@code AF_INET6}
 */
public record SocketAddress(boolean lengthByte, int inet6) {
  /** The layout of Linux. */
  public static final SocketAddress LINUX = new SocketAddress(false, 10);

  /** The layout of FreeBSD. */
  public static final SocketAddress FREEBSD = new SocketAddress(true, 28);

  public static final int SIZE = 28;

  private static final int AF_INET = 2;
  private static final int INET_SIZE = 16;
  private static final int PORT = 2;
  private static final int INET_ADDRESS = 4;
  private static final int INET6_ADDRESS = 8;
  private static final int INET6_SCOPE = 24;

  /** Writes an address and returns its length in bytes. */
  public int write(ByteBuffer out, InetAddress address, int port, int scope) {
    boolean ipv6 = address instanceof Inet6Address;
    int length = ipv6 ? SIZE : INET_SIZE;
    int family = ipv6 ? inet6 : AF_INET;
    for (int i = 0; i < SIZE; i++) {
      out.put(i, (byte) 0);
    }
    if (lengthByte) {
      out.put(0, (byte) length).put(1, (byte) family);
    } else {
      out.putShort(0, (short) family);
    }
    out.put(PORT, (byte) (port >> 8)).put(PORT + 1, (byte) port);
    out.put(ipv6 ? INET6_ADDRESS : INET_ADDRESS, address.getAddress());
    if (ipv6) {
      out.order(ByteOrder.nativeOrder()).putInt(INET6_SCOPE, scope);
    }
    return length;
  }

  /** Reads an address; returns null if it is of another family. */
  @Nullable
  public InetAddress read(ByteBuffer in) {
    int family = lengthByte ? in.get(1) & 0xff : in.getShort(0) & 0xffff;
    if (family != AF_INET && family != inet6) {
      return null;
    }
    byte[] bytes = new byte[family == AF_INET ? 4 : 16];
    in.get(family == AF_INET ? INET_ADDRESS : INET6_ADDRESS, bytes);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
