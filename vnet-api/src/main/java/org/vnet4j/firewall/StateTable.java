// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The states of connections, as in ip_fw_dynamic.c: protocol, addresses and ports, without
 * interface and sequence numbers. The newest state is found first. States do not age.
 *
 * <p>In a last match engine a state of ICMP has the type of its request, and only that request and
 * its reply match it; other ICMP packets have no state.
 */
final class StateTable {
  /** The state of one connection. */
  record Entry(
      String name,
      int rule,
      int protocol,
      InetAddress source,
      InetAddress destination,
      int sourcePort,
      int destinationPort,
      int query) {

    boolean isOf(Packet packet, int its) {
      if (protocol != packet.protocol() || query != its) {
        return false;
      }
      if (query > 0) {
        return packet.icmpType() == query
            ? same(packet.source(), 0, packet.destination(), 0)
            : same(packet.destination(), 0, packet.source(), 0);
      }
      int from = packet.hasPorts() ? packet.sourcePort() : 0;
      int to = packet.hasPorts() ? packet.destinationPort() : 0;
      return same(packet.source(), from, packet.destination(), to)
          || same(packet.destination(), to, packet.source(), from);
    }

    private boolean same(InetAddress from, int fromPort, InetAddress to, int toPort) {
      return source.equals(from)
          && destination.equals(to)
          && sourcePort == fromPort
          && destinationPort == toPort;
    }
  }

  /** The key by which a limit counts connections; properties that do not count are null or 0. */
  private record Counted(
      int rule,
      int protocol,
      boolean ipv6,
      @Nullable InetAddress source,
      @Nullable InetAddress destination,
      int sourcePort,
      int destinationPort) {}

  private static final int NONE = 0;
  private static final int STATELESS = -1;

  /** The types of ICMP requests, by those of the replies. */
  private static final Map<Integer, Integer> REQUESTS = Map.of(0, 8, 14, 13, 16, 15, 18, 17);

  private static final Map<Integer, Integer> REQUESTS6 = Map.of(129, 128, 140, 139);

  private final boolean tellsQueries;

  StateTable(MatchOrder matching) {
    tellsQueries = matching == MatchOrder.LAST;
  }

  /** Returns the type of the request that an ICMP packet belongs to, NONE, or STATELESS. */
  private int query(Packet packet) {
    if (!tellsQueries
        || packet.protocol() != (packet.isIpv6() ? 58 : 1)
        || packet.isLaterFragment()) {
      return NONE;
    }
    Map<Integer, Integer> requests = packet.isIpv6() ? REQUESTS6 : REQUESTS;
    int type = packet.icmpType();
    return requests.getOrDefault(type, requests.containsValue(type) ? type : STATELESS);
  }

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Map<Counted, Integer> counts = new HashMap<>();

  /** Finds the state of a packet's connection; with name null, among states of every name. */
  @Nullable Entry find(Packet packet, @Nullable String name) {
    int query = query(packet);
    for (Entry entry : entries) {
      if ((name == null || name.equals(entry.name)) && entry.isOf(packet, query)) {
        return entry;
      }
    }
    return null;
  }

  /**
   * Creates a state.
   *
   * @param known true to search for an existing state first
   * @return false if a limit forbids it
   */
  boolean install(Packet packet, State state, int rule, boolean known) {
    Counted counted = state instanceof State.Limit limit ? counted(packet, limit, rule) : null;
    int count = counted == null ? 0 : counts.getOrDefault(counted, 0);
    if (state instanceof State.Limit limit && count >= limit.connections()) {
      return false;
    }
    if (known && find(packet, state.name()) != null) {
      return true;
    }
    int query = query(packet);
    if (query == STATELESS) {
      return true;
    }
    if (counted != null) {
      counts.put(counted, count + 1);
    }
    boolean ports = packet.hasPorts();
    boolean reply = query > 0 && packet.icmpType() != query;
    entries.addFirst(
        new Entry(
            Objects.requireNonNull(state.name()),
            rule,
            packet.protocol(),
            reply ? packet.destination() : packet.source(),
            reply ? packet.source() : packet.destination(),
            ports ? packet.sourcePort() : 0,
            ports ? packet.destinationPort() : 0,
            query));
    return true;
  }

  private static Counted counted(Packet packet, State.Limit limit, int rule) {
    boolean ports = packet.hasPorts();
    return new Counted(
        rule,
        packet.protocol(),
        packet.isIpv6(),
        limit.keys().contains(State.Key.SRC_ADDR) ? packet.source() : null,
        limit.keys().contains(State.Key.DST_ADDR) ? packet.destination() : null,
        ports && limit.keys().contains(State.Key.SRC_PORT) ? packet.sourcePort() : 0,
        ports && limit.keys().contains(State.Key.DST_PORT) ? packet.destinationPort() : 0);
  }

  void clear() {
    entries.clear();
    counts.clear();
  }
}
