// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.LinkStatus;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceFlag;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.owner.Mark;

/**
 * A link as the kernel describes it in {@code RTM_NEWLINK}.
 *
 * @param index its number
 * @param name its name
 * @param kind the kernel's name of its kind, empty for a physical link
 * @param flags {@code IFF_*}
 * @param mtu in bytes
 * @param lladdr its MAC address, if it has one of six bytes
 * @param operstate see RFC 2863: 6 is up
 * @param alias its description, and the owner that this library stores there
 * @param group the group it is in, 0 for none
 * @param master index of its bridge, 0 if none
 * @param peer index of its other end, or of its parent; 0 if none
 * @param peerNamespace the number that its namespace uses for the namespace of its other end,
 *     {@link #HERE} if that is the same
 * @param stp whether this is a bridge that runs the spanning tree protocol
 * @param port the state of the link as a member of its bridge, null if it is in none
 */
public record LinkState(
    int index,
    String name,
    String kind,
    int flags,
    int mtu,
    @Nullable MacAddress lladdr,
    int operstate,
    String alias,
    int group,
    int master,
    int peer,
    int peerNamespace,
    boolean stp,
    @Nullable Port port) {

  /** Stands for the same namespace; not the number of any. */
  static final int HERE = Integer.MIN_VALUE;

  /** What tunnel modules make in every namespace, see net_has_fallback_tunnels() in the kernel. */
  private static final Set<String> FALLBACK =
      Set.of(
          "gre0",
          "gretap0",
          "erspan0",
          "tunl0",
          "sit0",
          "ip6tnl0",
          "ip6gre0",
          "ip_vti0",
          "ip6_vti0");

  private static final InterfaceFlag[] FLAG_OF_BIT = {
    InterfaceFlag.UP,
    InterfaceFlag.BROADCAST,
    InterfaceFlag.DEBUG,
    InterfaceFlag.LOOPBACK,
    InterfaceFlag.POINTOPOINT,
    null,
    InterfaceFlag.RUNNING,
    InterfaceFlag.NOARP,
    InterfaceFlag.PROMISC,
    InterfaceFlag.ALLMULTI,
    null,
    null,
    InterfaceFlag.MULTICAST,
    null,
    null,
    null,
    InterfaceFlag.LOWER_UP
  };

  public boolean isUp() {
    return (flags & Rtnetlink.IFF_UP) != 0;
  }

  /** Returns whether the link has a carrier: an epair once both ends are up. */
  public boolean hasCarrier() {
    return (flags & Rtnetlink.IFF_LOWER_UP) != 0;
  }

  /**
   * Returns whether the link has a carrier that the kernel has still to act upon: until then it
   * drops packets.
   */
  public boolean isCarrierPending() {
    return hasCarrier() && (flags & Rtnetlink.IFF_RUNNING) == 0;
  }

  /** Decodes the payload of an {@code RTM_NEWLINK} message. */
  public static LinkState decode(ByteBuffer buffer, int from, int to) {
    return new LinkMessage().read(buffer, from, to).link(buffer);
  }

  /** Returns the kind in terms of the model. */
  public InterfaceKind modelKind() {
    return switch (kind) {
      case "veth" -> InterfaceKind.EPAIR;
      case "" -> (flags & 8) != 0 ? InterfaceKind.LOOPBACK : InterfaceKind.ETHER;
      case "tun" -> InterfaceKind.TAP;
      case "gretap", "ip6gre", "ip6gretap" -> InterfaceKind.GRE;
      case "sit", "ip6tnl", "ipip" -> InterfaceKind.GIF;
      default -> InterfaceKind.of(kind);
    };
  }

  /** Returns whether its other end is in another namespace. */
  public boolean peerElsewhere() {
    return peerNamespace != HERE;
  }

  public Mark mark() {
    return Mark.parse(alias);
  }

  public InterfaceInfo info(List<Cidr> addresses, @Nullable String bridge) {
    boolean loopback = (flags & 8) != 0;
    LinkStatus status =
        loopback ? LinkStatus.UNKNOWN : operstate == 6 ? LinkStatus.ACTIVE : LinkStatus.NO_CARRIER;
    if (!loopback && operstate == 0 && (flags & 0x10000) != 0) {
      status = LinkStatus.ACTIVE;
    }
    return new InterfaceInfo(
        name,
        index,
        modelKind(),
        names(flags),
        flags,
        mtu,
        loopback ? Optional.empty() : Optional.ofNullable(lladdr),
        addresses,
        groups(),
        status,
        Optional.ofNullable(bridge),
        Mark.textOf(alias));
  }

  private List<String> groups() {
    String own = modelKind() == InterfaceKind.OTHER ? kind : modelKind().toString();
    return !kind.isEmpty() && FALLBACK.contains(name)
        ? List.of(own, InterfaceInfo.FALLBACK)
        : List.of(own);
  }

  /** Caches sets of flags: most links have one of few combinations. A cached set never changes. */
  private record Named(int flags, Set<InterfaceFlag> names) {}

  private static final Named[] LATELY = new Named[16];

  private static Set<InterfaceFlag> names(int flags) {
    int at = (flags ^ flags >>> 4 ^ flags >>> 12) & LATELY.length - 1;
    Named known = LATELY[at];
    if (known == null || known.flags() != flags) {
      known = new Named(flags, namesOf(flags));
      LATELY[at] = known;
    }
    return known.names();
  }

  private static Set<InterfaceFlag> namesOf(int flags) {
    EnumSet<InterfaceFlag> names = EnumSet.noneOf(InterfaceFlag.class);
    for (int bit = 0; bit < FLAG_OF_BIT.length; bit++) {
      InterfaceFlag flag = FLAG_OF_BIT[bit];
      if (flag != null && (flags & 1 << bit) != 0) {
        names.add(flag);
      }
    }
    return names;
  }

  /**
   * The state of a link as a member of a bridge.
   *
   * @param state {@code BR_STATE_*}
   * @param cost its cost for the spanning tree protocol
   * @param learning whether the bridge learns addresses on it
   */
  public record Port(int state, int cost, boolean learning) {
    private static final String[] STATES = {
      "disabled", "listening", "learning", "forwarding", "blocking"
    };

    public String stateName() {
      return state < STATES.length ? STATES[state] : "unknown";
    }
  }
}
