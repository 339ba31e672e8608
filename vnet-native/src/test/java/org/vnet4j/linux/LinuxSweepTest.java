// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Sweep;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Leftovers;
import org.vnet4j.contract.kit.Programs;

/**
 * Tests sweeps on the machine's own stacks, with names and an application that no other program
 * uses.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
@Timeout(240)
class LinuxSweepTest {
  private final String prefix = "w" + ProcessHandle.current().pid() + "x";
  private Set<String> before;

  @BeforeEach
  void look() {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root on the machine's own network");
    open().close();
    before = left();
  }

  @AfterEach
  void nothing_is_left() {
    if (before != null) {
      assertThat(left()).isEqualTo(before);
    }
  }

  private static Set<String> left() {
    Set<String> left = new TreeSet<>(Leftovers.now());
    left.removeIf(one -> one.startsWith("descriptor") || one.startsWith("process"));
    left.removeAll(
        Set.of(
            "/run/vnet4j/lock",
            "/run/vnet4j/last-jid",
            "/run/vnet4j/helper.lock")); // the registry itself
    return left;
  }

  private Vnet open() {
    return Vnet.builder().application(prefix).open();
  }

  private static List<String> names(List<Sweep.Leftover> leftovers) {
    return leftovers.stream().map(Sweep.Leftover::name).toList();
  }

  @Test
  void what_a_jvm_left_that_was_killed_with_its_helper_goes_and_what_lives_stays()
      throws Exception {
    Process jvm = Jvm.start(Builder.class, prefix);
    try (Vnet vnet = open();
        Epair mine = vnet.host().epair().names(prefix + "m", prefix + "n").create();
        Jail own = vnet.host().jail(prefix + "own").create()) {
      assertThat(jvm.inputReader().readLine()).isEqualTo("ready");
      assertThat(vnet.sweep().dryRun()).as("it lives").isEmpty();
      kill(jvm);

      List<String> found = names(vnet.sweep().dryRun());
      assertThat(found).startsWith(prefix + "outer.in", prefix + "outer");
      assertThat(found.subList(2, found.size()))
          .containsExactlyInAnyOrder(
              prefix + "a", prefix + "b", prefix + "br", prefix + "t", prefix + "c", prefix + "d");
      Sweep.Result result = vnet.sweep().run();

      assertThat(result.failed()).isEmpty();
      assertThat(names(result.removed())).containsExactlyInAnyOrderElementsOf(found);
      assertThat(own.exists() && mine.a().exists()).isTrue();
      assertThat(vnet.sweep().persistent().dryRun()).isEmpty();
    } finally {
      jvm.destroyForcibly();
    }
  }

  /** Kills a JVM and its helper at once, so that the helper has no time to clean up. */
  private static void kill(Process jvm) throws InterruptedException {
    List<ProcessHandle> all = new java.util.ArrayList<>(jvm.descendants().toList());
    all.add(jvm.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    jvm.waitFor();
  }

  /** Creates a jail in a jail, epairs and a bridge, prints a line, and waits to be killed. */
  static final class Builder {
    private Builder() {}

    public static void main(String[] args) throws Exception {
      Vnet vnet = Vnet.builder().application(args[0]).open();
      Epair cable = vnet.host().epair().names(args[0] + "a", args[0] + "b").create();
      Jail outer = vnet.host().jail(args[0] + "outer").childrenMax(1).vnet(cable.b()).create();
      outer.jail("in").create().exec("sleep", "1000").start();
      Bridge bridge = vnet.host().bridge().name(args[0] + "br").create();
      bridge.add(cable.a()).up();
      vnet.host().tap().name(args[0] + "t").create();
      vnet.host().epair().names(args[0] + "c", args[0] + "d").vnet(outer).create();
      System.out.println("ready");
      System.in.read(); // ends with its parent
    }
  }

  @Test
  void a_jail_that_was_half_made_or_is_of_another_boot_leaves_no_record() throws Exception {
    Path registry = Path.of("/run/vnet4j");
    try (Vnet vnet = open()) {
      vnet.host().jail(prefix + "own").create().remove();
      Path live = registry.resolve(prefix + "live.jail");
      vnet.host().jail(prefix + "live").create();
      String owner = Files.readAllLines(live).get(5).substring("owner=".length());
      String[] parts = owner.split("/");
      parts[4] = "0123abcd"; // another boot
      String other = String.join("/", parts);
      Files.write(
          registry.resolve(prefix + "old.jail"),
          List.of(
              "jid=900000",
              "name=" + prefix + "old",
              "persist=true",
              "childrenMax=0",
              "owner=" + other));
      Files.createFile(Path.of("/run/netns", prefix + "old"));

      assertThat(vnet.findJail(prefix + "old")).as("an empty file is no jail").isEmpty();
      Sweep.Result result = vnet.sweep().run();

      assertThat(names(result.removed())).containsExactly(prefix + "old");
      assertThat(result.removed().get(0).kind()).isEqualTo(Sweep.Kind.RECORD);
      assertThat(Path.of("/run/netns", prefix + "old")).doesNotExist();
      assertThat(live).exists();
      vnet.findJail(prefix + "live").orElseThrow().remove();
    }
  }

  @Test
  void what_has_no_mark_of_ours_is_never_touched() throws Exception {
    Programs.need("ip");
    String[] names = {prefix + "f", prefix + "g"};
    run("ip", "link", "add", names[0], "type", "veth", "peer", "name", names[1]);
    run("ip", "link", "set", names[0], "alias", "[vnet4j made home=0 by=" + prefix + "/1/2/3]");
    run("ip", "netns", "add", prefix);
    try (Vnet vnet = open()) {
      assertThat(vnet.sweep().everyApplication().persistent().dryRun())
          .noneMatch(one -> one.name().startsWith(prefix));
    } finally {
      run("ip", "netns", "delete", prefix);
      run("ip", "link", "delete", names[0]);
    }
  }

  @Test
  void an_interface_whose_maker_was_killed_before_it_could_mark_it_is_found() throws Exception {
    Programs.need("ip");
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    String group = Long.toString(0x5aL << 24 | ended.pid());
    run("ip", "link", "add", prefix + "u", "group", group, "type", "bridge");
    try (Vnet vnet = open()) {
      assertThat(names(vnet.sweep().run().removed())).containsExactly(prefix + "u");
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
