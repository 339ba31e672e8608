// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.Sweep;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;

/**
 * Kills programs that build networks at random moments, on a machine of its own made by unshare(1):
 * the program, its helper, or both in either order. After each kill a sweep removes what the
 * program left, while the others build on. When all are dead the machine must be as before.
 *
 * <p>Arguments: rounds, programs in each, kills of a helper alone, seed. Prints {@code ok} at the
 * end if nothing was wrong.
 */
final class KillArena {
  private static final Set<String> REGISTRY =
      Set.of("jail lock", "jail last-jid", "jail helper.lock");

  private final Random random;
  private final Vnet vnet = Vnet.builder().application("arena").open();
  private int killed;
  private int removed;
  private int clean;
  private int wrong;

  private KillArena(long seed) {
    random = new Random(seed);
  }

  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[3]);
    KillArena arena = new KillArena(seed);
    for (int round = 0; round < Integer.parseInt(args[0]); round++) {
      arena.round("r" + round + "v", Integer.parseInt(args[1]));
    }
    int programs = arena.killed;
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      arena.killHelper();
    }
    arena.vnet.close();
    System.out.printf(
        "seed %d: %d programs killed, %d helpers alone; %d leftovers swept, after %d kills none%n",
        seed, programs, arena.killed - programs, arena.removed, arena.clean);
    System.out.println(arena.wrong == 0 ? "ok" : arena.wrong + " wrong");
  }

  private void round(String prefix, int programs) throws Exception {
    Set<String> before = picture();
    List<Process> victims = new ArrayList<>();
    for (int i = 0; i < programs; i++) {
      String seed = Integer.toString(random.nextInt());
      victims.add(Jvm.start(KillVictim.class, prefix + i + "x", seed));
    }
    for (int i = 0; i < programs; i++) {
      Process victim = victims.get(i);
      String name = prefix + i + "x";
      String said = victim.inputReader().readLine();
      if (!"ready".equals(said)) {
        complain(name + " said " + said);
      }
      Thread.sleep(random.nextInt(150));
      String how = kill(victim);
      killed++;
      sweep(how);
      await(how + ", " + name, () -> picture().stream().noneMatch(one -> one.contains(name)));
      victim.inputReader().lines().forEach(line -> complain(name + " said " + line));
    }
    sweep("end of round"); // removes what earlier sweeps left because it seemed in use
    await("end of round", () -> picture().equals(before));
  }

  /** Kills a program, its helper or both, with a pause of up to some milliseconds between. */
  private String kill(Process victim) throws InterruptedException {
    List<ProcessHandle> keeper = victim.children().toList();
    List<ProcessHandle> helper =
        random.nextInt(4) == 0 ? keeper : keeper.stream().flatMap(ProcessHandle::children).toList();
    switch (random.nextInt(4)) {
      case 0 -> {
        end(victim);
        return "program killed";
      }
      case 1 -> {
        helper.forEach(ProcessHandle::destroyForcibly);
        if (random.nextBoolean()) {
          Thread.sleep(random.nextInt(40));
        }
        end(victim);
        return "helper, then program killed";
      }
      case 2 -> {
        helper.forEach(ProcessHandle::destroyForcibly);
        if (!victim.waitFor(20, TimeUnit.SECONDS)) {
          complain("a program whose helper was killed did not end");
          end(victim);
        }
        return "helper killed";
      }
      default -> {
        victim.toHandle().destroyForcibly();
        helper.forEach(ProcessHandle::destroyForcibly);
        victim.waitFor();
        return "program, then helper killed";
      }
    }
  }

  /** Kills by the handle: {@code Process} would close the output that is still to be read. */
  private static void end(Process victim) throws InterruptedException {
    victim.toHandle().destroyForcibly();
    victim.waitFor();
  }

  /** Kills the helper of a Vnet of this program, and then closes the Vnet. */
  private void killHelper() throws Exception {
    Set<String> before = picture();
    Set<Long> others = children();
    Vnet doomed = Vnet.builder().application("arena").open();
    Set<Long> own = children();
    own.removeAll(others);
    Thread killer =
        new Thread(
            () -> {
              try {
                Thread.sleep(random.nextInt(30));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              own.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            });
    killer.start();
    List<String> said = new KillVictim(doomed, "own", random.nextInt()).untilLost();
    said.forEach(this::complain);
    killer.join();
    killed++;
    doomed.close();
    // The owner of its leftovers, this process, still lives, so no sweep removes them.
    vnet.jails().stream()
        .filter(jail -> jail.name().startsWith("own") && !jail.name().contains("."))
        .forEach(KillArena::remove);
    for (InterfaceInfo one : vnet.host().ifconfig()) {
      if (!before.contains("interface " + one.name())) {
        destroy(one.name());
      }
    }
    await("helper killed alone", () -> picture().equals(before));
  }

  private void destroy(String name) {
    try {
      vnet.host().iface(name).destroy();
    } catch (VnetException e) {
      if (vnet.host().ifconfig().stream().anyMatch(one -> one.name().equals(name))) {
        throw e;
      }
    }
  }

  private static Set<Long> children() {
    Set<Long> pids = new TreeSet<>();
    ProcessHandle.current().children().forEach(child -> pids.add(child.pid()));
    return pids;
  }

  private void sweep(String how) {
    Sweep.Result result = vnet.sweep().application("victim").persistent().run();
    removed += result.removed().size();
    clean += result.removed().isEmpty() ? 1 : 0;
    result.failed().forEach(failure -> complain(how + ": " + failure));
  }

  private void complain(String what) {
    wrong++;
    System.out.println("WRONG: " + what);
  }

  /** Waits for a condition: the kernel destroys the epairs of a removed stack later. */
  private void await(String what, Callable<Boolean> condition) throws Exception {
    if (!Await.until(condition, Boolean::booleanValue)) {
      complain(what + ": left " + picture());
    }
  }

  /** Lists interfaces, names of namespaces and records of jails, without this library's help. */
  static Set<String> picture() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/net/dev"))) {
      if (line.contains(":")) {
        found.add("interface " + line.substring(0, line.indexOf(':')).strip());
      }
    }
    add(found, "namespace ", Path.of("/run/netns"));
    add(found, "jail ", Path.of("/run/vnet4j"));
    found.removeAll(REGISTRY);
    return found;
  }

  private static void add(Set<String> found, String kind, Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .filter(file -> !file.toString().endsWith(".new")) // the next writer replaces it
            .forEach(file -> found.add(kind + file.getFileName()));
      }
    }
  }

  private static void remove(Jail jail) {
    try {
      jail.remove();
    } catch (Jail.NotFoundException e) {
      return; // removed with the program that created it
    }
  }
}
