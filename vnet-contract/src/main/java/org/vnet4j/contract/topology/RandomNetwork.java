// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnet4j.firewall.Rules.any;
import static org.vnet4j.firewall.Rules.deny;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/**
 * Builds and tears down random networks, beside other threads or programs that do the same: jails,
 * jails in jails, epairs, bridges, addresses, routes, rules. Checks after each step that what it
 * created exists.
 */
public final class RandomNetwork {
  private final Vnet vnet;
  private final Host host;
  private final String prefix;
  private final Random random;
  private final List<Jail> jails = new ArrayList<>();
  private final List<Epair> cables = new ArrayList<>();
  private final List<Bridge> bridges = new ArrayList<>();
  private int number;

  /**
   * Starts with an empty network.
   *
   * @param vnet the Vnet in which to build
   * @param prefix prefix of all names
   * @param seed seed of its choices
   */
  public RandomNetwork(Vnet vnet, String prefix, long seed) {
    this.vnet = vnet;
    this.host = vnet.host();
    this.prefix = prefix;
    this.random = new Random(seed);
  }

  /**
   * Builds and tears down until a time, and then tears down the rest.
   *
   * @param end by {@link System#nanoTime}
   * @return the number of steps
   */
  public int until(long end) {
    int steps = 0;
    while (System.nanoTime() < end) {
      step();
      steps++;
    }
    while (!jails.isEmpty() || !cables.isEmpty() || !bridges.isEmpty()) {
      tearDown();
    }
    return steps;
  }

  private void step() {
    switch (random.nextInt(10)) {
      case 0, 1 -> cables.add(host.epair().create());
      case 2 -> {
        String name = prefix + number++;
        cables.add(host.epair().names(name + "a", name + "b").create());
      }
      case 3, 4 -> makeJail();
      case 5 -> makeBridge();
      case 6 -> lookAtOthers();
      default -> tearDown();
    }
  }

  private void makeJail() {
    Jail jail = host.jail(prefix + number++).childrenMax(2).create();
    jails.add(jail);
    Epair cable = host.epair().vnet(jail).create();
    cables.add(cable);
    String own = "192.0.2." + (1 + random.nextInt(100)) + "/24";
    cable.b().inet(own).up();
    assertThat(cable.b().addresses()).extracting(Object::toString).contains(own);
    jail.routes().add("198.51.100.0/24", "192.0.2.200");
    assertThat(jail.routes().list()).extracting(Object::toString).anyMatch(this::isOurs);
    if (vnet.has(Capability.IPFW)) {
      jail.ipfw().add(100, deny().ip().from(any()).to(any()));
      assertThat(jail.ipfw().list()).anyMatch(rule -> rule.number() == 100);
    }
    if (random.nextBoolean()) {
      Jail inner = jail.jail("in").create();
      cable.b().vnet(inner).up();
      assertThat(cable.b().stack()).isSameAs(inner);
      assertThat(inner.epair().create().a().up().isUp()).isTrue();
    }
  }

  private boolean isOurs(String route) {
    return route.contains("198.51.100.0/24");
  }

  private void makeBridge() {
    Bridge bridge = host.bridge().create();
    bridges.add(bridge);
    for (Epair cable : cables) {
      NetInterface end = cable.a();
      if (end.info().bridge().isEmpty() && random.nextBoolean()) {
        bridge.add(end);
        assertThat(end.info().bridge()).contains(bridge.name());
      }
    }
    bridge.up();
  }

  /**
   * Reads the jails of others. They may be removed at any moment, which is the only error allowed.
   */
  private void lookAtOthers() {
    for (Jail jail : vnet.jails()) {
      try {
        jail.ifconfig();
        jail.routes().list();
        jail.children();
      } catch (Jail.NotFoundException e) {
        assertThat(jail.name()).doesNotMatch(prefix + "[0-9.].*");
      }
    }
    host.ifconfig();
  }

  private void tearDown() {
    if (!jails.isEmpty()) {
      Jail jail = jails.remove(random.nextInt(jails.size()));
      jail.remove();
      assertThat(jail.exists()).isFalse();
      for (Epair cable : cables) {
        assertThat(cable.b().exists()).isTrue();
      }
    }
    if (!bridges.isEmpty() && random.nextBoolean()) {
      bridges.remove(random.nextInt(bridges.size())).destroy();
    }
    if (!cables.isEmpty() && random.nextInt(3) > 0) {
      Epair cable = cables.remove(random.nextInt(cables.size()));
      cable.destroy();
      assertThat(cable.a().exists() || cable.b().exists()).isFalse();
    }
  }
}
