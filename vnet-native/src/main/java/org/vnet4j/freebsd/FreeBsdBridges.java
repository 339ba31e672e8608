// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBAF_TYPEMASK;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBIF_LEARNING;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBIF_STP;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vnet4j.BridgeMember;
import org.vnet4j.LearnedAddress;
import org.vnet4j.freebsd.ioctl.BridgeCalls;
import org.vnet4j.freebsd.ioctl.BridgeMemberState;
import org.vnet4j.spi.BridgeDriver;

/**
 * The bridges of one stack. The spanning tree protocol is switched on for each member, see
 * bridge(4).
 */
final class FreeBsdBridges implements BridgeDriver {
  private static final String[] STATES = {
    "disabled", "listening", "learning", "forwarding", "blocking", "discarding"
  };

  /** The least forward delay in seconds, see {@code BSTP_MIN_FORWARD_DELAY} in net/bridgestp.h. */
  private static final int MIN_FORWARD_DELAY = 4;

  private final FreeBsdStack stack;

  FreeBsdBridges(FreeBsdStack stack) {
    this.stack = stack;
  }

  private BridgeCalls calls() {
    return stack.calls.bridges;
  }

  /** Adds a member. It takes part in the spanning tree protocol if the other members do. */
  @Override
  public void add(String bridge, String member) {
    boolean stp = stp(bridge);
    stack.inet(
        fd -> {
          calls().add(fd, bridge, member);
          return fd;
        });
    if (stp) {
      stp(bridge, true);
    }
  }

  @Override
  public void delete(String bridge, String member) {
    stack.inet(
        fd -> {
          calls().delete(fd, bridge, member);
          return fd;
        });
  }

  @Override
  public List<BridgeMember> members(String bridge) {
    Map<String, Integer> order = new HashMap<>();
    stack.inet(fd -> stack.calls.lists.list(fd)).forEach(one -> order.put(one.name(), one.index()));
    return states(bridge).stream()
        .sorted(Comparator.comparingInt(one -> order.getOrDefault(one.name(), 0)))
        .map(FreeBsdBridges::member)
        .toList();
  }

  private List<BridgeMemberState> states(String bridge) {
    return stack.inet(fd -> calls().members(fd, bridge));
  }

  /**
   * Without the spanning tree protocol the kernel's state is meaningless, and the member forwards.
   */
  private static BridgeMember member(BridgeMemberState one) {
    boolean stp = (one.flags() & IFBIF_STP) != 0;
    int state = one.state();
    String name = !stp ? "forwarding" : state < STATES.length ? STATES[state] : "unknown";
    boolean learning = (one.flags() & IFBIF_LEARNING) != 0;
    return new BridgeMember(one.name(), name, learning, Integer.toUnsignedLong(one.pathCost()));
  }

  @Override
  public List<LearnedAddress> learned(String bridge) {
    return stack.inet(fd -> calls().addresses(fd, bridge)).stream()
        .map(
            one ->
                new LearnedAddress(
                    one.address(), one.member(), (one.flags() & IFBAF_TYPEMASK) != 0))
        .toList();
  }

  @Override
  public boolean stp(String bridge) {
    return states(bridge).stream().anyMatch(one -> (one.flags() & IFBIF_STP) != 0);
  }

  @Override
  public void stp(String bridge, boolean on) {
    for (BridgeMemberState one : states(bridge)) {
      int flags = on ? one.flags() | IFBIF_STP : one.flags() & ~IFBIF_STP;
      stack.inet(
          fd -> {
            calls().setMemberFlags(fd, bridge, one.name(), flags);
            return fd;
          });
    }
  }

  @Override
  public void forwardDelay(String bridge, Duration delay) {
    int seconds = (int) Math.max(MIN_FORWARD_DELAY, delay.plusMillis(999).toSeconds());
    stack.inet(
        fd -> {
          calls().setForwardDelay(fd, bridge, seconds);
          return fd;
        });
  }
}
