// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.vnet4j.Sweep;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.ParallelThreads;
import org.vnet4j.contract.topology.RandomNetwork;
import org.vnet4j.firewall.Action;

/**
 * Runs four programs that build and tear down random networks side by side, on a machine of its own
 * made by unshare(1). A fifth is killed among them. Sweeps meanwhile remove all that the dead
 * program left, and nothing of the others.
 *
 * <p>Arguments: seconds, seed. Prints {@code ok} at the end if nothing was wrong.
 */
final class RaceArena {
  private static final int PROGRAMS = 4;
  private static final String DOOMED = "dead";

  private RaceArena() {}

  public static void main(String[] args) throws Exception {
    List<String> wrong = new ArrayList<>();
    int steps = 0;
    int swept = 0;
    Vnet vnet = Vnet.builder().application("arena").open();
    Set<String> before = KillArena.picture();
    List<Process> programs = new ArrayList<>();
    for (int i = 0; i < PROGRAMS; i++) {
      programs.add(Jvm.start(Racer.class, "p" + i, args[0], args[1] + i));
    }
    Process doomed = Jvm.start(Racer.class, DOOMED, "600", args[1]);
    for (Process one : programs) {
      one.inputReader().readLine();
    }
    doomed.inputReader().readLine();
    for (boolean killed = false; programs.stream().anyMatch(Process::isAlive); killed = true) {
      Thread.sleep(400);
      if (!killed) {
        doomed.toHandle().destroyForcibly();
        doomed.waitFor();
      }
      Sweep.Result result = vnet.sweep().application("racer").persistent().run();
      swept += result.removed().size();
      result.failed().forEach(failure -> wrong.add("sweep: " + failure));
    }
    for (Process one : programs) {
      String said = one.inputReader().readLine();
      if (said != null && said.startsWith("steps ")) {
        steps += Integer.parseInt(said.substring(6));
      } else {
        wrong.add("a program said " + said);
      }
    }
    Sweep.Result last = vnet.sweep().application("racer").persistent().run();
    swept += last.removed().size();
    // The kernel destroys the epairs of a removed stack later.
    Set<String> left = Await.until(KillArena::picture, before::equals);
    if (!left.equals(before)) {
      wrong.add("left " + left);
    }
    vnet.close();
    System.out.printf(
        "seed %s: %d programs did %d steps, %d leftovers of the dead one swept%n",
        args[1], PROGRAMS, steps, swept);
    wrong.forEach(one -> System.out.println("WRONG: " + one));
    System.out.println(wrong.isEmpty() && steps > 0 && swept > 0 ? "ok" : "not ok");
    System.exit(0);
  }

  /** Arguments: prefix of its names, seconds, seed. Prints the number of its steps. */
  static final class Racer {
    private Racer() {}

    public static void main(String[] args) throws Exception {
      AtomicInteger steps = new AtomicInteger();
      try (Vnet vnet = Vnet.builder().application("racer").open()) {
        vnet.modules().loadIpfw(Action.Plain.ALLOW);
        // A program that is killed at any time leaves at least this for a sweep.
        vnet.host().epair().names(args[0] + "a", args[0] + "b").create();
        vnet.host().jail(args[0]).vnet(vnet.host().iface(args[0] + "b")).create();
        System.out.println("ready");
        long lasts = Long.parseLong(args[1]) * 1_000_000_000L;
        long end = System.nanoTime() + lasts;
        ParallelThreads.work(
            2,
            lasts,
            number ->
                () ->
                    steps.addAndGet(
                        new RandomNetwork(
                                vnet, args[0] + number + "x", Long.parseLong(args[2]) + number)
                            .until(end)));
        vnet.findJail(args[0]).orElseThrow().remove();
        vnet.host().iface(args[0] + "b").destroy();
        System.out.println("steps " + steps);
      } catch (Throwable e) {
        e.printStackTrace();
        System.out.println(e);
      }
      System.exit(0);
    }
  }
}
