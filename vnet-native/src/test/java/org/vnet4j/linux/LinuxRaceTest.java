// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.Leftovers;

/** Many threads in one Vnet: no deadlock, no interface lost, typed errors only, nothing left. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
@Timeout(60)
class LinuxRaceTest {
  private static final int THREADS = 8;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("vnet.race", 3));

  @Test
  void threads_that_build_and_tear_down_do_not_lose_each_others_interfaces() throws Exception {
    Machine.sandbox().close();
    Set<String> before = Leftovers.now();
    try (Vnet vnet = Machine.sandbox()) {
      inThreads(number -> () -> buildAndTearDown(vnet, number));
      assertThat(vnet.jails()).isEmpty();
      assertThat(names(vnet.host())).containsExactly("lo");
    }
    assertThat(Leftovers.now()).isEqualTo(before);
  }

  private static Void buildAndTearDown(Vnet vnet, int number) {
    long end = System.nanoTime() + NANOS;
    for (int round = 0; System.nanoTime() < end; round++) {
      Epair cable = vnet.host().epair().create();
      Jail jail = vnet.host().jail("j" + number).childrenMax(1).vnet(cable.b()).create();
      Bridge bridge = vnet.host().bridge().create();
      bridge.add(cable.a()).up();
      cable.b().inet("192.0.2.1/24").up();
      if (round % 3 == 0) {
        Jail inner = jail.jail("inner").create();
        cable.b().vnet(inner).up();
      }
      jail.remove();
      assertThat(cable.b().stack()).isSameAs(vnet.host());
      assertThat(cable.b().exists()).isTrue();
      bridge.destroy();
      cable.destroy();
      assertThat(cable.b().exists()).isFalse();
    }
    return null;
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
      inThreads(
          number ->
              () -> {
                Random random = new Random(seed + number);
                long end = System.nanoTime() + NANOS;
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
    assertThat(Leftovers.now()).isEqualTo(before);
  }

  /** Does one thing that may be in somebody's way. */
  private static void disturb(Vnet vnet, Random random, List<String> ends) {
    String name = "s" + random.nextInt(3);
    switch (random.nextInt(6)) {
      case 0 -> vnet.host().jail(name).childrenMax(1).create();
      case 1 -> vnet.jail(name).ifPresent(Jail::remove);
      case 2 -> vnet.jail(name).ifPresent(jail -> jail.jail("in").create());
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

  private static void inThreads(java.util.function.IntFunction<Callable<Void>> work)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(threads.submit(work.apply(i)));
      }
      for (Future<Void> one : all) {
        one.get(50, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(10, TimeUnit.SECONDS);
    }
  }
}
