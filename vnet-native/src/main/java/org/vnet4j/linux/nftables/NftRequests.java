// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.nftables.Nft.*;
import static org.vnet4j.net.Errno.ENOENT;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.Cidr;

/** Reads tables, counters and sets from nf_tables, and resets counters. */
public final class NftRequests {
  private NftRequests() {}

  /** A counter with its comment. */
  record Counter(String name, NftCounts counts, String comment) {}

  /** An element of a map: its key, its data, and its remaining lifetime. */
  public record MapElement(byte[] key, byte[] data, long millis) {}

  private static NetlinkWriter begin(NetlinkSocket.Exchange exchange, int type, int flags) {
    return exchange.out().clear().begin(message(type), flags).u8(NFPROTO_INET).u8(0).u16(0);
  }

  /** Returns the flags of a table; null if there is no such table. */
  public static @Nullable Integer tableFlags(NetlinkSocket.Exchange exchange, String table) {
    begin(exchange, NFT_MSG_GETTABLE, 0).attribute(NFTA_TABLE_NAME, table).end();
    try {
      return exchange.get(
          "NFT_MSG_GETTABLE",
          table,
          (type, buffer, from, to) -> {
            NetlinkReader attribute = new NetlinkReader(buffer).over(from + NFGENMSG, to);
            int flags = 0;
            while (attribute.next()) {
              flags = attribute.type() == NFTA_TABLE_FLAGS ? attribute.big() : flags;
            }
            return flags;
          });
    } catch (NetlinkSocket.NetlinkError e) {
      if (e.error().isErrno(ENOENT)) {
        return null;
      }
      throw e;
    }
  }

  /** Resets all counters of a table to zero. */
  static void reset(NetlinkSocket.Exchange exchange, String table) {
    counters(exchange, table, NFT_MSG_GETOBJ_RESET);
    exchange.dump("NFT_MSG_GETOBJ", table, (type, buffer, from, to) -> counter(buffer, from, to));
  }

  /**
   * Reads all counters of a table. The kernel numbers the objects of all tables through, so if
   * another table changes meanwhile, some counters may be missing and others twice there.
   */
  static List<Counter> counters(NetlinkSocket.Exchange exchange, String table) {
    counters(exchange, table, NFT_MSG_GETOBJ);
    return exchange.dumpOfChanging(
        "NFT_MSG_GETOBJ", table, (type, buffer, from, to) -> counter(buffer, from, to));
  }

  private static void counters(NetlinkSocket.Exchange exchange, String table, int request) {
    begin(exchange, request, NLM_F_DUMP)
        .attribute(NFTA_OBJ_TABLE, table)
        .big(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER)
        .end();
  }

  /** Returns the comment of a counter; null if there is no such counter. */
  static @Nullable String comment(NetlinkSocket.Exchange exchange, String table, String counter) {
    begin(exchange, NFT_MSG_GETOBJ, 0)
        .attribute(NFTA_OBJ_TABLE, table)
        .attribute(NFTA_OBJ_NAME, counter)
        .big(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER)
        .end();
    try {
      return exchange
          .get("NFT_MSG_GETOBJ", counter, (type, buffer, from, to) -> counter(buffer, from, to))
          .comment();
    } catch (NetlinkSocket.NetlinkError e) {
      if (e.error().isErrno(ENOENT)) {
        return null;
      }
      throw e;
    }
  }

  /** Resets one counter to zero. */
  static void reset(NetlinkSocket.Exchange exchange, String table, String counter) {
    begin(exchange, NFT_MSG_GETOBJ_RESET, 0)
        .attribute(NFTA_OBJ_TABLE, table)
        .attribute(NFTA_OBJ_NAME, counter)
        .big(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER)
        .end();
    exchange.get(
        "NFT_MSG_GETOBJ_RESET", counter, (type, buffer, from, to) -> counter(buffer, from, to));
  }

  static Counter counter(ByteBuffer buffer, int from, int to) {
    String name = "";
    String comment = "";
    long packets = 0;
    long bytes = 0;
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + NFGENMSG, to);
    while (attribute.next()) {
      switch (attribute.type()) {
        case NFTA_OBJ_NAME -> name = attribute.text();
        case NFTA_OBJ_USERDATA -> comment = NftUserData.read(attribute.bytes());
        case NFTA_OBJ_DATA -> {
          NetlinkReader data = attribute.nested();
          while (data.next()) {
            packets = data.type() == NFTA_COUNTER_PACKETS ? data.bigLong() : packets;
            bytes = data.type() == NFTA_COUNTER_BYTES ? data.bigLong() : bytes;
          }
        }
        default -> {}
      }
    }
    return new Counter(name, new NftCounts(packets, bytes), comment);
  }

  /** Reads the prefixes of a table of addresses. */
  static List<Cidr> addresses(NetlinkSocket.Exchange exchange, String table, String name) {
    List<Cidr> entries = new ArrayList<>();
    for (int family : new int[] {4, 6}) {
      String set = NftAddresses.memory(name, family);
      elements(exchange, table, set).forEach(e -> entries.add(NftAddresses.decode(e.key())));
    }
    entries.sort(NftAddresses.ORDER);
    return List.copyOf(entries);
  }

  /** Reads all elements of a set or map. */
  static List<MapElement> elements(NetlinkSocket.Exchange exchange, String table, String set) {
    begin(exchange, NFT_MSG_GETSETELEM, NLM_F_DUMP)
        .attribute(NFTA_SET_ELEM_LIST_TABLE, table)
        .attribute(NFTA_SET_ELEM_LIST_SET, set)
        .end();
    List<MapElement> all = new ArrayList<>();
    exchange
        .dump("NFT_MSG_GETSETELEM", set, (type, buffer, from, to) -> elements(buffer, from, to))
        .forEach(all::addAll);
    return all;
  }

  static List<MapElement> elements(ByteBuffer buffer, int from, int to) {
    List<MapElement> elements = new ArrayList<>();
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + NFGENMSG, to);
    while (attribute.next()) {
      if (attribute.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
        NetlinkReader list = attribute.nested();
        while (list.next()) {
          elements.add(element(list.nested()));
        }
      }
    }
    return elements;
  }

  private static MapElement element(NetlinkReader attribute) {
    byte[] key = {};
    byte[] data = {};
    long millis = 0;
    while (attribute.next()) {
      switch (attribute.type()) {
        case NFTA_SET_ELEM_KEY -> key = value(attribute.nested());
        case NFTA_SET_ELEM_DATA -> data = value(attribute.nested());
        case NFTA_SET_ELEM_EXPIRATION -> millis = attribute.bigLong();
        default -> {}
      }
    }
    return new MapElement(key, data, millis);
  }

  private static byte[] value(NetlinkReader data) {
    byte[] value = null;
    while (data.next()) {
      value = data.type() == NFTA_DATA_VALUE ? data.bytes() : value;
    }
    return Objects.requireNonNullElse(value, new byte[0]);
  }

  /** Deletes the states of deleted rules in the same batch. */
  static void forget(
      NetlinkSocket.Exchange exchange, String table, NftBatch batch, Set<Integer> ids) {
    if (ids.isEmpty()) {
      return;
    }
    for (int family : new int[] {4, 6}) {
      List<NftSet.Element> doomed = new ArrayList<>();
      for (MapElement element : elements(exchange, table, NftStates.map(family))) {
        if (ids.contains(CompiledRule.number(element.data()))) {
          doomed.add(NftSet.Element.of(element.key()));
        }
      }
      batch.deleteElements(NftStates.map(family), doomed);
    }
  }
}
