// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.LinkStatus;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.benchmarks.LibraryOperations.Work;
import org.vnet4j.net.Cidr;
import org.vnet4j.probe.PingResult;

/** A star: many jails within one jail, each connected by an epair to its bridge. */
final class Star implements Work {
  private static final int MOST_TRIES = 5;

  private final int size;
  private final List<Jail> jails = new ArrayList<>();
  private Vnet vnet = Vnet.sandbox();
  private Jail hub;
  private Bridge bridge;
  private long sent;

  Star(int size) {
    this.size = size;
    this.hub = hub();
    this.bridge = bridge();
  }

  private Jail hub() {
    return vnet.host().jail("hub").childrenMax(size).create();
  }

  private Bridge bridge() {
    Bridge made = hub.bridge().create();
    made.inet("10.0.0.1/16").up();
    return made;
  }

  /** Opens a sandbox and creates a bridge with an address. */
  @Override
  public void prepare() {
    vnet.close();
    jails.clear();
    vnet = Vnet.sandbox();
    hub = hub();
    bridge = bridge();
  }

  static String address(int i) {
    return "10.0." + (i + 2) / 256 + "." + (i + 2) % 256;
  }

  @Override
  public long run(String name, int times) throws IOException {
    switch (name) {
      case "starBuild" -> build();
      case "starAwaitCarrier" -> awaitCarrier();
      case "starPingAll" -> pingAll();
      case "starTearDown" -> hub.remove();
      default -> throw new IllegalArgumentException(name);
    }
    return 0;
  }

  /**
   * Builds the star. Sets the links at the bridge up last: while they come up, the kernel takes
   * longer for every other request.
   */
  private void build() {
    List<Epair> cables = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Jail jail = hub.jail("jail" + i).create();
      Epair cable = hub.epair().vnet(jail).create();
      cable.b().inet(address(i) + "/16").upWithoutWaiting();
      bridge.add(cable.a());
      cables.add(cable);
      jails.add(jail);
    }
    cables.forEach(cable -> cable.a().upWithoutWaiting());
  }

  /**
   * Waits for the carrier of all links: the kernel brings links up with a delay, and drops packets
   * sent before.
   */
  private void awaitCarrier() throws IOException {
    await(hub);
    jails.forEach(Star::await);
    sent = echoes();
  }

  private static void await(NetworkStack stack) {
    while (stack.ifconfig().stream().anyMatch(one -> one.status() == LinkStatus.NO_CARRIER)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Pings all jails from the hub, and repeats what is lost: among so many, some are. */
  private void pingAll() {
    List<InetAddress> silent = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      silent.add(Cidr.parse(address(i) + "/32").address());
    }
    for (int tries = 0; !silent.isEmpty(); tries++) {
      if (tries == MOST_TRIES) {
        throw new IllegalStateException(silent + " do not answer");
      }
      Map<InetAddress, PingResult> answers = hub.pingAll(silent).run();
      silent.removeIf(one -> answers.get(one).received() > 0);
    }
  }

  /** Reads how many requests the hub has sent: the answers do not say which were repeated. */
  private long echoes() throws IOException {
    Process cat = hub.exec("cat", "/proc/self/net/snmp").start();
    String text = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String[]> icmp =
        text.lines().filter(line -> line.startsWith("Icmp:")).map(line -> line.split(" ")).toList();
    int column = List.of(icmp.get(0)).indexOf("OutEchos");
    return Long.parseLong(icmp.get(1)[column]);
  }

  @Override
  public long retries(String name, int times) throws IOException {
    return name.equals("starPingAll") ? echoes() - sent - size : -1;
  }

  @Override
  public void close() {
    vnet.close();
  }
}
