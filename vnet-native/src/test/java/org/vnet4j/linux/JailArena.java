// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.linux.registry.DirectoryRegistry;
import org.vnet4j.linux.registry.JailRegistry;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.spi.StackParts;

/**
 * Checks, on a machine of its own, that a Vnet is notified of the jails of other programs, however
 * they are created and removed. Without an event it would not look for an hour, so that whatever it
 * reports it was notified of. Prints {@code ok} at the end.
 */
final class JailArena {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Path NAMES = Path.of("/run/netns");

  private JailArena() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      other(arguments[0]);
      return;
    }
    JailRegistry registry =
        new DirectoryRegistry(Path.of("/run/vnet4j"), NAMES, Path.of("/proc/self/ns/net"), HOUR);
    try (Vnet vnet =
        StackParts.vnet(new LinuxKernel(HelperProgram.own(), false, registry, "arena", Set.of()))) {
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

  private static void ofAnotherVnet(HeardJails ear) throws Exception {
    try (Vnet other = Vnet.open()) {
      for (int i = 0; i < 3; i++) {
        Jail jail = other.host().jail("of-other" + i).create();
        ear.heard("+of-other" + i);
        jail.remove();
        ear.heard("-of-other" + i);
      }
    }
  }

  private static void ofAnotherProgramThatIsKilled(HeardJails ear) throws Exception {
    for (int i = 0; i < 3; i++) {
      Process program = Jvm.start(JailArena.class, "of-program" + i);
      if (!"made".equals(program.inputReader().readLine())) {
        throw new AssertionError("the other program made no jail");
      }
      ear.heard("+of-program" + i);
      program.destroyForcibly();
      ear.heard("-of-program" + i);
      program.waitFor();
    }
  }

  /** Creates a jail, says so, and waits to be killed; runs as a program of its own. */
  private static void other(String name) throws IOException {
    Vnet vnet = Vnet.open();
    vnet.host().jail(name).create();
    System.out.println("made");
    System.in.read(); // ends with its parent
  }

  private static void takenAwayByIp(HeardJails ear) throws Exception {
    try (Vnet other = Vnet.open()) {
      for (int i = 0; i < 3; i++) {
        other.host().jail("taken" + i).create();
        ear.heard("+taken" + i);
        new ProcessBuilder("ip", "netns", "delete", "taken" + i).inheritIO().start().waitFor();
        ear.heard("-taken" + i);
      }
    }
  }

  private static void ofThisVnet(Vnet vnet, HeardJails ear) throws Exception {
    for (int i = 0; i < 3; i++) {
      Jail jail = vnet.host().jail("own" + i).create();
      ear.heard("+own" + i);
      jail.remove();
      ear.heard("-own" + i);
    }
  }

  private static void manyAtOnce(HeardJails ear) throws Exception {
    try (Vnet other = Vnet.open()) {
      for (int i = 0; i < 60; i++) {
        other.host().jail("many" + i).create();
      }
      ear.heard("+many59");
    }
    ear.heard("-many0");
    for (int i = 0; i < 60; i++) {
      if (!ear.said().contains("+many" + i) || !ear.said().contains("-many" + i)) {
        ear.heard("-many" + i);
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
      late.heard("+unheard");
      for (int i = 0; i < 3; i++) {
        other.host().jail("heard" + i).create();
        late.heard("+heard" + i);
      }
    }
    late.stop();
  }

  private static void flood() throws IOException {
    int room =
        Integer.parseInt(
            Files.readString(Path.of("/proc/sys/fs/inotify/max_queued_events")).strip());
    for (int i = 0; i < room + 1000; i++) {
      Path file = NAMES.resolve("flood" + i % 2);
      Files.createFile(file);
      Files.delete(file);
    }
  }
}
