// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Struct;

/** Encodes socket addresses as the kernel writes them. */
public final class Sockaddr {
  /** Size of an interface's own link address, in bytes. */
  private static final int LINK_ROOM = 56;

  private Sockaddr() {}

  public static byte[] of(Iface iface, byte[] address) {
    return address.length == 4 ? in(address) : in6(address, scope(iface, address));
  }

  /** Returns the scope of an address: the interface's index if it is link-local, else 0. */
  static int scope(Iface iface, byte[] address) {
    int first = address[0] & 0xff;
    int second = address[1] & 0xff;
    boolean local = first == 0xfe && (second & 0xc0) == 0x80;
    boolean group = first == 0xff && ((second & 0xf) == 1 || (second & 0xf) == 2);
    return local || group ? iface.index : 0;
  }

  public static byte[] in(byte[] address) {
    return new Struct("sockaddr_in")
        .putByte("sin_len", FreeBsdAbi.size("sockaddr_in"))
        .putByte("sin_family", FreeBsdAbi.constant("AF_INET"))
        .put("sin_addr", address)
        .array();
  }

  static byte[] in6(byte[] address, int scope) {
    return new Struct("sockaddr_in6")
        .putByte("sin6_len", FreeBsdAbi.size("sockaddr_in6"))
        .putByte("sin6_family", FreeBsdAbi.constant("AF_INET6"))
        .put("sin6_addr", address)
        .putInt("sin6_scope_id", scope)
        .array();
  }

  /** Encodes an IPv6 address as SIOCGIFCONF does, with the scope inside the address. */
  public static byte[] embedded(Iface iface, byte[] address) {
    byte[] inside = address.clone();
    int scope = scope(iface, address);
    if (scope != 0) {
      inside[2] = (byte) (scope >> 8);
      inside[3] = (byte) scope;
    }
    return in6(inside, 0);
  }

  public static byte[] mask(boolean ipv6, int prefix) {
    byte[] mask = SimAddress.mask(ipv6 ? 16 : 4, prefix);
    return ipv6 ? in6(mask, 0) : in(mask);
  }

  /** Encodes an interface's link address: its name, then its MAC address. */
  public static byte[] link(Iface iface) {
    byte[] bytes = Arrays.copyOf(dl(iface, LINK_ROOM), LINK_ROOM);
    Struct link = new Struct("sockaddr_dl", bytes);
    byte[] name = iface.name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    link.putByte("sdl_nlen", name.length).putByte("sdl_alen", iface.mac.length);
    link.put("sdl_data", name);
    System.arraycopy(iface.mac, 0, bytes, link.at("sdl_data") + name.length, iface.mac.length);
    return bytes;
  }

  /** Encodes an interface as gateway. */
  static byte[] shortLink(Iface iface) {
    return Arrays.copyOf(dl(iface, FreeBsdAbi.size("sockaddr")), FreeBsdAbi.size("sockaddr"));
  }

  /** Encodes a link address with a MAC address and no name. */
  static byte[] linkWith(Iface iface, byte[] mac) {
    int size = FreeBsdAbi.size("sockaddr_dl");
    byte[] bytes = dl(iface, size);
    return new Struct("sockaddr_dl", bytes)
        .putByte("sdl_alen", mac.length)
        .put("sdl_data", mac)
        .array();
  }

  private static byte[] dl(Iface iface, int length) {
    byte[] bytes = new byte[Math.max(length, FreeBsdAbi.size("sockaddr_dl"))];
    return new Struct("sockaddr_dl", bytes)
        .putByte("sdl_len", length)
        .putByte("sdl_family", FreeBsdAbi.constant("AF_LINK"))
        .putShort("sdl_index", iface.index)
        // ether_ifattach() sets the type of a bridge's address to Ethernet; only its if_data has
        // the bridge type.
        .putByte(
            "sdl_type",
            FreeBsdAbi.constant(
                iface.kind.type().equals("IFT_BRIDGE") ? "IFT_ETHER" : iface.kind.type()))
        .array();
  }

  /** Concatenates addresses, each padded to a multiple of eight bytes; an empty one takes eight. */
  static byte[] list(byte[]... addresses) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] address : addresses) {
      out.writeBytes(Arrays.copyOf(address, Math.max(8, (address.length + 7) / 8 * 8)));
    }
    return out.toByteArray();
  }
}
