// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.BridgeAbi.*;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.libc.Memory;

/** The commands of if_bridge(4), one method each. They take a socket of the bridge's stack. */
public final class BridgeCalls {
  private final DriverCalls driver;

  public BridgeCalls(Syscalls kernel) {
    driver = new DriverCalls(kernel);
  }

  /**
   * Adds a member. ENOENT: the interface is not in the bridge's stack; EEXIST: it is already in
   * this bridge; EBUSY: it is in another bridge.
   */
  public void add(int socket, String bridge, String member) {
    memberCall(socket, BRDGADD, "BRDGADD", bridge, member);
  }

  /** Removes a member. ENOENT: the interface is not a member. */
  public void delete(int socket, String bridge, String member) {
    memberCall(socket, BRDGDEL, "BRDGDEL", bridge, member);
  }

  /** Returns the state of a member. */
  public BridgeMemberState member(int socket, String bridge, String member) {
    Memory request = Ifreq.of(member, IFBREQ_SIZE);
    String subject = bridge + " " + member;
    driver.get(socket, bridge, BRDGGIFFLGS, "BRDGGIFFLGS", subject, request);
    return BridgeMemberState.decode(request, 0);
  }

  /** Sets the flags of a member: IFBIF_LEARNING, IFBIF_STP and others. */
  public void setMemberFlags(int socket, String bridge, String member, int flags) {
    Memory request = Ifreq.of(member, IFBREQ_SIZE).putInt(IFBREQ_IFBR_IFSFLAGS, flags);
    String subject = bridge + " " + member + " " + Integer.toHexString(flags);
    driver.set(socket, bridge, BRDGSIFFLGS, "BRDGSIFFLGS", subject, request);
  }

  /** Lists the members. */
  public List<BridgeMemberState> members(int socket, String bridge) {
    Memory list = list(socket, bridge, BRDGGIFS, "BRDGGIFS", IFBREQ_SIZE);
    List<BridgeMemberState> members = new ArrayList<>();
    for (int at = 0; at < list.size(); at += IFBREQ_SIZE) {
      members.add(BridgeMemberState.decode(list, at));
    }
    return members;
  }

  /** Lists the learned and the static addresses. */
  public List<LearnedAddress> addresses(int socket, String bridge) {
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
   * An entry of the address table.
   *
   * @param member the interface behind which the address is
   * @param address the MAC address
   * @param vlan 0 without VLAN, or 1 in some releases
   * @param expiresIn seconds until the entry expires, 0 for a static address
   * @param flags the entry's type, see IFBAF_TYPEMASK
   */
  public record LearnedAddress(
      String member, MacAddress address, int vlan, long expiresIn, int flags) {}

  /** Removes the learned addresses; with {@code all} also the static addresses. */
  void flush(int socket, String bridge, boolean all) {
    Memory request =
        Memory.allocate(IFBREQ_SIZE)
            .putInt(IFBREQ_IFBR_IFSFLAGS, all ? IFBF_FLUSHALL : IFBF_FLUSHDYN);
    driver.set(socket, bridge, BRDGFLUSH, "BRDGFLUSH", bridge, request);
  }

  /** Returns the maximum number of addresses in the table. */
  public int cacheSize(int socket, String bridge) {
    return parameter(socket, bridge, BRDGGCACHE, "BRDGGCACHE");
  }

  /** Returns the time in seconds after which a learned address expires. */
  public int timeout(int socket, String bridge) {
    return parameter(socket, bridge, BRDGGTO, "BRDGGTO");
  }

  void setTimeout(int socket, String bridge, int seconds) {
    setParameter(socket, bridge, BRDGSTO, "BRDGSTO", seconds);
  }

  /** Returns the bridge's spanning tree priority, which is the lower half of the word. */
  int priority(int socket, String bridge) {
    return parameter(socket, bridge, BRDGGPRI, "BRDGGPRI") & 0xffff;
  }

  /** Sets the forward delay in seconds, at least {@code BSTP_MIN_FORWARD_DELAY}. EINVAL else. */
  public void setForwardDelay(int socket, String bridge, int seconds) {
    setParameter(socket, bridge, BRDGSFD, "BRDGSFD", seconds);
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

  /**
   * Reads a list of entries. Repeats the call with a larger buffer until the answer leaves some of
   * it free, since the list may grow between two calls.
   */
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
