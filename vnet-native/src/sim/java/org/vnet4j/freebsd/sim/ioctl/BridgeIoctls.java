// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.UserMemory;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Kind;

/** The bridge commands of SIOCGDRVSPEC and SIOCSDRVSPEC, as in net/if_bridge.c. */
public final class BridgeIoctls {
  private static final int ETHERTYPE_VLAN = 0x8100;

  /** A member interface of a bridge, and its flags. */
  public static final class Member {
    private final Iface iface;
    int flags;

    Member(Iface iface) {
      this.iface = iface;
      this.flags =
          FreeBsdAbi.constant("IFBIF_LEARNING")
              | FreeBsdAbi.constant("IFBIF_DISCOVER")
              | FreeBsdAbi.constant("IFBIF_BSTP_AUTOEDGE")
              | FreeBsdAbi.constant("IFBIF_BSTP_AUTOPTP");
    }

    public Iface iface() {
      return iface;
    }

    private Struct state() {
      boolean stp = (flags & FreeBsdAbi.constant("IFBIF_STP")) != 0;
      boolean edge = (flags & FreeBsdAbi.constant("IFBIF_BSTP_AUTOEDGE")) != 0;
      return new Struct("ifbreq")
          .putText("ifbr_ifsname", iface.name)
          .putInt("ifbr_ifsflags", flags)
          .putInt("ifbr_stpflags", (stp ? 0x02 : 0) | (edge ? 0x30 : 0))
          .putInt("ifbr_path_cost", 2000)
          .putByte("ifbr_portno", iface.index & 0xfff)
          .putByte("ifbr_priority", 128)
          .putByte("ifbr_proto", 2)
          .putByte("ifbr_state", 5)
          .putShort("ifbr_vlanproto", ETHERTYPE_VLAN);
    }
  }

  private final SimProcess process;
  private final Iface bridge;
  private final byte[] argument;

  BridgeIoctls(SimProcess process, Iface bridge, byte[] argument) {
    this.process = process;
    this.bridge = bridge;
    this.argument = argument;
  }

  void handle(int command, boolean get) {
    for (String name : List.of("BRDGADD", "BRDGDEL", "BRDGSIFFLGS", "BRDGFLUSH")) {
      if (command == FreeBsdAbi.constant(name)) {
        check("ifbreq", get, false);
        change(name);
        return;
      }
    }
    for (String name : List.of("BRDGSCACHE", "BRDGSTO", "BRDGSPRI", "BRDGSFD")) {
      if (command == FreeBsdAbi.constant(name)) {
        check("ifbrparam", get, false);
        set(name, new Struct("ifbrparam", argument).getInt("ifbrp_ifbrpu"));
        return;
      }
    }
    read(command, get);
  }

  private void read(int command, boolean get) {
    if (command == FreeBsdAbi.constant("BRDGGIFFLGS")) {
      check("ifbreq", get, true);
      byte[] state = member(name()).state().array();
      System.arraycopy(state, 0, argument, 0, argument.length);
    } else if (command == FreeBsdAbi.constant("BRDGGIFS")) {
      check("ifbifconf", get, true);
      members();
    } else if (command == FreeBsdAbi.constant("BRDGRTS")) {
      check("ifbaconf", get, true);
      learned();
    } else if (command == FreeBsdAbi.constant("BRDGGCACHE")) {
      answer(get, bridge.cacheSize);
    } else if (command == FreeBsdAbi.constant("BRDGGTO")) {
      answer(get, bridge.timeout);
    } else if (command == FreeBsdAbi.constant("BRDGGPRI")) {
      answer(get, bridge.priority);
    } else {
      throw new SysError("EINVAL");
    }
  }

  /** Checks a command's direction and size: each command has exactly one of both. */
  private void check(String type, boolean get, boolean reads) {
    if (get != reads || argument.length != FreeBsdAbi.size(type)) {
      throw new SysError("EINVAL");
    }
    if (!reads) {
      process.checkRoot();
    }
  }

  private void answer(boolean get, int value) {
    check("ifbrparam", get, true);
    new Struct("ifbrparam", argument).putInt("ifbrp_ifbrpu", value);
  }

