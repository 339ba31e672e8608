// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Disturbance;
import org.vnet4j.contract.kit.Leftovers;
import org.vnet4j.contract.kit.ParallelThreads;
import org.vnet4j.firewall.Action;

/**
 * Runs many threads that move interfaces while jails are removed; the contract has more such tests.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
@Timeout(240)
class LinuxRaceTest {
  private static final int THREADS = 8;

  /** On a machine of its own, since the firewall that is loaded there is in every stack. */
  @Test
  void a_jail_that_another_vnet_removes_gives_typed_errors_only() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root on the machine's own network");
    long seed = Long.getLong("vnet.seed", System.nanoTime());
    List<String> lines = Jvm.linesOf(Jvm.startAlone(Scene.class, Long.toString(seed)));
    System.out.println(String.join("\n", lines));
    assertThat(lines).last().isEqualTo("nothing is left");
  }

  /** Two Vnets disturb one another. */
  static final class Scene {
    private Scene() {}

    public static void main(String[] args) throws Exception {
      Vnet.open().close(); // makes /run/netns a mount
      Set<String> before = Leftovers.now();
      try (Vnet one = Vnet.open();
          Vnet other = Vnet.open()) {
        System.out.println("LinuxRaceTest: seed " + args[0]);
        one.modules().loadIpfw(Action.Plain.ALLOW);
        Disturbance disturbance = new Disturbance(one, other, true);
        disturbance.run(THREADS, Long.parseLong(args[0]));
        System.out.println("LinuxRaceTest: seed " + args[0] + ", " + disturbance);
      }
      nothingIsLeftOrLost(before);
      System.out.println("nothing is left");
    }
  }

  /**
   * Waits until nothing new is left. What ends by itself, or what the JVM opens for a moment, takes
   * some time.
   */
  private static void nothingIsLeftOrLost(Set<String> before) {
    Set<String> now = Await.until(Leftovers::now, all -> left(before, all).isEmpty());
    assertThat(left(before, now)).isEmpty();
    Set<String> lost = new TreeSet<>(before);
    lost.removeAll(now);
    lost.removeIf(one -> one.startsWith("process ") || one.startsWith("descriptor "));
    assertThat(lost).isEmpty();
  }

  private static Set<String> left(Set<String> before, Set<String> now) {
    Set<String> left = new TreeSet<>(now);
    left.removeAll(before);
    left.removeAll(
        Set.of(
            "/run/vnet4j/lock",
            "/run/vnet4j/last-jid",
            "/run/vnet4j/helper.lock")); // the registry itself
    return left;
  }

  @Test
  void interfaces_that_move_while_jails_go_are_never_lost_and_errors_are_typed() throws Exception {
    Machine.sandbox().close();
    Set<String> before = Leftovers.now();
    long seed = System.nanoTime();
    System.out.println("LinuxRaceTest: seed " + seed);
    Queue<Throwable> untyped = new ConcurrentLinkedQueue<>();
    try (Vnet vnet = Machine.sandbox()) {
      List<String> ends = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        vnet.host().epair().names("c" + i + "a", "c" + i + "b").create();
        ends.add("c" + i + "a");
        ends.add("c" + i + "b");
      }
      ParallelThreads.work(
          THREADS,
          ParallelThreads.RACE,
          number ->
              () -> {
                Random random = new Random(seed + number);
                long end = System.nanoTime() + ParallelThreads.RACE;
                while (System.nanoTime() < end) {
                  try {
                    disturb(vnet, random, ends);
                  } catch (VnetException e) {
                    if (e.getClass() == VnetException.class) {
                      untyped.add(e);
                    }
                  }
                }
                return null;
              });
      assertThat(untyped.stream().map(Throwable::toString).distinct()).isEmpty();
      vnet.jails().stream().filter(jail -> !jail.name().contains(".")).forEach(Jail::close);
      assertThat(names(vnet.host())).hasSize(1 + ends.size()).containsAll(ends);
      ends.forEach(end -> assertThat(vnet.host().iface(end).isUp()).isNotNull());
    }
    nothingIsLeftOrLost(before);
  }

  /** Makes one random change that may interfere with another thread. */
  private static void disturb(Vnet vnet, Random random, List<String> ends) {
    String name = "s" + random.nextInt(3);
    switch (random.nextInt(6)) {
      case 0 -> vnet.host().jail(name).childrenMax(1).create();
      case 1 -> vnet.findJail(name).ifPresent(Jail::remove);
      case 2 -> vnet.findJail(name).ifPresent(jail -> jail.jail("in").create());
      default -> {
        List<Jail> jails = vnet.jails();
        List<NetworkStack> stacks = new ArrayList<>(jails);
        stacks.add(vnet.host());
        String end = ends.get(random.nextInt(ends.size()));
        for (NetworkStack stack : stacks) {
          if (names(stack).contains(end)) {
            NetInterface iface = stack.iface(end);
            iface.up();
            iface.vnet(stacks.get(random.nextInt(stacks.size())));
            iface.inet("192.0.2.1/24");
          }
        }
      }
    }
  }

  private static List<String> names(NetworkStack stack) {
    return stack.ifconfig().stream().map(InterfaceInfo::name).toList();
  }
}
