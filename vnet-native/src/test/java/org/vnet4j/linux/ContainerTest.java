// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;

/** Tests what containers do to a program: a read-only /proc/sys, root without capabilities. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the stacks of this test are Linux namespaces")
@Timeout(240)
final class ContainerTest {
  @Test
  void settings_are_written_where_proc_sys_is_read_only_and_stay_so_for_programs()
      throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    String script = "mount --bind /proc/sys /proc/sys; mount -o remount,ro,bind /proc/sys; ";
    List<String> readOnly = List.of("sh", "-c", script + "exec \"$@\"", "sh");
    assertThat(Jvm.linesOf(Jvm.startAlone(readOnly, ReadOnlyScene.class)))
        .containsExactly("forwarding true", "keeps addresses 1", "a program writes: false");
  }

  /** Sets a jail to forward packets. */
  static final class ReadOnlyScene {
    private ReadOnlyScene() {}

    public static void main(String[] args) {
      try (Vnet vnet = Vnet.sandbox()) {
        Jail jail = vnet.host().jail("router").create();
        jail.forwarding(true);
        System.out.println("forwarding " + jail.forwarding());
        String keep = "/proc/sys/net/ipv6/conf/all/keep_addr_on_down";
        Duration patience = Duration.ofSeconds(10);
        System.out.print("keeps addresses " + jail.exec("cat", keep).run(patience).out());
        String write = "echo 0 > /proc/sys/net/ipv4/ip_forward";
        int status = jail.exec("sh", "-c", write).run(patience).status();
        System.out.println("a program writes: " + (status == 0));
      }
    }
  }

  @Test
  void a_container_without_privileges_has_no_forwarding_and_says_how_to_get_it() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    String script = "mount --bind /proc/sys /proc/sys; mount -o remount,ro,bind /proc/sys; ";
    String weak = "exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin \"$@\"";
    assertThat(
            Jvm.linesOf(
                Jvm.startAlone(List.of("sh", "-c", script + weak, "sh"), RouterScene.class)))
        .singleElement()
        .asString()
        .startsWith("Linux ")
        .contains(" has no FORWARDING (")
        .endsWith("start that with --privileged, or with --security-opt systempaths=unconfined");
  }

  /** Makes a host, and asks for a router. */
  static final class RouterScene {
    private RouterScene() {}

    public static void main(String[] args) {
      try (Vnet vnet = Vnet.sandbox()) {
        Jail jail = vnet.host().jail("router").create();
        jail.forwarding(true);
      } catch (Vnet.UnsupportedException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void a_removal_kills_the_programs_of_other_users_that_it_may_not_look_at() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    List<String> weak = List.of("setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace");
    assertThat(Jvm.linesOf(Jvm.startAlone(weak, UnseenScene.class)))
        .containsExactly("child false", "program false", "of another jail true");
  }

  /** Removes a jail with a program of another user and its child. */
  static final class UnseenScene {
    private UnseenScene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.open()) {
        Jail jail = vnet.host().jail("web").create();
        Jail other = vnet.host().jail("other").create();
        Process kept = other.exec("sleep", "1000").user("nobody").start();
        String script = "sleep 1000 & echo $!; wait";
        Process program = jail.exec("sh", "-c", script).user("nobody").start();
        long child = Long.parseLong(program.inputReader().readLine());
        jail.remove();
        System.out.println("child " + ProcessHandle.of(child).isPresent());
        System.out.println("program " + !program.waitFor(10, TimeUnit.SECONDS));
        System.out.println("of another jail " + kept.isAlive());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sys_admin", "net_admin"})
  void root_without_a_capability_has_a_sandbox_in_a_user_namespace(String lacking)
      throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    List<String> weak = List.of("setpriv", "--bounding-set=-" + lacking, "--inh-caps=-" + lacking);
    assertThat(Jvm.linesOf(Jvm.startAlone(weak, SandboxScene.class))).containsExactly("[router]");
  }

  /** Opens a sandbox with a jail. */
  static final class SandboxScene {
    private SandboxScene() {}

    public static void main(String[] args) {
      try (Vnet vnet = Vnet.sandbox()) {
        vnet.host().jail("router").create();
        System.out.println(vnet.jls().stream().map(one -> one.name()).toList());
      }
    }
  }

  @Test
  void a_root_directory_without_devices_is_one_typed_error_that_says_what_it_needs()
      throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    List<String> bare = List.of("sh", "-c", "mount -t tmpfs none /dev; exec \"$@\"", "sh");
    assertThat(Jvm.linesOf(Jvm.startAlone(bare, BareScene.class)))
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("open /dev/null vnet-helper: ENOENT")
                    .endsWith("needs a mounted /proc, a /dev/null, and a directory /run"));
  }

  /** Opens the machine's stack and a sandbox, which are refused. */
  static final class BareScene {
    private BareScene() {}

    public static void main(String[] args) {
      for (Supplier<Vnet> how : List.<Supplier<Vnet>>of(Vnet::open, Vnet::sandbox)) {
        try {
          how.get().close();
        } catch (Vnet.UnsupportedException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  @Test
  void a_sandbox_keeps_no_file_system_that_the_machine_unmounts(@TempDir Path directory)
      throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    List<String> shared = List.of("sh", "-c", "mount --make-rshared /; exec \"$@\"", "sh");
    assertThat(Jvm.linesOf(Jvm.startAlone(shared, MountScene.class, directory.toString())))
        .containsExactly("mounted: true", "unmounted: true");
  }

  /** Mounts a file system, opens a sandbox, and unmounts the file system. */
  static final class MountScene {
    private MountScene() {}

    public static void main(String[] args) throws Exception {
      run("mount", "-t", "tmpfs", "none", args[0]);
      try (Vnet vnet = Vnet.sandbox()) {
        System.out.println("mounted: " + mounts(vnet).contains(args[0]));
        run("umount", args[0]);
        System.out.println("unmounted: " + !mounts(vnet).contains(args[0]));
      }
    }

    private static String mounts(Vnet vnet) {
      return vnet.host().exec("cat", "/proc/mounts").run(Duration.ofSeconds(10)).out();
    }

    private static void run(String... command) throws Exception {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException(List.of(command).toString());
      }
    }
  }

  @Test
  void a_program_in_a_jail_sees_its_control_groups() throws Exception {
    String[] groups = Path.of("/sys/fs/cgroup").toFile().list();
    assumeTrue(groups != null && groups.length > 0, "no control groups are mounted here");
    try (Vnet vnet = Machine.sandbox()) {
      Jail jail = vnet.host().jail("web").create();
      String out = jail.exec("ls", "-A", "/sys/fs/cgroup").run(Duration.ofSeconds(10)).out();
      assertThat(out.lines()).containsExactlyInAnyOrder(groups);
      assertThat(jail.exec("ls", "/sys/class/net").run(Duration.ofSeconds(10)).out())
          .isEqualTo("lo\n");
    }
    assertThat(Files.exists(Path.of("/sys/fs/cgroup"))).isTrue();
  }
}
