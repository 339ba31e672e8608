// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;

/** The routing table of a stack, in the order of destinations. */
public final class RouteTable {
  private final List<Entry> entries = new ArrayList<>();

  /** A route. Without a gateway its destination is on the interface's link. */
  static final class Entry {
    final byte[] destination;
    final int prefix;
    final Iface iface;
    final int flags;
    final byte @Nullable [] gateway;

    /**
     * The interface in the gateway's link address. For an address of our own it is that address's
     * interface, while packets pass lo0.
     */
    final Iface link;

    /** The source address of packets that take this route. */
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

  /** Deletes the routes of an interface. */
  public void removeOf(Iface iface) {
    entries.removeIf(e -> e.iface == iface || e.link == iface);
  }

  /**
   * Deletes the routes of an interface that have the address as source. Routes by a gateway are
   * static and stay unless {@code gateways} is true: they stay when the interface is set down, and
   * when an IPv6 address is removed.
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

  /** Returns the route with the longest matching prefix. */
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
