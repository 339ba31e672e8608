// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.LinkStatus;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.fault.CountingLibc;

/**
 * Counts the system calls of each operation, and prints a table. This is a program of its own, as
 * {@link CountingLibc} must be installed before the first libc call.
 *
 * <p>Each operation runs once before it is counted, which opens the sockets that are kept, and then
 * many times: the least number counts, since a slow machine adds waits.
 */
final class CostArena {
  private static final int TIMES = 25;

  /** Four processes take part in the start of a program: on a busy machine few runs add no wait. */
  private static final int PROGRAM_TIMES = 250;

  private static final int TRACED = 3;
  private static final int FEW = 10;

  /** How many of its stacks are spare ones, and so the helper's calls, depends on time. */
  private static final String STAR = "build and remove a star of " + FEW;

  private static final int MANY_RULES = 500;
  private static final String TWO = "%8s%7s";

  /** An operation, which leaves all as it was. */
  private interface Operation {
    void run() throws Exception;
  }

  private interface Preparation {
    void run(Vnet vnet) throws Exception;
  }

  private final CountingLibc libc = CountingLibc.install();
  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final List<Jail> jails = new ArrayList<>();

  /** Prints the table; {@code -} for the helper's calls if the kernel forbids to trace it. */
  public static void main(String[] args) throws Exception {
    new CostArena().run();
  }

  private void run() throws Exception {
    System.out.printf(
        "%-32s%6s%10s%7s%8s%7s%n", "operation", "calls", "requests", "waits", "helper", "wakes");
    count(this::prepare, TIMES);
    count(this::prepareProgram, PROGRAM_TIMES);
  }

  /**
   * Counts in a sandbox of its own: once a program was started in one, the removal of a jail looks
   * at every process of the machine.
   */
  private void count(Preparation preparation, int times) throws Exception {
    operations.clear();
    try (Vnet vnet = Vnet.sandbox()) {
      preparation.run(vnet);
      Map<String, String> ours = new LinkedHashMap<>();
      for (Map.Entry<String, Operation> one : operations.entrySet()) {
        ours.put(one.getKey(), ours(one.getValue(), times));
      }
      Optional<HelperTrace> trace = HelperTrace.attach();
      for (Map.Entry<String, Operation> one : operations.entrySet()) {
        String theirs =
            trace.isPresent() && !one.getKey().equals(STAR)
                ? theirs(trace.get(), one.getValue())
                : String.format(TWO, "-", "-");
        System.out.printf("%-32s%s%s%n", one.getKey(), ours.get(one.getKey()), theirs);
      }
      if (trace.isPresent()) {
        trace.get().close();
      }
    }
  }

  private void prepareProgram(Vnet vnet) {
    Jail jail = vnet.host().jail("jail").create();
    operations.put("start a program, await its end", () -> jail.exec("true").start().waitFor());
  }

  private String ours(Operation operation, int times) throws Exception {
    operation.run();
    int calls = Integer.MAX_VALUE;
    int requests = Integer.MAX_VALUE;
    int waits = Integer.MAX_VALUE;
    for (int i = 0; i < times; i++) {
      libc.start();
      operation.run();
      CountingLibc.Count count = libc.stop();
      calls = Math.min(calls, count.calls());
      requests = Math.min(requests, count.requests());
      waits = Math.min(waits, count.waits());
    }
    return String.format("%6d%10d%7d", calls, requests, waits);
  }

  private static String theirs(HelperTrace trace, Operation operation) throws Exception {
    int calls = Integer.MAX_VALUE;
    int wakes = Integer.MAX_VALUE;
    for (int i = 0; i < TRACED; i++) {
      trace.forget();
      operation.run();
      List<String> names = trace.calls();
      calls = Math.min(calls, names.size());
      wakes = Math.min(wakes, HelperTrace.wakes(names));
    }
    return String.format(TWO, calls, wakes);
  }

  private void prepare(Vnet vnet) throws Exception {
    Host host = vnet.host();
    Jail jail = host.jail("jail").create();
    Epair cable = host.epair().vnet(jail).create();
    NetInterface a = cable.a().inet("192.0.2.1/24").up();
    cable.b().inet("192.0.2.2/24").up();
    NetInterface lent = host.epair().create().a();
    Bridge bridge = host.bridge().create();
    Await.until(() -> host.ping("192.0.2.2").count(1).run(), answer -> answer.isAnswered());
    host.routes(); // what follows needs no other socket

    operations.put("read one interface", a::info);
    operations.put("list 7 interfaces", host::ifconfig);
    operations.put(
        "add and remove an address", () -> a.inet("192.0.2.3/24").deleteAddress("192.0.2.3/24"));
    operations.put("add and delete a member", () -> bridge.add(lent).delete(lent));
    operations.put("create and destroy an epair", () -> host.epair().create().destroy());
    operations.put("give an interface and reclaim it", () -> lent.vnet(jail).reclaim());
    operations.put("create and remove a jail", () -> host.jail("other").create().remove());
    operations.put(
        "ping", () -> assertThat(host.ping("192.0.2.2").count(1).run().isAnswered()).isTrue());

    vnet.modules().loadIpfw(Action.Plain.ALLOW);
    StringBuilder rules = new StringBuilder();
    for (int i = 1; i <= MANY_RULES; i++) {
      rules.append(i).append(" allow tcp from 10.0.").append(i / 250).append('.').append(i % 250);
      rules.append(" to any 22\n");
    }
    jail.ipfw().load(RuleSet.parse(rules + "65535 allow ip from any to any\n"));
    operations.put(
        "add and delete a rule beside " + MANY_RULES,
        () -> {
          jail.ipfw().add("30000 deny udp from any to any 7");
          jail.ipfw().delete(30_000);
        });

    List<InetAddress> neighbours = new ArrayList<>();
    Jail[] hub = new Jail[1];
    operations.put(STAR, () -> build(host.jail("hub").childrenMax(FEW).create()).remove());
    operations.put(
        "ping " + FEW + " at once",
        () -> {
          if (hub[0] == null) {
            hub[0] = build(host.jail("mesh").childrenMax(FEW).create());
            jails.forEach(one -> neighbours.add(Cidr.parse(address(one) + "/32").address()));
            Await.until(hub[0]::ifconfig, all -> all.stream().noneMatch(CostArena::isDown));
            for (InetAddress one : neighbours) {
              Await.until(() -> hub[0].ping(one).count(1).run(), answer -> answer.isAnswered());
            }
          }
          assertThat(hub[0].pingAll(neighbours).run()).hasSize(FEW);
        });
  }

  private static boolean isDown(org.vnet4j.InterfaceInfo one) {
    return one.status() == LinkStatus.NO_CARRIER;
  }

  private static String address(Jail jail) {
    return "10.0.0." + (Integer.parseInt(jail.name().replaceAll(".*\\D", "")) + 2);
  }

  private Jail build(Jail hub) {
    jails.clear();
    Bridge bridge = hub.bridge().create();
    bridge.inet("10.0.0.1/24").up();
    List<Epair> cables = new ArrayList<>();
    for (int i = 0; i < FEW; i++) {
      Jail jail = hub.jail("jail" + i).create();
      Epair cable = hub.epair().vnet(jail).create();
      cable.b().inet(address(jail) + "/24").upWithoutWaiting();
      bridge.add(cable.a());
      cables.add(cable);
      jails.add(jail);
    }
    cables.forEach(cable -> cable.a().upWithoutWaiting());
    return hub;
  }
}
