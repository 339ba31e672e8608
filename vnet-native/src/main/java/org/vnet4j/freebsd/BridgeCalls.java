// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.BridgeAbi.*;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.net.MacAddress;

/** What if_bridge(4) can be asked and told. */
final class BridgeCalls {
  private final DriverCalls driver;

  BridgeCalls(FreeBsdKernel kernel) {
    driver = new DriverCalls(kernel);
  }

  /**
   * Adds a member. ENOENT: not in the bridge's stack; EEXIST: in this bridge already; EBUSY: in
   * another.
   */
  void add(int socket, String bridge, String member) {
    memberCall(socket, BRDGADD, "BRDGADD", bridge, member);
  }

  /** Removes a member; ENOENT if it is none. */
  void delete(int socket, String bridge, String member) {
    memberCall(socket, BRDGDEL, "BRDGDEL", bridge, member);
  }

  /** Reads what the bridge knows of a member. */
  BridgeMemberState member(int socket, String bridge, String member) {
    Memory request = Ifreq.of(member, IFBREQ_SIZE);
    String subject = bridge + " " + member;
    driver.get(socket, bridge, BRDGGIFFLGS, "BRDGGIFFLGS", subject, request);
    return BridgeMemberState.decode(request, 0);
  }

  /** Sets the flags of a member: IFBIF_LEARNING, IFBIF_STP and others. */
  void setMemberFlags(int socket, String bridge, String member, int flags) {
    Memory request = Ifreq.of(member, IFBREQ_SIZE).putInt(IFBREQ_IFBR_IFSFLAGS, flags);
    String subject = bridge + " " + member + " " + Integer.toHexString(flags);
    driver.set(socket, bridge, BRDGSIFFLGS, "BRDGSIFFLGS", subject, request);
  }

  /** Lists the members. */
  List<BridgeMemberState> members(int socket, String bridge) {
    Memory list = list(socket, bridge, BRDGGIFS, "BRDGGIFS", IFBREQ_SIZE);
    List<BridgeMemberState> members = new ArrayList<>();
    for (int at = 0; at < list.size(); at += IFBREQ_SIZE) {
      members.add(BridgeMemberState.decode(list, at));
    }
    return members;
  }

  /** Lists the addresses the bridge has learned or was told. */
  List<LearnedAddress> addresses(int socket, String bridge) {
    Memory list = list(socket, bridge, BRDGRTS, "BRDGRTS", IFBAREQ_SIZE);
    List<LearnedAddress> addresses = new ArrayList<>();
    for (int at = 0; at < list.size(); at += IFBAREQ_SIZE) {
      addresses.add(
          new LearnedAddress(
              Ifreq.name(list, at + IFBAREQ_IFBA_IFSNAME),
              MacAddress.of(list.get(at + IFBAREQ_IFBA_DST, 6)),
              list.getShort(at + IFBAREQ_IFBA_VLAN),
              list.getLong(at + IFBAREQ_IFBA_EXPIRE),
              list.getByte(at + IFBAREQ_IFBA_FLAGS)));
    }
    return addresses;
  }

  /**
   * An entry of the learning table.
   *
   * @param member the interface the address is behind
   * @param address the MAC address
   * @param vlan 0 without VLAN, or 1 in some releases
   * @param expiresIn seconds left, 0 for an address that stays
   * @param flags how it came to be there
   */
  record LearnedAddress(String member, MacAddress address, int vlan, long expiresIn, int flags) {}

  /** Forgets learned addresses, with {@code all} also those it was told. */
  void flush(int socket, String bridge, boolean all) {
    Memory request =
        Memory.allocate(IFBREQ_SIZE)
            .putInt(IFBREQ_IFBR_IFSFLAGS, all ? IFBF_FLUSHALL : IFBF_FLUSHDYN);
    driver.set(socket, bridge, BRDGFLUSH, "BRDGFLUSH", bridge, request);
  }

  /** How many addresses the learning table holds at most. */
  int cacheSize(int socket, String bridge) {
    return parameter(socket, bridge, BRDGGCACHE, "BRDGGCACHE");
  }

  void setCacheSize(int socket, String bridge, int size) {
    setParameter(socket, bridge, BRDGSCACHE, "BRDGSCACHE", size);
  }

  /** Seconds after which a learned address is forgotten. */
  int timeout(int socket, String bridge) {
    return parameter(socket, bridge, BRDGGTO, "BRDGGTO");
  }

  void setTimeout(int socket, String bridge, int seconds) {
    setParameter(socket, bridge, BRDGSTO, "BRDGSTO", seconds);
  }

  /** The bridge's priority in the spanning tree; the lower half of its word. */
  int priority(int socket, String bridge) {
    return parameter(socket, bridge, BRDGGPRI, "BRDGGPRI") & 0xffff;
  }

  void setPriority(int socket, String bridge, int priority) {
    setParameter(socket, bridge, BRDGSPRI, "BRDGSPRI", priority);
  }

  private void memberCall(int socket, int command, String call, String bridge, String member) {
    Memory request = Ifreq.of(member, IFBREQ_SIZE);
    driver.set(socket, bridge, command, call, bridge + " " + member, request);
  }

  private int parameter(int socket, String bridge, int command, String call) {
    Memory value = Memory.allocate(IFBRPARAM_SIZE);
    driver.get(socket, bridge, command, call, bridge, value);
    return value.getInt(0);
  }

  private void setParameter(int socket, String bridge, int command, String call, int value) {
    driver.set(socket, bridge, command, call, bridge + " " + value, Memory.ofInt(value));
  }

  /** Asks with more room until the answer leaves some: the list may grow between two calls. */
  private Memory list(int socket, String bridge, int command, String call, int entry) {
    int room = 16 * entry;
    while (true) {
      Memory entries = Memory.allocate(room);
      Memory request =
          Memory.allocate(IFBIFCONF_SIZE)
              .putInt(IFBIFCONF_IFBIC_LEN, room)
              .point(IFBIFCONF_IFBIC_IFBICU, entries);
      driver.get(socket, bridge, command, call, bridge, request);
      int length = request.getInt(IFBIFCONF_IFBIC_LEN);
      if (length < room) {
        return Memory.of(entries.get(0, length));
      }
      room *= 4;
    }
  }
}
