// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vnet4j.net.Cidr;

/**
 * Ranges of numbers of some width, merged where they are adjacent or overlap, as nf_tables
 * requires.
 */
final class NftRanges {
  private record Range(BigInteger first, BigInteger last) {}

  private final int width;
  private final List<Range> ranges = new ArrayList<>();

  /** Creates an empty list of ranges; the width is in bytes. */
  NftRanges(int width) {
    this.width = width;
  }

  int width() {
    return width;
  }

  NftRanges add(long first, long last) {
    ranges.add(new Range(BigInteger.valueOf(first), BigInteger.valueOf(last)));
    return this;
  }

  NftRanges add(Cidr network) {
    BigInteger first = new BigInteger(1, network.network().address().getAddress());
    int bits = width * 8 - network.prefixLength();
    ranges.add(
        new Range(first, first.add(BigInteger.ONE.shiftLeft(bits)).subtract(BigInteger.ONE)));
    return this;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  private List<Range> merged() {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range range : sorted) {
      Range before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (before != null && range.first().compareTo(before.last().add(BigInteger.ONE)) <= 0) {
        merged.set(merged.size() - 1, new Range(before.first(), before.last().max(range.last())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  /** Returns the first and last value of the only range; null if there are none or several. */
  byte @org.jspecify.annotations.Nullable [][] only() {
    List<Range> merged = merged();
    return merged.size() == 1
        ? new byte[][] {bytes(merged.get(0).first()), bytes(merged.get(0).last())}
        : null;
  }

  /** Returns the elements of a set: the first value of each range, and the value after its last. */
  List<NftSet.Element> elements() {
    List<NftSet.Element> elements = new ArrayList<>();
    List<Range> merged = merged();
    if (!merged.isEmpty() && merged.get(0).first().signum() > 0) {
      elements.add(new NftSet.Element(new byte[width], true, null, null, null));
    }
    for (Range range : merged) {
      byte[] first = bytes(range.first());
      BigInteger behind = range.last().add(BigInteger.ONE);
      boolean ends = behind.bitLength() <= width * 8;
      byte[] end = ends ? bytes(behind) : null;
      elements.add(new NftSet.Element(first, false, null, null, end));
      if (end != null) {
        elements.add(new NftSet.Element(end, true, null, null, first));
      }
    }
    return elements;
  }

  private byte[] bytes(BigInteger value) {
    byte[] all = new byte[width];
    byte[] significant = value.toByteArray();
    for (int i = 0; i < width && i < significant.length; i++) {
      all[width - 1 - i] = significant[significant.length - 1 - i];
    }
    return all;
  }
}
