// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.netlink.Netlink.NLA_F_NESTED;
import static org.vnet4j.linux.nftables.Nft.*;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkWriter;

/**
 * Encodes the expressions of one line, in the order in which the kernel evaluates them: a load
 * copies a part of the packet into a register, and a comparison that does not hold ends the line.
 */
final class NftExpressions {
  private static final int LONGEST = 64 * 1024;

  private ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
  private NetlinkWriter out = new NetlinkWriter(buffer);

  NftExpressions expression(String name, Consumer<NetlinkWriter> attributes) {
    int start = buffer.position();
    try {
      int element = out.open(NFTA_LIST_ELEM | NLA_F_NESTED);
      out.attribute(NFTA_EXPR_NAME, name);
      int data = out.open(NFTA_EXPR_DATA | NLA_F_NESTED);
      attributes.accept(out);
      out.close(data).close(element);
      return this;
    } catch (BufferOverflowException e) {
      if (buffer.capacity() >= LONGEST) {
        throw new IllegalArgumentException("a rule too long for nf_tables", e);
      }
      buffer.position(start).limit(start);
      buffer = grown(start);
      out = new NetlinkWriter(buffer);
      return expression(name, attributes);
    }
  }

  private ByteBuffer grown(int used) {
    ByteBuffer larger = ByteBuffer.allocate(buffer.capacity() * 2).order(ByteOrder.nativeOrder());
    larger.put(0, buffer, 0, used).position(used);
    return larger;
  }

  byte[] encoded() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  boolean isEmpty() {
    return buffer.position() == 0;
  }

  /** Appends the expressions of another line. */
  NftExpressions then(NftExpressions other) {
    byte[] more = other.encoded();
    while (buffer.remaining() < more.length) {
      buffer = grown(buffer.position());
      out = new NetlinkWriter(buffer);
    }
    out.encoded(more);
    return this;
  }

  NftExpressions copy() {
    return new NftExpressions().then(this);
  }

  // ---- loads

  NftExpressions meta(int key, int register) {
    return expression("meta", x -> x.big(1, register).big(2, key));
  }

  NftExpressions payload(int base, int offset, int length, int register) {
    return expression(
        "payload", x -> x.big(1, register).big(2, base).big(3, offset).big(4, length));
  }

  NftExpressions network(int offset, int length) {
    return payload(NFT_PAYLOAD_NETWORK_HEADER, offset, length, NFT_REG_1);
  }

