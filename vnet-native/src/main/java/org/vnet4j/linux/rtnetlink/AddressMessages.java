// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.Cidr;

/**
 * Encodes and decodes the messages about addresses: {@code RTM_NEWADDR}, {@code RTM_DELADDR},
 * {@code RTM_GETADDR}.
 */
public final class AddressMessages {
  private AddressMessages() {}

  /** Requests the addresses of one interface, or of all for index 0. */
  public static void dump(NetlinkWriter out, int index) {
    header(out, RTM_GETADDR, NLM_F_DUMP, AF_UNSPEC, 0, index).end();
  }

  public static void add(NetlinkWriter out, int index, Cidr cidr) {
    change(out, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, index, cidr);
    if (!(cidr.address() instanceof Inet4Address ipv4)) {
      out.attribute(IFA_FLAGS, IFA_F_NODAD);
    } else if (cidr.prefixLength() < 31) {
      out.big(IFA_BROADCAST, number(ipv4) | -1 >>> cidr.prefixLength());
    }
    out.end();
  }

  public static void delete(NetlinkWriter out, int index, Cidr cidr) {
    change(out, RTM_DELADDR, NLM_F_ACK, index, cidr);
    out.end();
  }

  private static void change(NetlinkWriter out, int type, int flags, int index, Cidr cidr) {
    if (cidr.address() instanceof Inet4Address ipv4) {
      header(out, type, flags, AF_INET, cidr.prefixLength(), index);
      out.big(IFA_LOCAL, number(ipv4)).big(IFA_ADDRESS, number(ipv4));
    } else {
      byte[] address = cidr.address().getAddress();
      header(out, type, flags, AF_INET6, cidr.prefixLength(), index);
      out.attribute(IFA_LOCAL, address).attribute(IFA_ADDRESS, address);
    }
  }

  /** The array does not escape, so the compiler does not allocate it. */
  private static int number(Inet4Address address) {
    byte[] bytes = address.getAddress();
    return (bytes[0] & 0xff) << 24
        | (bytes[1] & 0xff) << 16
        | (bytes[2] & 0xff) << 8
        | bytes[3] & 0xff;
  }

  private static NetlinkWriter header(
      NetlinkWriter out, int type, int flags, int family, int prefixLength, int index) {
    return out.begin(type, flags).u8(family).u8(prefixLength).u8(0).u8(0).u32(index);
  }

  /** Returns the index of the interface in an {@code RTM_NEWADDR} message. */
  public static int index(ByteBuffer buffer, int from) {
    return buffer.getInt(from + IFA_INDEX);
  }

  /** Decodes the address of an {@code RTM_NEWADDR} message; null if it is of another family. */
  public static @Nullable Cidr decode(ByteBuffer buffer, int from, int to) {
    byte[] bytes = null;
    boolean local = false;
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + IFADDRMSG, to);
    while (attribute.next()) {
      switch (attribute.type()) {
        case IFA_LOCAL -> {
          bytes = attribute.bytes();
          local = true;
        }
        case IFA_ADDRESS -> bytes = local ? bytes : attribute.bytes();
        default -> {}
      }
    }
    // On a point-to-point link IFA_ADDRESS is the address of the peer, IFA_LOCAL that of the link.
    return cidr(bytes, buffer.get(from + IFA_PREFIXLEN) & 0xff);
  }

  static @Nullable Cidr cidr(byte @Nullable [] bytes, int prefixLength) {
    InetAddress address = address(bytes);
    int bits = address instanceof Inet6Address ? 128 : 32;
    return address == null || prefixLength > bits ? null : new Cidr(address, prefixLength);
  }

  public static @Nullable InetAddress address(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length != 4 && bytes.length != 16) {
      return null;
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
