// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.linux.netlink.Netlink.NLA_F_NESTED;
import static org.vnet4j.linux.nftables.Nft.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkWriter;

/**
 * A set or map of nf_tables.
 *
 * @param name its name
 * @param flags the kind of set
 * @param keyType how nft(8) shows keys; the kernel ignores it
 * @param keyLength in bytes
 * @param dataType of a map
 * @param dataLength of a map, in bytes
 * @param size how many elements packets may add, 0 for a set that packets do not change
 * @param timeoutMillis the lifetime of elements, 0 for unlimited
 * @param elements its initial elements
 */
record NftSet(
    String name,
    int flags,
    int keyType,
    int keyLength,
    int dataType,
    int dataLength,
    int size,
    long timeoutMillis,
    List<Element> elements) {
  static final int INTEGER = 4;
  static final int IPV4 = 7;
  static final int IPV6 = 8;
  static final int MARK = 19;

  /** Returns a constant set of single values. */
  static NftSet values(String name, int keyType, List<byte[]> keys) {
    List<Element> elements = keys.stream().map(Element::of).toList();
    return constant(name, NFT_SET_CONSTANT, keyType, keys.get(0).length, elements);
  }

  /** Returns a constant set of ranges of numbers. */
  static NftSet ranges(String name, int keyType, NftRanges ranges) {
    return constant(
        name, NFT_SET_CONSTANT | NFT_SET_INTERVAL, keyType, ranges.width(), ranges.elements());
  }

  private static NftSet constant(
      String name, int flags, int keyType, int keyLength, List<Element> elements) {
    return new NftSet(name, flags, keyType, keyLength, 0, 0, 0, 0, elements);
  }

  /** Returns an empty set that later batches change. */
  static NftSet changing(String name, int keyType, int keyLength, int flags) {
    return constant(name, flags, keyType, keyLength, List.of());
  }

  /** Returns a map from numbers to chains that later batches change. */
  static NftSet verdicts(String name) {
    return new NftSet(name, NFT_SET_MAP, MARK, 4, NFT_DATA_VERDICT, 4, 0, 0, List.of());
  }

  /** Returns a constant map from single bytes to numbers of 4 bytes. */
  static NftSet numbers(String name, List<Element> elements) {
    int flags = NFT_SET_CONSTANT | NFT_SET_MAP;
    return new NftSet(name, flags, INTEGER, 1, INTEGER, 4, 0, 0, elements);
  }

  /** Returns a map from keys to numbers that packets change. */
  static NftSet timed(String name, int keyLength, int size, long timeoutMillis) {
    int flags = NFT_SET_MAP | NFT_SET_TIMEOUT | NFT_SET_EVAL;
    return new NftSet(name, flags, INTEGER, keyLength, MARK, 4, size, timeoutMillis, List.of());
  }

  /** Returns a set of keys that packets change, each with a state of its own. */
  static NftSet counting(String name, int keyLength, int size) {
    return new NftSet(name, NFT_SET_EVAL, INTEGER, keyLength, 0, 0, size, 0, List.of());
  }

  NftSet with(List<Element> others) {
    return new NftSet(
        name, flags, keyType, keyLength, dataType, dataLength, size, timeoutMillis, others);
  }

  /**
   * An element.
   *
   * @param key its bytes
   * @param end whether a range ends before it
   * @param chain the chain to which a map of verdicts leads, or null
   * @param value to which a map of numbers leads, or null
   * @param pair the key of the other end of the same range, or null; both ends are added and
   *     deleted together
   */
  record Element(
      byte[] key,
      boolean end,
      @Nullable String chain,
      byte @Nullable [] value,
      byte @Nullable [] pair) {
    static Element of(byte[] key) {
      return new Element(key, false, null, null, null);
    }

    static Element of(byte[] key, byte[] value) {
      return new Element(key, false, null, value, null);
    }

    /** Returns a lower bound of the encoded size in bytes. */
    int size() {
      return 24 + key.length + (chain == null ? 0 : 24 + chain.length());
    }

    void write(NetlinkWriter out) {
      int element = out.open(NFTA_LIST_ELEM | NLA_F_NESTED);
      int nest = out.open(NFTA_SET_ELEM_KEY | NLA_F_NESTED);
      out.attribute(NFTA_DATA_VALUE, key).close(nest);
      if (end) {
        out.big(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
      }
      if (chain != null) {
        int data = out.open(NFTA_SET_ELEM_DATA | NLA_F_NESTED);
        int verdict = out.open(NFTA_DATA_VERDICT | NLA_F_NESTED);
        out.big(NFTA_VERDICT_CODE, NFT_GOTO).attribute(NFTA_VERDICT_CHAIN, chain);
        out.close(verdict).close(data);
      }
      if (value != null) {
        int data = out.open(NFTA_SET_ELEM_DATA | NLA_F_NESTED);
        out.attribute(NFTA_DATA_VALUE, value).close(data);
      }
      out.close(element);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Element element
          && end == element.end
          && Arrays.equals(key, element.key)
          && Arrays.equals(value, element.value)
          && Arrays.equals(pair, element.pair);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(key);
    }
  }

  static List<Element> without(List<Element> all, List<Element> some) {
    List<Element> rest = new ArrayList<>(all);
    rest.removeAll(new java.util.HashSet<>(some));
    return rest;
  }
}