  private void set(String command, int value) {
    switch (command) {
      case "BRDGSCACHE" -> bridge.cacheSize = value;
      case "BRDGSTO" -> bridge.timeout = value;
      case "BRDGSFD" -> forwardDelay(value);
      default -> bridge.priority = value;
    }
  }

  /** Checks a forward delay as {@code bstp_set_fdelay} does; no spanning tree is simulated. */
  private static void forwardDelay(int seconds) {
    if (seconds < 4 || seconds > 30) {
      throw new SysError("EINVAL");
    }
  }

  private String name() {
    return new Struct("ifbreq", argument).getText("ifbr_ifsname");
  }

  private Member member(String name) {
    for (Member member : bridge.members) {
      if (member.iface.name.equals(name)) {
        return member;
      }
    }
    throw new SysError("ENOENT");
  }

  private void change(String command) {
    switch (command) {
      case "BRDGADD" -> add();
      case "BRDGDEL" -> delete(member(name()).iface);
      case "BRDGSIFFLGS" -> {
        Member member = member(name());
        member.flags = new Struct("ifbreq", argument).getInt("ifbr_ifsflags");
      }
      default -> bridge.learned.clear();
    }
  }

  private void add() {
    Iface iface = bridge.stack.find(name());
    if (iface == null) {
      throw new SysError("ENOENT");
    }
    if (iface.bridge != null) {
      throw new SysError(iface.bridge == bridge ? "EEXIST" : "EBUSY");
    }
    if (!iface.kind.ether() && !iface.kind.name().equals("gif") || iface.kind == Kind.BRIDGE) {
      throw new SysError("EINVAL");
    }
    if (bridge.members.isEmpty()) {
      bridge.mtu = iface.mtu;
    } else {
      iface.mtu = bridge.mtu;
    }
    bridge.members.add(0, new Member(iface));
    iface.bridge = bridge;
    iface.flags |= FreeBsdAbi.constant("IFF_PROMISC");
  }

  /** Removes a member and clears its promiscuous mode ({@code ifpromisc}). */
  private static void delete(Iface member) {
    leave(member);
    member.flags &= ~FreeBsdAbi.constant("IFF_PROMISC");
  }

  /**
   * Detaches an interface from its bridge, and a bridge from its members. An interface that leaves
   * its stack stays promiscuous: {@code bridge_delete_member} does not reset it.
   */
  static void leave(Iface iface) {
    Iface bridge = iface.bridge;
    if (bridge != null) {
      bridge.members.removeIf(member -> member.iface == iface);
      bridge.learned.values().removeIf(member -> member == iface);
      iface.bridge = null;
    }
    for (Member member : List.copyOf(iface.members)) {
      delete(member.iface);
    }
  }

  private void members() {
    list("ifbreq", bridge.members.stream().map(Member::state).toList());
  }

  private void learned() {
    List<Struct> addresses = new ArrayList<>();
    bridge.learned.forEach(
        (mac, member) ->
            addresses.add(
                new Struct("ifbareq")
                    .putText("ifba_ifsname", member.name)
                    .putLong("ifba_expire", bridge.timeout)
                    .put("ifba_dst", mac.array())));
    list("ifbareq", addresses);
  }

  /** Writes a list of members or addresses; both use the layout of struct ifbifconf. */
  private void list(String type, List<Struct> entries) {
    Struct list = new Struct("ifbifconf", argument);
    int entry = FreeBsdAbi.size(type);
    int room = list.getInt("ifbic_len");
    int whole = entry * entries.size();
    if (room == 0) {
      list.putInt("ifbic_len", whole);
      return;
    }
    byte[] all = new byte[whole];
    for (int i = 0; i < entries.size(); i++) {
      System.arraycopy(entries.get(i).array(), 0, all, i * entry, entry);
    }
    int length = Math.min(room, whole) / entry * entry;
    UserMemory.copyOut(list.getLong("ifbic_ifbicu"), Arrays.copyOf(all, length));
    list.putInt("ifbic_len", length);
  }
}
