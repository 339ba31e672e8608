// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.linux.registry.DirectoryRegistry;
import org.vnet4j.spi.JailSpec;

/**
 * Tests what a program in a jail sees and what it cannot reach. The threat model in SECURITY.md
 * names these tests.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks with /proc")
@Timeout(240)
class ConfinementTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");

  private Set<Long> before;
  private Vnet vnet;
  private Jail jail;

  @BeforeEach
  void open() {
    before = Jvm.helpers();
    vnet = Machine.sandbox();
    jail = vnet.host().jail("web").create();
  }

  @AfterEach
  void close() {
    if (vnet != null) {
      vnet.close();
    }
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static Map<String, String> status(Stream<String> lines) {
    Map<String, String> status = new LinkedHashMap<>();
    lines.map(line -> line.split(":", 2)).forEach(pair -> status.put(pair[0], pair[1].strip()));
    return status;
  }

  private Map<String, String> status(String user) {
    var exec = jail.exec("cat", "/proc/self/status");
    return status((user == null ? exec : exec.user(user)).run(PATIENCE).out().lines());
  }

  @Test
  void a_program_sees_no_descriptor_but_its_own_three_though_the_jvm_has_others(
      @TempDir Path directory) throws Exception {
    // Without close-on-exec, as careless code in the same JVM might open them.
    List<Integer> careless = org.vnet4j.posix.libc.DescriptorLeaker.open(directory.toString(), 20);
    try (Vnet second = Vnet.sandbox()) {
      assertThat(second.host().exec("ls", "/proc/self/fd").run(PATIENCE).out().lines())
          .containsExactly("0", "1", "2", "3"); // 3 is the directory that ls reads
    } finally {
      org.vnet4j.posix.libc.DescriptorLeaker.close(careless);
    }
  }

  @Test
  void a_program_starts_in_the_root_with_path_alone_in_a_session_of_its_own() {
    String script = "pwd; env; ps=$(cat /proc/$$/stat); echo \"$ps\"";
    List<String> out = jail.exec("/bin/sh", "-c", script).run(PATIENCE).out().lines().toList();
    assertThat(out.get(0)).isEqualTo("/");
    assertThat(out.subList(1, out.size() - 1))
        .allMatch(
            line ->
                line.startsWith("PATH=")
                    || line.startsWith("PWD=")
                    || line.equals("_=/usr/bin/env"));
    String[] stat = out.get(out.size() - 1).split(" ");
    assertThat(stat[4]).as("process group").isEqualTo(stat[0]);
    assertThat(stat[5]).as("session").isEqualTo(stat[0]);
    assertThat(stat[6]).as("terminal").isEqualTo("0");
  }

  @Test
  void signals_umask_and_scores_are_those_of_a_fresh_program_of_this_user() throws IOException {
    Map<String, String> here = status(Files.lines(Path.of("/proc/self/status")));
    Map<String, String> there = status((String) null);
    for (String set :
        List.of("SigBlk", "SigIgn", "SigCgt", "SigPnd", "ShdPnd", "CapInh", "CapAmb")) {
      assertThat(there.get(set)).as(set).isEqualTo("0000000000000000");
    }
    assertThat(there.get("Umask")).isEqualTo(here.get("Umask"));
    assertThat(there.get("NoNewPrivs")).isEqualTo(here.get("NoNewPrivs"));
    assertThat(there.get("TracerPid")).isEqualTo("0");
    assertThat(jail.exec("cat", "/proc/self/oom_score_adj").run(PATIENCE).out())
        .isEqualTo(Files.readString(Path.of("/proc/self/oom_score_adj")));
  }

  @Test
  void a_program_of_another_user_has_its_groups_and_no_capability() {
    assumeTrue(root(), "changing the user needs root");
    Map<String, String> there = status("nobody");
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
      assertThat(there.get(set)).as(set).isEqualTo("0000000000000000");
    }
    assertThat(there.get("Uid").split("\\s+")).containsOnly("65534");
    assertThat(there.get("Gid").split("\\s+")).containsOnly("65534");
    assertThat(there.get("Groups").split("\\s+")).containsOnly("65534");
  }

  @Test
  void another_user_reaches_neither_the_helper_nor_its_socket() {
    assumeTrue(root(), "being another user needs root");
    for (long pid : List.of(Jvm.newHelper(before), ProcessHandle.current().pid())) {
      String proc = "/proc/" + pid;
      String script =
          "ls %1$s/fd && echo fd; cat %1$s/fd/3 && echo read; cat %1$s/environ && echo environ;"
              + " readlink %1$s/ns/net && echo ns; kill -0 %2$d && echo kill; cat %1$s/mem && echo mem";
      var result = jail.exec("sh", "-c", script.formatted(proc, pid)).user("nobody").run(PATIENCE);
      assertThat(result.out()).as(result.err()).isEmpty();
      assertThat(result.err()).contains("ermission denied", "not permitted");
    }
    // A socketpair has no name to which another program could connect.
    assertThat(jail.exec("cat", "/proc/net/unix").run(PATIENCE).out()).doesNotContain("vnet");
  }

  @Test
  void nothing_of_ours_is_writable_for_others() throws IOException {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root on the machine's own network");
    String name = "c" + ProcessHandle.current().pid();
    try (Vnet open = Vnet.open();
        Jail made = open.host().jail(name).create()) {
      assertThat(Files.getPosixFilePermissions(Path.of("/run/vnet4j")))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      List<Path> ours =
          new ArrayList<>(List.of(Path.of("/run/netns"), Path.of("/run/netns", name)));
      try (Stream<Path> files = Files.walk(Path.of("/run/vnet4j"))) {
        files.forEach(ours::add);
      }
      for (Path path : ours) {
        assertThat(Files.getPosixFilePermissions(path))
            .as(path.toString())
            .doesNotContain(PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);
      }
      assertThat(made.exists()).isTrue();
    }
  }

  @Test
  void what_is_set_in_a_jail_by_us_or_by_its_root_changes_neither_host_nor_machine()
      throws IOException {
    String machine = Files.readString(FORWARD);
    boolean host = vnet.host().forwarding();
    for (boolean on : new boolean[] {true, false}) {
      jail.forwarding(on);
      assertThat(jail.forwarding()).isEqualTo(on);
      assertThat(vnet.host().forwarding()).isEqualTo(host);
      assertThat(Files.readString(FORWARD)).isEqualTo(machine);
      jail.exec("sh", "-c", "echo " + (on ? 0 : 1) + " > " + FORWARD).run(PATIENCE);
      assertThat(jail.forwarding()).isEqualTo(!on);
      assertThat(vnet.host().forwarding()).isEqualTo(host);
      assertThat(Files.readString(FORWARD)).isEqualTo(machine);
    }
    jail.iface("lo").up().inet("192.0.2.1/32");
    assertThat(vnet.host().iface("lo").addresses()).noneMatch(a -> a.toString().startsWith("192"));
  }

  @Test
  void a_hostname_and_a_mount_made_in_a_jail_stay_in_that_program() throws IOException {
    String before = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    jail.exec("sh", "-c", "echo hacked > /proc/sys/kernel/hostname; mount -t tmpfs none /mnt")
        .run(PATIENCE);
    assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(before);
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(" /mnt tmpfs");
    assertThat(vnet.host().exec("cat", "/proc/mounts").run(PATIENCE).out())
        .doesNotContain(" /mnt tmpfs");
  }

  @Test
  void no_name_climbs_out_of_the_registry(@TempDir Path directory) throws IOException {
    Path registry = directory.resolve("registry");
    DirectoryRegistry names = new DirectoryRegistry(registry, directory.resolve("netns"));
    for (String name : List.of("../x", "..", "a/b", "/etc/passwd", "a.", "a\0b", "a\n")) {
      assertThatThrownBy(() -> vnet.host().jail(name).create())
          .isInstanceOf(IllegalArgumentException.class);
      JailSpec spec = new JailSpec(name, 0, true, 0, null, Map.of());
      assertThatThrownBy(() -> names.enter(spec, "test", made -> 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
          .isSubsetOf("lock", "last-jid");
    }
  }
}
