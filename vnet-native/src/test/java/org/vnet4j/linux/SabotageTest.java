// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.vnet4j.Exec;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;

/**
 * Tests that no ordinary user, no program in a jail and no signal stops the library or outlives it.
 * Each scene runs on a machine of its own and prints what it saw.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the stacks of this test are Linux namespaces")
@Timeout(240)
final class SabotageTest {
  @TempDir(factory = ForEverybody.class)
  Path directory;

  /** Makes a directory that other users can reach. */
  static final class ForEverybody implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext test, ExtensionContext extension)
        throws IOException {
      Path directory = Files.createTempDirectory(Path.of("/tmp"), "vnet4j-test");
      return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private List<String> play(Class<?> scene, String... arguments) throws Exception {
    return Jvm.linesOf(Jvm.startAlone(scene, arguments));
  }

  /** Compiles a program of src/test/c. */
  private String program(String name) throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    Path program = directory.resolve(name);
    Path source = Path.of("src", "test", "c", name + ".c").toAbsolutePath();
    Process cc =
        new ProcessBuilder("cc", "-o", program.toString(), source.toString(), "-lpthread")
            .inheritIO()
            .start();
    assertThat(cc.waitFor()).isZero();
    return program.toString();
  }

  /** Returns the state of a process in /proc, or "gone". */
  private static String state(long pid) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    } catch (IOException e) {
      return "gone";
    }
  }

  /** Returns the helpers and their keepers. */
  private static List<Long> helpers() {
    return ProcessHandle.allProcesses()
        .filter(one -> one.info().command().orElse("").contains("vnet-helper"))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static void signal(String signal, List<Long> pids) throws Exception {
    for (long pid : pids) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start().waitFor();
    }
  }

  @Test
  void a_lock_that_anybody_may_take_stops_nobody() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(play(LockScene.class)).containsExactly("locked", "created", "removed", "locked");
  }

  /** An ordinary user holds the lock of ip-netns(8). */
  static final class LockScene {
    private LockScene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.open()) {
        Jail first = vnet.host().jail("first").create();
        String[] lock = {"flock", "-x", "/run/netns", "-c", "echo locked; exec sleep 1000"};
        Process other = ordinary(lock);
        System.out.println(other.inputReader().readLine());
        vnet.host().jail("second").create();
        System.out.println("created");
        first.remove();
        System.out.println("removed");
        System.out.println(other.isAlive() ? "locked" : "not locked");
        other.destroyForcibly();
      }
    }

    private static Process ordinary(String... command) throws IOException {
      String[] user = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
      return new ProcessBuilder(Stream.of(user, command).flatMap(Stream::of).toList()).start();
    }
  }

  @Test
  void a_program_that_does_not_start_holds_up_nobody() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "needs FUSE, for a file system that hangs");
    String hung = program("hung");
    Path mountPoint = Files.createDirectory(directory.resolve("mount"));
    assertThat(play(HungScene.class, hung, mountPoint.toString()))
        .containsExactly(
            "others: 20", "ETIMEDOUT", "InterruptException", "the other jail's program runs");
  }

  /** The directory of a program does not answer. */
  static final class HungScene {
    private HungScene() {}

    public static void main(String[] args) throws Exception {
      System.setProperty("org.vnet4j.helper.patience", "3");
      Process server = new ProcessBuilder(args).start();
      if (!"ready".equals(server.inputReader().readLine())) {
        throw new IllegalStateException("FUSE refuses: " + server.waitFor());
      }
      try (Vnet vnet = Vnet.open()) {
        Jail jail = vnet.host().jail("web").create();
        Process other = vnet.host().jail("other").create().exec("sleep", "1000").start();
        Exec exec = jail.exec("true").directory(Path.of(args[1]));
        CompletableFuture<Process> slow = CompletableFuture.supplyAsync(exec::start);
        int ran = 0;
        while (ran < 20 && !slow.isDone()) {
          ran += jail.exec("true").run(Duration.ofSeconds(10)).status() == 0 ? 1 : 0;
        }
        System.out.println("others: " + ran);
        try {
          slow.get();
        } catch (ExecutionException e) {
          Exec.StartException refused = (Exec.StartException) e.getCause();
          System.out.println(refused.kernelError().orElseThrow().name());
        }
        Thread.currentThread().interrupt();
        try {
          exec.start();
        } catch (Vnet.InterruptException e) {
          System.out.println(e.getClass().getSimpleName());
        }
        Thread.interrupted();
        System.out.println("the other jail's program " + (other.isAlive() ? "runs" : "died"));
      } finally {
        server.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void another_user_gets_no_privileges_and_no_keys() throws Exception {
    String keyring = program("keyring");
    assertThat(Jvm.linesOf(new ProcessBuilder(keyring, keyring).start()))
        .containsExactly("the key");
    String capabilities =
        "+net_admin,+sys_admin,+setuid,+setgid,+dac_override,+dac_read_search,+net_raw,+mknod,+fowner";
    List<String> privileged =
        List.of(
            keyring,
            "/usr/bin/setpriv",
            "--reuid=65533",
            "--regid=65533",
            "--clear-groups",
            "--inh-caps=" + capabilities,
            "--ambient-caps=" + capabilities);
    Process alone = Jvm.startAlone(privileged, UserScene.class, keyring);
    assertThat(Jvm.linesOf(alone))
        .containsExactly(
            "CapInh:\t0000000000000000",
            "CapPrm:\t0000000000000000",
            "CapEff:\t0000000000000000",
            "CapAmb:\t0000000000000000",
            "no key",
            "groups 65534");
  }

  /** A JVM with ambient capabilities and a key starts a program as another user. */
  static final class UserScene {
    private UserScene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.open()) {
        Jail jail = vnet.host().jail("web").create();
        Duration patience = Duration.ofSeconds(10);
        String status = jail.exec("cat", "/proc/self/status").user("nobody").run(patience).out();
        status
            .lines()
            .filter(line -> line.matches("Cap(Inh|Prm|Eff|Amb).*"))
            .forEach(System.out::println);
        System.out.print(
            jail.exec(args[0]).user("nobody").directory(Path.of("/")).run(patience).out());
        System.out.print("groups " + jail.exec("id", "-G").user("nobody").run(patience).out());
      }
    }
  }

  @Test
  void what_a_killed_helper_leaves_is_killed() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    Path setuid = Files.copy(Path.of("/bin/sleep"), directory.resolve("susleep"));
    new ProcessBuilder("chmod", "4755", setuid.toString()).start().waitFor();
    assertThat(play(OrphanScene.class, setuid.toString()))
        .containsExactly("grandchild gone", "setuid gone");
  }

  /** The helper is killed alone. */
  static final class OrphanScene {
    private OrphanScene() {}

    public static void main(String[] args) throws Exception {
      Vnet vnet = Vnet.open();
      Process shell = vnet.host().exec("sh", "-c", "setsid sleep 1000 & echo $!; wait").start();
      long grandchild = Long.parseLong(shell.inputReader().readLine());
      long setuid = vnet.host().exec(args[0], "1000").user("nobody").start().pid();
      List<Long> helpers = helpers();
      signal("KILL", List.of(helpers.stream().max(Long::compare).orElseThrow()));
      Await.until(
          "both are killed",
          () -> state(grandchild).equals("gone") && state(setuid).equals("gone"));
      System.out.println("grandchild " + state(grandchild));
      System.out.println("setuid " + state(setuid));
      vnet.close();
    }
  }

  @Test
  void a_process_that_cannot_end_before_its_tracer_is_removed_with_it() throws Exception {
    assertThat(play(TracedScene.class, program("traced")))
        .containsExactly("traced gone", "tracer gone", "host: traced gone", "host: tracer gone");
  }

  /** A jail and the host hold a process of another user that its child traces. */
  static final class TracedScene {
    private TracedScene() {}

    public static void main(String[] args) throws Exception {
      Process traced;
      long tracer;
      try (Vnet vnet = Vnet.open()) {
        Jail jail = vnet.host().jail("web").create();
        traced = jail.exec(args[0]).user("nobody").start();
        tracer = Long.parseLong(traced.inputReader().readLine());
        jail.remove();
        ended("", traced.pid(), tracer);
        traced = vnet.host().exec(args[0]).user("nobody").start();
        tracer = Long.parseLong(traced.inputReader().readLine());
      }
      ended("host: ", traced.pid(), tracer);
    }

    private static void ended(String where, long traced, long tracer) {
      Await.until("the tracer is gone", () -> state(tracer).equals("gone"));
      Await.until("the traced is gone", () -> state(traced).equals("gone"));
      System.out.println(where + "traced gone");
      System.out.println(where + "tracer gone");
    }
  }

  @Test
  void a_jail_whose_process_somebody_outside_holds_back_from_its_end_is_removed() throws Exception {
    assertThat(play(HeldBackScene.class, program("traced")))
        .containsExactly("jails []", "/run/netns/web false", "held t", "then gone");
  }

  /** A process of the machine traces one of a jail. */
  static final class HeldBackScene {
    private HeldBackScene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.open()) {
        Jail jail = vnet.host().jail("web").create();
        long held = jail.exec("sleep", "1000").user("nobody").start().pid();
        Process tracer = new ProcessBuilder(args[0], Long.toString(held)).start();
        tracer.inputReader().readLine();
        jail.remove();
        System.out.println("jails " + vnet.jls());
        System.out.println("/run/netns/web " + Files.exists(Path.of("/run/netns/web")));
        System.out.println("held " + state(held));
        tracer.destroyForcibly().waitFor();
        Await.until("it has ended", () -> state(held).equals("gone"));
        System.out.println("then " + state(held));
      }
    }
  }

  @Test
  void a_name_of_two_lines_hides_no_process_from_the_helper() throws Exception {
    assertThat(play(NewlineScene.class, program("newline"))).containsExactly("gone");
  }

  /** The host holds an orphan whose name has a newline. */
  static final class NewlineScene {
    private NewlineScene() {}

    public static void main(String[] args) throws Exception {
      long orphan;
      try (Vnet vnet = Vnet.open()) {
        Process parent = vnet.host().exec(args[0]).user("nobody").start();
        orphan = Long.parseLong(parent.inputReader().readLine());
        parent.waitFor();
      }
      System.out.println(state(orphan));
    }
  }

  @Test
  void a_stopped_helper_does_not_outlive_its_program() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(play(StoppedScene.class)).containsExactly("jail web: true", "jail web: false");
  }

  /** The helper is stopped, then its program is killed. */
  static final class StoppedScene {
    private StoppedScene() {}

    public static void main(String[] args) throws Exception {
      if (args.length > 0) {
        Vnet vnet = Vnet.open();
        vnet.host().jail("web").create();
        System.out.println("ready");
        Thread.sleep(60_000);
      }
      Process victim = Jvm.start(StoppedScene.class, "victim");
      victim.inputReader().readLine();
      Path name = Path.of("/run/netns/web");
      System.out.println("jail web: " + Files.exists(name));
      signal("STOP", helpers());
      signal("CONT", List.of(helpers().stream().min(Long::compare).orElseThrow()));
      victim.destroyForcibly().waitFor();
      Await.until("the jail is removed", () -> !Files.exists(name));
      System.out.println("jail web: " + Files.exists(name));
    }
  }

  @Test
  void a_removal_kills_a_process_without_its_first_thread_and_leaves_a_visitor() throws Exception {
    assertThat(play(ThreadScene.class, program("leaderless"), program("visitor")))
        .containsExactly("leaderless gone", "visitor S");
  }

  /** A jail holds a process whose first thread ended, and a thread of another process. */
  static final class ThreadScene {
    private ThreadScene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.open()) {
        Jail jail = vnet.host().jail("web").create();
        long leaderless = jail.exec(args[0]).start().pid();
        Await.until("the first thread has ended", () -> state(leaderless).equals("Z"));
        Process visitor = new ProcessBuilder(args[1], "/run/netns/web").start();
        visitor.inputReader().readLine();
        jail.remove();
        System.out.println("leaderless " + state(leaderless));
        System.out.println("visitor " + state(visitor.pid()));
        visitor.destroyForcibly();
      }
    }
  }

  @Test
  void a_removal_reports_who_keeps_the_stack() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve("vnet-helper"));
    assertThat(play(HeldScene.class, program.toString()))
        .containsExactly(
            "jail held was removed; its empty stack exists until these programs close it: [PID"
                + " (vnet-helper) of nobody]");
  }

  /**
   * Removes two jails. A program of another user, which has the name of the helper, has one of them
   * open, and so has a program with a Vnet of its own.
   */
  static final class HeldScene {
    private HeldScene() {}

    public static void main(String[] args) throws Exception {
      if (args.length > 1) {
        Vnet vnet = Vnet.open();
        vnet.findJail("held").orElseThrow().ifconfig();
        System.out.println("ready");
        System.in.read(); // ends with its parent
      }
      try (Vnet vnet = Vnet.open()) {
        Jail held = vnet.host().jail("held").create();
        Jail free = vnet.host().jail("free").create();
        Process holder =
            vnet.host()
                .exec("sh", "-c", "exec 5</run/netns/held; echo ready; exec " + args[0] + " 1000")
                .user("nobody")
                .start();
        holder.inputReader().readLine();
        Await.until("it is that program", () -> comm(holder.pid()).equals("vnet-helper"));
        Process other = Jvm.start(HeldScene.class, args[0], "watcher");
        other.inputReader().readLine();
        PrintStream log = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setErr(new PrintStream(logged, true));
        free.remove();
        held.remove();
        System.setErr(log);
        holder.destroyForcibly();
        other.destroyForcibly();
        logged
            .toString()
            .lines()
            .map(line -> line.replaceFirst(".* - ", "").replace("" + holder.pid(), "PID"))
            .forEach(System.out::println);
      }
    }

    private static String comm(long pid) {
      try {
        return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
      } catch (IOException e) {
        return e.toString();
      }
    }
  }

  @Test
  void a_namespace_of_somebody_else_that_took_the_name_of_a_jail_is_left_alone() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(play(NameScene.class))
        .containsExactly(
            "jails []",
            "sweep [record web on host, left by vnet4j]",
            "its program S",
            "a network namespace that is no jail has that name",
            "is a leftover without a namespace");
  }

  /** A program with a jail is killed; somebody else makes a namespace of that name. */
  static final class NameScene {
    private NameScene() {}

    public static void main(String[] args) throws Exception {
      if (args.length > 0) {
        Vnet vnet = Vnet.open();
        vnet.host().jail("web").create();
        System.out.println("ready");
        Thread.sleep(60_000);
      }
      Process victim = Jvm.start(NameScene.class, "victim");
      victim.inputReader().readLine();
      victim.destroyForcibly().waitFor();
      Await.until("the helper has ended", () -> helpers().isEmpty());
      new ProcessBuilder("ip", "netns", "add", "web").inheritIO().start().waitFor();
      Process other =
          new ProcessBuilder(
                  "ip", "netns", "exec", "web", "sh", "-c", "echo ready; exec sleep 1000")
              .start();
      other.inputReader().readLine();
      Files.createFile(Path.of("/run/netns/file"));
      try (Vnet vnet = Vnet.open()) {
        System.out.println("jails " + vnet.jails());
        System.out.println(
            "sweep " + vnet.sweep().run().removed().toString().replaceAll(" \\(.*\\)", ""));
        System.out.println("its program " + state(other.pid()));
        for (String name : List.of("web", "file")) {
          try {
            vnet.host().jail(name).create();
          } catch (Jail.NameTakenException e) {
            System.out.println(
                e.getMessage().replaceAll(".*(a network|is a leftover)(.*?);.*", "$1$2"));
          }
        }
      } finally {
        other.destroyForcibly();
      }
    }
  }

  @Test
  void a_program_that_watches_jails_of_others_keeps_nothing_of_them() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(play(WatchScene.class)).containsExactly("kept: 0");
  }

  /** One Vnet looks at the jails of another, which come and are removed. */
  static final class WatchScene {
    private WatchScene() {}

    public static void main(String[] args) throws Exception {
      try (Vnet watcher = Vnet.open();
          Vnet maker = Vnet.open()) {
        look(watcher, maker.host().jail("first").create());
        int before = descriptors();
        for (int i = 0; i < 10; i++) {
          look(watcher, maker.host().jail("j" + i).create());
        }
        watcher.jails();
        System.out.println("kept: " + (descriptors() - before));
      }
    }

    private static void look(Vnet watcher, Jail jail) {
      watcher.jails().forEach(Jail::ifconfig);
      jail.remove();
      watcher.jails();
    }

    private static int descriptors() {
      return Path.of("/proc/self/fd").toFile().list().length;
    }
  }

  @Test
  void a_close_beside_creations_leaves_no_jail_and_no_record() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(play(CloseScene.class)).containsExactly("errors []", "left []");
  }

  /** Closes a Vnet while another thread creates jails with it. */
  static final class CloseScene {
    private CloseScene() {}

    public static void main(String[] args) throws Exception {
      Set<String> errors = new TreeSet<>();
      for (int round = 0; round < 20; round++) {
        Vnet vnet = Vnet.open();
        CountDownLatch begun = new CountDownLatch(1 + round % 3);
        CompletableFuture<String> creator =
            CompletableFuture.supplyAsync(() -> create(vnet, begun));
        begun.await();
        vnet.close();
        errors.add(creator.get());
      }
      errors.remove("ClosedException");
      System.out.println("errors " + errors);
      Set<String> left = new TreeSet<>(List.of(Path.of("/run/vnet4j").toFile().list()));
      left.addAll(List.of(Path.of("/run/netns").toFile().list()));
      left.removeAll(Set.of("lock", "last-jid", "helper.lock"));
      System.out.println("left " + left);
    }

    private static String create(Vnet vnet, CountDownLatch begun) {
      for (int i = 0; ; i++) {
        try {
          vnet.host().jail("j" + i).create();
        } catch (VnetException e) {
          return e instanceof Vnet.ClosedException ? "ClosedException" : e.toString();
        }
        begun.countDown();
      }
    }
  }

  @Test
  void a_lent_interface_comes_home_when_the_program_ends_without_closing_anything()
      throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    for (String end : List.of("kill", "exit")) {
      assertThat(play(LentScene.class, end))
          .as(end)
          .containsExactly("lent [lo, u1]", "home [lo, u0, u1] with the alias \"uplink\"");
    }
  }

  /** A program lends one end of a cable that it did not make, and is killed or ends by itself. */
  static final class LentScene {
    private LentScene() {}

    public static void main(String[] args) throws Exception {
      if (args.length > 1) {
        Vnet vnet = Vnet.open();
        vnet.host().jail("web").vnet(vnet.host().iface("u0")).create();
        System.out.println("ready");
        System.in.read();
        System.exit(0);
      }
      run("ip", "link", "add", "u0", "type", "veth", "peer", "name", "u1");
      run("ip", "link", "set", "u0", "alias", "uplink");
      Process victim = Jvm.start(LentScene.class, "the", "victim");
      victim.inputReader().readLine();
      System.out.println("lent " + names());
      if (args[0].equals("kill")) {
        victim.destroyForcibly();
      } else {
        victim.getOutputStream().close();
      }
      victim.waitFor();
      Await.until("the helper has ended", () -> helpers().isEmpty());
      Path alias = Path.of("/sys/class/net/u0/ifalias");
      try (Vnet vnet = Vnet.open()) {
        String text = vnet.host().exec("cat", alias.toString()).run(Duration.ofSeconds(10)).out();
        System.out.println("home " + names() + " with the alias \"" + text.strip() + '"');
      }
    }

    private static void run(String... command) throws Exception {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException(List.of(command).toString());
      }
    }

    private static List<String> names() {
      try (Vnet vnet = Vnet.open()) {
        return vnet.host().ifconfig().stream().map(InterfaceInfo::name).sorted().toList();
      }
    }
  }
}
