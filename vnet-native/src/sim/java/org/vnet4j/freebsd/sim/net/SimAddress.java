// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.Arrays;

/** An IP address of an interface, with its prefix length. */
public final class SimAddress {
  public final boolean ipv6;
  public final byte[] bytes;
  public final int prefix;

  /** The broadcast address or the far end, empty for none. */
  public final byte[] other;

  public int flags;

  /** Whether the route to its network exists. */
  boolean routed = true;

  public SimAddress(boolean ipv6, byte[] bytes, int prefix, byte[] other) {
    this.ipv6 = ipv6;
    this.bytes = bytes;
    this.prefix = prefix;
    this.other = other;
  }

  boolean is(byte[] address) {
    return Arrays.equals(bytes, address);
  }

  boolean linkLocal() {
    return ipv6 && (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80;
  }

  public byte[] network() {
    return network(bytes, prefix);
  }

  boolean reaches(byte[] address) {
    return address.length == bytes.length && Arrays.equals(network(), network(address, prefix));
  }

  public static byte[] network(byte[] address, int prefix) {
    byte[] mask = mask(address.length, prefix);
    byte[] network = new byte[address.length];
    for (int i = 0; i < network.length; i++) {
      network[i] = (byte) (address[i] & mask[i]);
    }
    return network;
  }

  public static byte[] mask(int length, int prefix) {
    byte[] mask = new byte[length];
    for (int bit = 0; bit < prefix; bit++) {
      mask[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    return mask;
  }

  public static int prefix(byte[] mask) {
    int bits = 0;
    for (byte b : mask) {
      bits += Integer.bitCount(b & 0xff);
    }
    return bits;
  }
}
