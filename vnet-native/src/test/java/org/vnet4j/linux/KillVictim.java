// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.JailBuilder;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.posix.helper.Helper;

/** Builds and tears down random networks until it is killed, or its helper is. */
final class KillVictim {
  private final Vnet vnet;
  private final String prefix;
  private final Random random;
  private final List<Jail> jails = new ArrayList<>();
  private final List<Epair> cables = new ArrayList<>();
  private final List<NetInterface> others = new ArrayList<>();
  private int number;

  KillVictim(Vnet vnet, String prefix, int seed) {
    this.vnet = vnet;
    this.prefix = prefix;
    this.random = new Random(seed);
  }

  /** Arguments: prefix of its names, seed. Prints each error that should not occur. */
  public static void main(String[] args) {
    Vnet vnet = Vnet.builder().application("victim").open();
    System.out.println("ready");
    new KillVictim(vnet, args[0], Integer.parseInt(args[1]))
        .untilLost()
        .forEach(System.out::println);
    try {
      vnet.close();
    } catch (RuntimeException e) {
      System.out.println("close: " + e);
    }
    System.exit(0); // the threads of programs that it started must not keep it alive
  }

  /** Builds until the helper is killed; returns the errors that should not occur. */
  List<String> untilLost() {
    List<String> wrong = new ArrayList<>();
    while (true) {
      try {
        step();
      } catch (Helper.LostException e) {
        return wrong;
      } catch (VnetException e) {
        if (isLost(e)) {
          return wrong;
        }
        wrong.add(e.toString());
      }
    }
  }

  private static boolean isLost(Throwable e) {
    return e instanceof Helper.LostException
        || e.getCause() != null && isLost(e.getCause())
        || List.of(e.getSuppressed()).stream().anyMatch(KillVictim::isLost);
  }

  private void step() {
    if (random.nextInt(20) == 0) {
      LockSupport.parkNanos(8_000_000); // the helper makes namespaces ahead while it is idle
    }
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        String name = prefix + number++;
        cables.add(
            random.nextBoolean()
                ? vnet.host().epair().create()
                : vnet.host().epair().names(name + "a", name + "b").create());
      }
      case 2, 3 -> makeJail();
      case 4 -> {
        Bridge bridge = vnet.host().bridge().name(prefix + number++).create();
        others.add(bridge);
        cables.stream()
            .map(Epair::a)
            .filter(end -> end.stack() == vnet.host() && end.info().bridge().isEmpty())
            .findAny()
            .ifPresent(bridge::add);
        bridge.up();
      }
      case 5 -> others.add(vnet.host().tap().name(prefix + number++).create());
      case 6 ->
          others.add(
              vnet.host()
                  .vxlan(random.nextInt(1 << 20), "192.0.2.1", "192.0.2.2")
                  .port(1024 + random.nextInt(60000))
                  .name(prefix + number++)
                  .create());
      case 7 -> pick(jails).exec("sleep", "100").start();
      default -> tearDown();
    }
  }

  private void makeJail() {
    JailBuilder builder = vnet.host().jail(prefix + number++).childrenMax(2);
    if (random.nextBoolean()) {
      builder.persist();
    }
    cables.stream()
        .map(Epair::b)
        .filter(end -> end.stack() == vnet.host() && end.info().bridge().isEmpty())
        .findAny()
        .ifPresent(builder::vnet);
    Jail jail = builder.create();
    jails.add(jail);
    if (random.nextInt(3) == 0) {
      jail.jail("in").create();
      jail.epair().create().a().inet("192.0.2.1/24").up();
    }
  }

  private Jail pick(List<Jail> some) {
    if (some.isEmpty()) {
      makeJail();
    }
    return some.get(random.nextInt(some.size()));
  }

  private void tearDown() {
    if (!jails.isEmpty()) {
      jails.remove(random.nextInt(jails.size())).remove();
    }
    if (!cables.isEmpty() && random.nextBoolean()) {
      cables.remove(random.nextInt(cables.size())).close();
    }
    if (!others.isEmpty()) {
      others.remove(random.nextInt(others.size())).destroy();
    }
  }
}
