// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET6;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_LINK;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_DL_SDL_ALEN;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_DL_SDL_DATA;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_DL_SDL_INDEX;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_DL_SDL_NLEN;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_DL_SDL_TYPE;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_DL_SIZE;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_IN6_SIN6_ADDR;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_IN6_SIN6_PORT;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_IN6_SIN6_SCOPE_ID;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_IN6_SIZE;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_IN_SIN_ADDR;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_IN_SIN_PORT;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_IN_SIZE;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_SA_FAMILY;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_SA_LEN;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.libc.Memory;

/**
 * Writes and reads socket addresses. Each begins with its length and family. In listings the kernel
 * omits trailing zeros of masks, so bytes beyond the length count as zero.
 */
public final class SocketAddress {
  private static final int ETHER_ADDR_LEN = 6;

  private SocketAddress() {}

  /** Returns the size of the address in bytes. */
  static int size(InetAddress address) {
    return address instanceof Inet6Address ? SOCKADDR_IN6_SIZE : SOCKADDR_IN_SIZE;
  }

  public static Memory put(Memory memory, int offset, InetAddress address) {
    return put(memory, offset, address, 0);
  }

  public static Memory put(Memory memory, int offset, InetAddress address, int port) {
    header(memory, offset, size(address), address instanceof Inet6Address ? AF_INET6 : AF_INET);
    if (address instanceof Inet6Address six) {
      return memory
          .putPort(offset + SOCKADDR_IN6_SIN6_PORT, port)
          .put(offset + SOCKADDR_IN6_SIN6_ADDR, six.getAddress())
          .putInt(offset + SOCKADDR_IN6_SIN6_SCOPE_ID, six.getScopeId());
    }
    return memory
        .putPort(offset + SOCKADDR_IN_SIN_PORT, port)
        .put(offset + SOCKADDR_IN_SIN_ADDR, address.getAddress());
  }

  /** Writes the mask of a prefix length. */
  public static Memory putMask(Memory memory, int offset, boolean ipv6, int prefixLength) {
    byte[] mask = new byte[ipv6 ? 16 : 4];
    for (int bit = 0; bit < prefixLength; bit++) {
      mask[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    header(memory, offset, ipv6 ? SOCKADDR_IN6_SIZE : SOCKADDR_IN_SIZE, ipv6 ? AF_INET6 : AF_INET);
    return memory.put(offset + (ipv6 ? SOCKADDR_IN6_SIN6_ADDR : SOCKADDR_IN_SIN_ADDR), mask);
  }

  /** Writes a link address that contains only an interface's index; 0 in a query. */
  public static Memory putLink(Memory memory, int offset, int index) {
    header(memory, offset, SOCKADDR_DL_SIZE, AF_LINK);
    return memory.putShort(offset + SOCKADDR_DL_SDL_INDEX, index);
  }

  private static void header(Memory memory, int offset, int length, int family) {
    memory.putByte(offset + SOCKADDR_SA_LEN, length).putByte(offset + SOCKADDR_SA_FAMILY, family);
  }

  public static int length(Memory memory, int offset) {
    return memory.getByte(offset + SOCKADDR_SA_LEN);
  }

  public static int family(Memory memory, int offset) {
    return memory.getByte(offset + SOCKADDR_SA_FAMILY);
  }

  /** Reads an IPv4 or IPv6 address; empty for another family. */
  public static Optional<InetAddress> get(Memory memory, int offset) {
    return switch (family(memory, offset)) {
      case AF_INET -> Optional.of(address(bytes(memory, offset, SOCKADDR_IN_SIN_ADDR, 4), 0));
      case AF_INET6 -> Optional.of(six(memory, offset));
      default -> Optional.empty();
    };
  }

  /**
   * Reads an IPv6 address. In some answers the kernel embeds the scope of a link-local address in
   * its second 16 bits.
   */
  private static InetAddress six(Memory memory, int offset) {
    byte[] bytes = bytes(memory, offset, SOCKADDR_IN6_SIN6_ADDR, 16);
    int scope =
        length(memory, offset) >= SOCKADDR_IN6_SIZE
            ? memory.getInt(offset + SOCKADDR_IN6_SIN6_SCOPE_ID)
            : 0;
    boolean linkLocal = (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80;
    if (linkLocal) {
      int embedded = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
      scope = scope == 0 ? embedded : scope;
      bytes[2] = 0;
      bytes[3] = 0;
    }
    return address(bytes, scope);
  }

  /** Returns the prefix length of a mask; empty if its bits have gaps. */
  public static Optional<Integer> prefixLength(Memory memory, int offset, boolean ipv6) {
    byte[] mask =
        ipv6
            ? bytes(memory, offset, SOCKADDR_IN6_SIN6_ADDR, 16)
            : bytes(memory, offset, SOCKADDR_IN_SIN_ADDR, 4);
    int bits = 0;
    for (byte part : mask) {
      bits += Integer.bitCount(part & 0xff);
    }
    for (int bit = 0; bit < bits; bit++) {
      if ((mask[bit / 8] & 0x80 >> bit % 8) == 0) {
        return Optional.empty();
      }
    }
    return Optional.of(bits);
  }

  /** Reads a link address. Ignores a name or an address that extends beyond its end. */
  public static LinkAddress link(Memory memory, int offset) {
    int nameLength = memory.getByte(offset + SOCKADDR_DL_SDL_NLEN);
    int addressLength = memory.getByte(offset + SOCKADDR_DL_SDL_ALEN);
    int name = SOCKADDR_DL_SDL_DATA;
    int address = name + nameLength;
    int end = length(memory, offset);
    return new LinkAddress(
        memory.getShort(offset + SOCKADDR_DL_SDL_INDEX),
        memory.getByte(offset + SOCKADDR_DL_SDL_TYPE),
        address <= end ? memory.getString(offset + name, nameLength) : "",
        addressLength == ETHER_ADDR_LEN && address + addressLength <= end
            ? Optional.of(MacAddress.of(memory.get(offset + address, addressLength)))
            : Optional.empty());
  }

  /**
   * A link address.
   *
   * @param index the interface's index
   * @param type IFT_ETHER and others
   * @param name of the interface, empty in some answers
   * @param mac its MAC address, if it has one
   */
  public record LinkAddress(int index, int type, String name, Optional<MacAddress> mac) {}

  private static byte[] bytes(Memory memory, int offset, int field, int count) {
    int there = Math.max(0, Math.min(count, length(memory, offset) - field));
    return there == 0 ? new byte[count] : Arrays.copyOf(memory.get(offset + field, there), count);
  }

  private static InetAddress address(byte[] bytes, int scope) {
    try {
      return bytes.length == 16
          ? Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope)
          : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
