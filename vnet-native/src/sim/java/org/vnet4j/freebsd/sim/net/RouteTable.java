// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;

/** The routes of a stack, in the order of their destinations. */
public final class RouteTable {
  private final List<Entry> entries = new ArrayList<>();

  /** A route; without a gateway it leads to what is on the interface. */
  static final class Entry {
    final byte[] destination;
    final int prefix;
    final Iface iface;
    final int flags;
    final byte @Nullable [] gateway;

    /** The interface the gateway's link address names, which is not lo0 for our own addresses. */
    final Iface link;

    /** The address packets leave with. */
    final byte[] source;

    Entry(
        byte[] destination,
        int prefix,
        Iface iface,
        int flags,
        byte @Nullable [] gateway,
        Iface link,
        byte[] source) {
      this.destination = destination;
      this.prefix = prefix;
      this.iface = iface;
      this.flags = flags;
      this.gateway = gateway;
      this.link = link;
      this.source = source;
    }

    boolean host() {
      return (flags & FreeBsdAbi.constant("RTF_HOST")) != 0;
    }
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  void add(Entry entry) {
    entries.add(entry);
    entries.sort(
        Comparator.<Entry>comparingInt(e -> e.destination.length)
            .thenComparing(e -> e.destination, Arrays::compareUnsigned)
            .thenComparingInt(e -> e.prefix));
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }

  /** Routes are removed with their interface, or with the address they leave with. */
  public void removeOf(Iface iface) {
    entries.removeIf(e -> e.iface == iface || e.link == iface);
  }

  /**
   * The routes that are deleted with an address, or when its interface is brought down. Routes by a
   * gateway are static: they stay when the interface is brought down, and those of IPv6 when the
   * address is deleted.
   */
  void removeBy(Iface iface, byte[] source, boolean gateways) {
    entries.removeIf(
        e ->
            (e.iface == iface || e.link == iface)
                && Arrays.equals(e.source, source)
                && (gateways || e.gateway == null));
  }

  @Nullable Entry find(byte[] destination, int prefix) {
    for (Entry e : entries) {
      if (e.prefix == prefix && Arrays.equals(e.destination, destination)) {
        return e;
      }
    }
    return null;
  }

  /** The longest match. */
  @Nullable Entry lookup(byte[] address) {
    Entry best = null;
    for (Entry e : entries) {
      if (e.destination.length == address.length
          && Arrays.equals(e.destination, SimAddress.network(address, e.prefix))
          && (best == null || e.prefix > best.prefix)) {
        best = e;
      }
    }
    return best;
  }
}
