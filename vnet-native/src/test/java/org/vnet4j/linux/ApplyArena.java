// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.BufferedReader;
import java.util.Random;
import java.util.Set;
import org.vnet4j.Sweep;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.topology.Plan;
import org.vnet4j.topology.Topologies;
import org.vnet4j.topology.Topology;

/**
 * Kills a program after a random step while it applies a topology, on a machine of its own. A
 * sweep, or the topology's name, then removes what the program left, and the machine must be as
 * before.
 *
 * <p>Arguments: rounds, seed. Prints {@code ok} at the end if nothing was wrong.
 */
final class ApplyArena {
  private static final String NAME = "fat";

  private ApplyArena() {}

  private static Topology tree() {
    return Topologies.fatTree(NAME, 4).addressed("10.0.0.0/16").routed();
  }

  /** The program that is killed: applies the topology and prints each step. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) {
      Vnet vnet = Vnet.builder().application("victim").open();
      Plan plan = tree().plan(vnet);
      if (args[0].equals("persist")) {
        plan.persist();
      }
      plan.progress((done, total, what) -> System.out.println(done + "/" + total)).apply();
      System.out.println("applied");
      System.exit(0);
    }
  }

  public static void main(String[] args) throws Exception {
    Random random = new Random(Long.parseLong(args[1]));
    int wrong = 0;
    try (Vnet vnet = Vnet.builder().application("arena").open()) {
      Set<String> before = KillArena.picture();
      for (int round = 0; round < Integer.parseInt(args[0]); round++) {
        boolean persist = round % 3 != 0;
        boolean byName = round % 3 == 1;
        String how = (persist ? "persisting, " : "") + (byName ? "by name" : "by sweep");
        String said = kill(persist, random);
        String left = KillArena.picture().size() - before.size() + " things left";
        if (byName) {
          Topology.destroy(vnet, NAME);
        }
        // A jail that was not yet complete when the program was killed has no name in the topology.
        Sweep sweep = vnet.sweep().application("victim");
        Sweep.Result swept = (persist ? sweep.persistent() : sweep).run();
        boolean gone = await(before);
        System.out.printf(
            "%s: killed after step %s, %s, %d swept%n", how, said, left, swept.removed().size());
        if (!gone || !swept.failed().isEmpty() || said.equals("applied")) {
          wrong++;
          System.out.println("WRONG: " + swept + "\n" + KillArena.picture());
        }
      }
    }
    System.out.println(wrong == 0 ? "ok" : wrong + " wrong");
  }

  private static String kill(boolean persist, Random random) throws Exception {
    Process victim = Jvm.start(Victim.class, persist ? "persist" : "leave");
    int step = 1 + random.nextInt(100);
    String said = "none";
    try (BufferedReader lines = victim.inputReader()) {
      for (int i = 0; i < step; i++) {
        said = String.valueOf(lines.readLine());
      }
      Thread.sleep(0, random.nextInt(1_000_000));
      victim.toHandle().destroyForcibly();
      victim.waitFor();
    }
    return said;
  }

  /**
   * Waits until the machine is as before: the kernel destroys the epairs of a removed stack later.
   */
  private static boolean await(Set<String> before) throws Exception {
    return Await.until(KillArena::picture, before::equals).equals(before);
  }
}