  /**
   * Loads from the header after IP; ends the line for fragments other than the first, which have no
   * such header. The kernel omits that check for loads of 1, 2 and 4 bytes (seen on Linux 6.18), so
   * all loads are of 3 bytes, of which the comparison uses the first.
   */
  NftExpressions transport(int offset) {
    return payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset, 3, NFT_REG_1);
  }

  /** Loads whether an IPv6 packet has an extension header. */
  NftExpressions hasExtension(int type) {
    return expression(
        "exthdr", x -> x.big(1, NFT_REG_1).attribute8(2, type).big(3, 0).big(4, 1).big(5, 1));
  }

  NftExpressions extension(int type, int offset, int length) {
    return expression(
        "exthdr", x -> x.big(1, NFT_REG_1).attribute8(2, type).big(3, offset).big(4, length));
  }

  NftExpressions mask(byte[] mask) {
    return expression(
        "bitwise",
        x -> {
          x.big(1, NFT_REG_1).big(2, NFT_REG_1).big(3, mask.length);
          value(x, 4, mask);
          value(x, 5, new byte[mask.length]);
        });
  }

  /** Converts the number in the register to network byte order, for ranges. */
  NftExpressions hostToNetwork(int length) {
    return expression(
        "byteorder",
        x ->
            x.big(1, NFT_REG_1)
                .big(2, NFT_REG_1)
                .big(3, NFT_BYTEORDER_HTON)
                .big(4, length)
                .big(5, length));
  }

  /** Loads the type of an address, which shows whether it is one of this stack's. */
  NftExpressions addressType(boolean source) {
    return expression(
        "fib",
        x ->
            x.big(1, NFT_REG_1)
                .big(2, NFT_FIB_RESULT_ADDRTYPE)
                .big(3, source ? NFT_FIB_F_SADDR : NFT_FIB_F_DADDR));
  }

  /** Loads a field of the replies of a connection, as it is before translation. */
  NftExpressions answer(int key, int register) {
    return expression("ct", x -> x.big(1, register).big(2, key).attribute8(3, IP_CT_DIR_REPLY));
  }

  /** Tests whether the connection of the packet is translated. */
  NftExpressions translated() {
    expression("ct", x -> x.big(1, NFT_REG_1).big(2, NFT_CT_STATUS));
    return mask(CompiledRule.number(IPS_SRC_NAT | IPS_DST_NAT)).isNot(new byte[4]);
  }

  /**
   * Translates the address of the connection to that in one register, and its port to that in
   * another register, or not if that is 0.
   */
  NftExpressions translate(int type, int family, int address, int port) {
    return expression(
        "nat",
        x -> {
          x.big(1, type).big(2, family).big(3, address);
          if (port != 0) {
            x.big(5, port);
          }
        });
  }

  NftExpressions constant(int register, byte[] bytes) {
    return expression(
        "immediate",
        x -> {
          x.big(1, register);
          value(x, 2, bytes);
        });
  }

  private static void value(NetlinkWriter x, int type, byte[] bytes) {
    int nest = x.open(type | NLA_F_NESTED);
    x.attribute(NFTA_DATA_VALUE, bytes).close(nest);
  }

  // ---- comparisons with the register

  NftExpressions is(byte... value) {
    return compare(NFT_CMP_EQ, value);
  }

  NftExpressions isNot(byte... value) {
    return compare(NFT_CMP_NEQ, value);
  }

  NftExpressions is(boolean equal, byte... value) {
    return compare(equal ? NFT_CMP_EQ : NFT_CMP_NEQ, value);
  }

  private NftExpressions compare(int operation, byte[] value) {
    return expression(
        "cmp",
        x -> {
          x.big(1, NFT_REG_1).big(2, operation);
          value(x, 3, value);
        });
  }

  NftExpressions inRange(boolean inside, byte[] first, byte[] last) {
    if (Arrays.equals(first, last)) {
      return is(inside, first);
    }
    return expression(
        "range",
        x -> {
          x.big(1, NFT_REG_1).big(2, inside ? NFT_RANGE_EQ : NFT_RANGE_NEQ);
          value(x, 3, first);
          value(x, 4, last);
        });
  }

  NftExpressions inSet(boolean inside, String set) {
    return expression(
        "lookup",
        x -> {
          x.attribute(1, set).big(2, NFT_REG_1);
          if (!inside) {
            x.big(5, NFT_LOOKUP_F_INV);
          }
        });
  }

  /** Loads the value of a key from a map; ends the line if the map does not contain the key. */
  NftExpressions map(String map, int key, int register) {
    return expression("lookup", x -> x.attribute(1, map).big(2, key).big(3, register));
  }

  /** Ends the line unless the packet has this packet mark. */
  NftExpressions marked(int mark) {
    return meta(NFT_META_MARK, NFT_REG_1).is(CompiledRule.number(mark));
  }

  NftExpressions family(int family) {
    return meta(NFT_META_NFPROTO, NFT_REG_1).is((byte) (family == 6 ? NFPROTO_IPV6 : NFPROTO_IPV4));
  }

  NftExpressions protocol(boolean equal, int number) {
    return meta(NFT_META_L4PROTO, NFT_REG_1).is(equal, (byte) number);
  }

  // ---- actions

  NftExpressions count(String counter) {
    return expression("objref", x -> x.big(1, NFT_OBJECT_COUNTER).attribute(2, counter));
  }

  NftExpressions accept() {
    return verdict(NF_ACCEPT, null);
  }

  NftExpressions drop() {
    return verdict(NF_DROP, null);
  }

  NftExpressions leave() {
    return verdict(NFT_RETURN, null);
  }

  NftExpressions jump(String chain) {
    return verdict(NFT_JUMP, chain);
  }

  NftExpressions goTo(String chain) {
    return verdict(NFT_GOTO, chain);
  }

  private NftExpressions verdict(int code, @Nullable String chain) {
    return expression(
        "immediate",
        x -> {
          x.big(1, NFT_REG_VERDICT);
          int data = x.open(2 | NLA_F_NESTED);
          int verdict = x.open(NFTA_DATA_VERDICT | NLA_F_NESTED);
          x.big(NFTA_VERDICT_CODE, code);
          if (chain != null) {
            x.attribute(NFTA_VERDICT_CHAIN, chain);
          }
          x.close(verdict).close(data);
        });
  }

  /** Sets the packet mark, which ends with the packet or when the packet leaves the stack. */
  NftExpressions mark(int mark) {
    return constant(NFT_REG_1, CompiledRule.number(mark))
        .expression("meta", x -> x.big(3, NFT_REG_1).big(2, NFT_META_MARK));
  }

  /** Drops the packet and sends a reply; the code is one of the packet's own family. */
  NftExpressions reject(int type, int code) {
    return expression("reject", x -> x.big(1, type).attribute8(2, code));
  }

  NftExpressions log(String prefix) {
    return expression("log", x -> x.attribute(2, prefix).big(5, NFT_LOGLEVEL_INFO));
  }

  /** Ends the line once that many packets have passed; admits one further packet each day. */
  NftExpressions atMost(int times) {
    return expression(
        "limit", x -> x.bigLong(1, 1).bigLong(2, 24 * 3600).big(3, times).big(4, 0).big(5, 0));
  }

  /** Adds a key to a set or map that packets change, or extends its lifetime. */
  NftExpressions remember(int operation, String set, int key, int data, long millis) {
    return expression(
        "dynset",
        x -> x.attribute(1, set).big(3, operation).big(4, key).big(5, data).bigLong(6, millis));
  }

  /**
   * Counts the live connections with a key; ends the line unless there are more than the given
   * number.
   */
  NftExpressions moreConnections(String set, int key, int most) {
    return expression(
        "dynset",
        x -> {
          x.attribute(1, set).big(3, NFT_DYNSET_OP_ADD).big(4, key);
          int nest = x.open(7 | NLA_F_NESTED);
          x.attribute(NFTA_EXPR_NAME, "connlimit");
          int data = x.open(NFTA_EXPR_DATA | NLA_F_NESTED);
          x.big(1, most).big(2, NFT_CONNLIMIT_F_INV).close(data).close(nest);
        });
  }
}
