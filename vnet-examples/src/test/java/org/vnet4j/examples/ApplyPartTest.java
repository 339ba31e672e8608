// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Programs;

/** Three machines apply their parts of one file; each machine is a jail with a /run of its own. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "machines are made of namespaces here")
@Timeout(240)
class ApplyPartTest {
  private static final Path FILE = Path.of("..", "docs", "examples", "three-machines.yaml");
  private static final List<String> NAMES = List.of("alpha", "beta", "gamma");

  /** Runs the program once for each line of standard input, and prints the exit status. */
  private static final String MACHINE =
      """
      mount -t tmpfs tmpfs /run || exit 1
      while read command; do "$@" $command $FILE $NAME 2>&1; echo "$command ended: $?"; done
      """;

  private record Machine(String name, Process process, BufferedReader said, Writer orders) {
    static Machine start(Jail jail) {
      List<String> shell = new ArrayList<>();
      shell.addAll(List.of("unshare", "-m", "--propagation", "private"));
      shell.addAll(List.of("sh", "-c", MACHINE, "sh"));
      shell.addAll(java());
      Process process =
          jail.exec(shell)
              .env("FILE", FILE.toAbsolutePath().toString())
              .env("NAME", jail.name())
              .mergeError()
              .start();
      return new Machine(jail.name(), process, process.inputReader(), process.outputWriter());
    }

    void order(String command) throws IOException {
      orders.write(command + "\n");
      orders.flush();
    }

    /**
     * Returns what the program printed for an order, without the last line, which must report
     * success.
     */
    String answers(String command) throws IOException {
      List<String> lines = new ArrayList<>();
      String line = said.readLine();
      while (line != null && !line.startsWith(command + " ended")) {
        lines.add(line);
        line = said.readLine();
      }
      assertThat(line).as("%s: %s", name, lines).isEqualTo(command + " ended: 0");
      return String.join("\n", lines);
    }

    private static List<String> java() {
      List<String> java = new ArrayList<>();
      java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      if (Runtime.version().feature() >= 24) {
        java.add("--enable-native-access=ALL-UNNAMED");
      }
      java.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-XX:+UseSerialGC"));
      // An ordinary user is root in a sandbox, while /tmp still belongs to another user.
      java.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
      java.addAll(List.of("-cp", System.getProperty("java.class.path")));
      java.add(ApplyPart.class.getName());
      return java;
    }
  }

  private static List<String> all(List<Machine> machines, String command) throws IOException {
    for (Machine machine : machines) {
      machine.order(command);
    }
    List<String> answers = new ArrayList<>();
    for (Machine machine : machines) {
      answers.add(machine.answers(command));
    }
    return answers;
  }

  @Test
  void each_machine_applies_its_part_of_the_file_and_removes_it() throws IOException {
    Programs.need("unshare");
    try (Vnet vnet = Sandboxes.open()) {
      assumeTrue(vnet.has(Capability.VXLAN), "the kernel has no vxlan");
      Bridge below = vnet.host().bridge().create().up();
      List<Machine> machines = new ArrayList<>();
      for (String name : NAMES) {
        Jail jail = vnet.host().jail(name).create();
        Epair cable = vnet.host().epair().vnet(jail).create();
        below.add(cable.a());
        cable.a().up();
        cable.b().inet("198.51.100." + (machines.size() + 1) + "/24").up();
        machines.add(Machine.start(jail));
      }
      assertThat(all(machines, "plan"))
          .extracting(plan -> plan.lines().findFirst().orElseThrow())
          .containsExactly(
              "lab: 11 to create, 0 to change, 0 to remove",
              "lab: 4 to create, 0 to change, 0 to remove",
              "lab: 4 to create, 0 to change, 0 to remove");
      assertThat(all(machines, "apply")).containsExactly("", "", "");
      assertThat(all(machines, "plan")).containsOnly("lab: nothing to do");
      assertThat(all(machines, "ping"))
          .extracting(said -> said.substring(said.lastIndexOf('\n') + 1))
          .containsExactly(
              "4 nodes, 6 pairs: all reached",
              "4 nodes, 3 pairs: all reached",
              "4 nodes, 3 pairs: all reached");
      assertThat(all(machines, "destroy")).containsExactly("", "", "");
      assertThat(all(machines, "plan")).allMatch(plan -> plan.contains(" to create, 0 to"));
      machines.forEach(machine -> machine.process().destroyForcibly());
    }
  }
}
