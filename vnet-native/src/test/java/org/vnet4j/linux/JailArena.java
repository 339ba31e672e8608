// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;

/**
 * Checks, on a machine of its own, that a Vnet promptly reports the jails of other programs,
 * however they are created and removed. Prints the times, and {@code ok} at the end.
 */
final class JailArena {
  private static final Duration PROMPT = Duration.ofMillis(500);

  private JailArena() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      other(arguments[0]);
      return;
    }
    try (Vnet vnet = Vnet.open()) {
      HeardJails ear = HeardJails.of(vnet); // neither the registry nor /run/netns exists yet
      ofAnotherVnet(ear);
      ofAnotherProgramThatIsKilled(ear);
      takenAwayByIp(ear);
      ofThisVnet(vnet, ear);
      manyAtOnce(ear);
      afterAnOverrun(vnet);
      ear.stop();
    }
    System.out.println("ok");
    System.exit(0);
  }

  /**
   * Checks the shortest of several times, as the machine may be busy for a while. Polling would
   * take up to a second each time.
   */
  private static void prompt(String what, Duration... took) {
    Duration best = took[0];
    for (Duration one : took) {
      best = one.compareTo(best) < 0 ? one : best;
    }
    System.out.println(what + ": " + best.toMillis() + " ms");
    if (best.compareTo(PROMPT) > 0) {
      throw new AssertionError(what + " took " + best);
    }
  }

  private static void ofAnotherVnet(HeardJails ear) throws Exception {
    Duration[] made = new Duration[3];
    Duration[] removed = new Duration[3];
    try (Vnet other = Vnet.open()) {
      for (int i = 0; i < made.length; i++) {
        Jail jail = other.host().jail("of-other" + i).create();
        made[i] = ear.heard("+of-other" + i, System.nanoTime());
        jail.remove();
        removed[i] = ear.heard("-of-other" + i, System.nanoTime());
      }
    }
    prompt("made by another Vnet", made);
    prompt("removed by another Vnet", removed);
  }

  private static void ofAnotherProgramThatIsKilled(HeardJails ear) throws Exception {
    Duration[] made = new Duration[2];
    Duration[] gone = new Duration[2];
    for (int i = 0; i < made.length; i++) {
      Process program = Jvm.start(JailArena.class, "of-program" + i);
      long when = Long.parseLong(program.inputReader().readLine()); // all processes share one clock
      made[i] = ear.heard("+of-program" + i, when);
      when = System.nanoTime();
      program.destroyForcibly();
      gone[i] = ear.heard("-of-program" + i, when);
      program.waitFor();
    }
    prompt("made by another program", made);
    prompt("gone with a program that was killed", gone);
  }

  /** Creates a jail, prints the time, and waits to be killed; runs as a program of its own. */
  private static void other(String name) throws InterruptedException {
    Vnet vnet = Vnet.open();
    vnet.host().jail(name).create();
    System.out.println(System.nanoTime());
    Thread.sleep(60_000);
  }

  private static void takenAwayByIp(HeardJails ear) throws Exception {
    Duration[] took = new Duration[3];
    try (Vnet other = Vnet.open()) {
      for (int i = 0; i < took.length; i++) {
        other.host().jail("taken" + i).create();
        ear.heard("+taken" + i, 0);
        new ProcessBuilder("ip", "netns", "delete", "taken" + i).inheritIO().start().waitFor();
        took[i] = ear.heard("-taken" + i, System.nanoTime());
      }
    }
    prompt("taken away by ip netns", took);
  }

  private static void ofThisVnet(Vnet vnet, HeardJails ear) throws Exception {
    Duration[] made = new Duration[3];
    Duration[] removed = new Duration[3];
    for (int i = 0; i < made.length; i++) {
      Jail jail = vnet.host().jail("own" + i).create();
      made[i] = ear.heard("+own" + i, System.nanoTime());
      jail.remove();
      removed[i] = ear.heard("-own" + i, System.nanoTime());
    }
    prompt("made here", made);
    prompt("removed here", removed);
  }

  private static void manyAtOnce(HeardJails ear) throws Exception {
    try (Vnet other = Vnet.open()) {
      for (int i = 0; i < 60; i++) {
        other.host().jail("many" + i).create();
      }
      ear.heard("+many59", 0);
    }
    ear.heard("-many0", 0);
    for (int i = 0; i < 60; i++) {
      if (!ear.said().contains("+many" + i) || !ear.said().contains("-many" + i)) {
        ear.heard("-many" + i, 0);
      }
    }
  }

  /**
   * Fills the kernel's inotify queue, which holds 16384 events unless fs.inotify.max_queued_events
   * sets another number, and checks that no jail is missed.
   */
  private static void afterAnOverrun(Vnet vnet) throws Exception {
    HeardJails late = HeardJails.of(vnet, 0);
    try (Vnet other = Vnet.open()) {
      flood();
      other.host().jail("unheard").create();
      flood();
      late.hearAll();
      late.heard("+unheard", 0);
      Duration[] made = new Duration[3];
      for (int i = 0; i < made.length; i++) {
        other.host().jail("heard" + i).create();
        made[i] = late.heard("+heard" + i, System.nanoTime());
      }
      prompt("made after an overrun", made);
    }
    late.stop();
  }

  private static void flood() throws IOException {
    int room =
        Integer.parseInt(
            Files.readString(Path.of("/proc/sys/fs/inotify/max_queued_events")).strip());
    for (int i = 0; i < room + 1000; i++) {
      Path file = Path.of("/run/netns", "flood" + i % 2);
      Files.createFile(file);
      Files.delete(file);
    }
  }
}
