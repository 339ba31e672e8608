// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnet4j.posix.helper.HelperNamespaceTest.assertRefused;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.SandboxTest;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;

/** Tests programs that the helper starts, below java.lang.Process. */
public final class ExecTest extends SandboxTest {
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

  @Test
  void a_program_sees_three_descriptors_and_nothing_of_ours() {
    // ls itself has the directory open, as 3.
    assertThat(output(helper, StackRef.own(), "ls", "/proc/self/fd").split("\n"))
        .containsExactly("0", "1", "2", "3");
  }

  @Test
  void a_program_has_default_signals_and_an_empty_mask() {
    String status = output(helper, StackRef.own(), "cat", "/proc/self/status");
    assertThat(status)
        .contains("SigBlk:\t0000000000000000")
        .contains("SigIgn:\t0000000000000000")
        .contains("SigCgt:\t0000000000000000");
  }

  @Test
  void a_program_is_leader_of_a_session_without_terminal() {
    String[] stat = output(helper, StackRef.own(), "cat", "/proc/self/stat").split(" ");
    assertThat(stat[5]).as("session").isEqualTo(stat[0]);
    assertThat(stat[6]).as("terminal").isEqualTo("0");
  }

  @Test
  void a_program_gets_exactly_the_environment_given() {
    Helper.Command env =
        new Helper.Command(
            List.of("/usr/bin/env"), Map.of("A", "1", "EMPTY", ""), null, null, null);
    assertThat(output(helper, StackRef.own(), env).split("\n"))
        .containsExactlyInAnyOrder("A=1", "EMPTY=");
  }

  @Test
  void a_program_is_looked_up_in_the_path_of_its_environment(@TempDir Path directory)
      throws Exception {
    Files.createSymbolicLink(directory.resolve("vnet-echo"), Path.of("/bin/echo"));
    Helper.Command echo =
        new Helper.Command(
            List.of("vnet-echo", "found"),
            Map.of("PATH", "/nowhere:" + directory),
            null,
            null,
            null);
    assertThat(output(helper, StackRef.own(), echo)).isEqualTo("found\n");
    assertRefused(() -> start(helper, StackRef.own(), "vnet-echo"), "execve", "ENOENT");
  }

  @Test
  void a_program_runs_in_its_directory_and_under_its_hostname() {
    Helper.Command pwd = new Helper.Command(List.of("pwd"), PATH, "/usr", null, null);
    assertThat(output(helper, StackRef.own(), pwd)).isEqualTo("/usr\n");
    Helper.Command uname = new Helper.Command(List.of("uname", "-n"), PATH, null, null, "webjail");
    assertThat(output(helper, StackRef.own(), uname)).isEqualTo("webjail\n");
    assertThat(output(helper, StackRef.own(), "uname", "-n")).isNotEqualTo("webjail\n");
  }

  @Test
  void a_program_runs_as_another_user() {
    Assumptions.assumeTrue(root(), "changing the user needs root");
    Helper.Command id = new Helper.Command(List.of("id"), PATH, null, Users.find("nobody"), null);
    assertThat(output(helper, StackRef.own(), id))
        .startsWith("uid=65534(nobody)")
        .doesNotContain("root");
  }

  @Test
  void what_cannot_start_names_the_step_that_failed(@TempDir Path directory) throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "no program");
    assertRefused(() -> start(helper, StackRef.own(), "no-such-program"), "execve", "ENOENT");
    assertRefused(() -> start(helper, StackRef.own(), text.toString()), "execve", "EACCES");
    assertThat(text.toFile().setExecutable(true)).isTrue();
    assertRefused(() -> start(helper, StackRef.own(), text.toString()), "execve", "ENOEXEC");
    assertRefused(() -> start(helper, StackRef.own(), ""), "execve", "ENOENT");
    assertRefused(() -> start(helper, StackRef.own(), in("/no/such/directory")), "chdir", "ENOENT");
    assertRefused(() -> start(helper, StackRef.own(), in(text.toString())), "chdir", "ENOTDIR");
    assertRefused(() -> Users.find("no-such-user"), "getpwnam", "ENOENT");
    assertRefused(
        () ->
            start(
                helper,
                StackRef.own(),
                new Helper.Command(List.of("true"), PATH, null, null, "h".repeat(65))),
        "sethostname",
        "EINVAL");
  }

  @Test
  void the_status_is_that_of_wait() {
    assertThat(run("exit 0")).isZero();
    assertThat(run("exit 7")).isEqualTo(7 << 8);
    assertThat(run("kill -TERM $$")).isEqualTo(Abi.SIGTERM);
  }

  @Test
  void a_signal_reaches_only_children_that_live() {
    try (Running sleep = start(helper, StackRef.own(), "sleep", "1000")) {
      assertThat(helper.kill(sleep.pid(), Abi.SIGTERM)).isTrue();
      assertThat(sleep.status()).isEqualTo(Abi.SIGTERM);
      assertThat(helper.kill(sleep.pid(), Abi.SIGTERM)).isFalse();
      assertThat(helper.kill((int) ProcessHandle.current().pid(), Abi.SIGTERM)).isFalse();
      assertThat(helper.kill(-1, Abi.SIGKILL)).isFalse();
      assertThat(helper.kill(0, Abi.SIGKILL)).isFalse();
    }
  }

  /** Otherwise a removal of the stack at this moment would not find it. */
  @Test
  void a_program_is_in_its_stack_as_soon_as_the_helper_answers() throws Exception {
    List<String> seen = new ArrayList<>();
    try (Fd namespace = helper.createNamespace("", false)) {
      String expected = namespace.use(fd -> link("/proc/self/fd/" + fd));
      for (int i = 0; i < 50; i++) {
        Consumer<Helper.Started> look =
            started -> seen.add(link("/proc/" + started.pid() + "/ns/net"));
        start(helper, StackRef.namespace(namespace), command("sleep", "1000"), look).close();
      }
      assertThat(seen).hasSize(50).containsOnly(expected);
    }
  }

  private static String link(String path) {
    try {
      return Files.readSymbolicLink(Path.of(path)).toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void closing_the_helper_ends_programs_and_what_they_started_in_other_sessions() {
    String script = "setsid sleep 1000 & echo $!; wait";
    Running shell = start(helper, StackRef.own(), command("sh", "-c", script));
    String grandchild = shell.line();
    assertThat(ProcessHandle.of(Long.parseLong(grandchild))).isPresent();
    helper.close();
    assertThat(ProcessHandle.of(Long.parseLong(grandchild))).isEmpty();
    assertThat(shell.status()).isEqualTo(Abi.SIGKILL);
    shell.close();
  }

  private int run(String script) {
    try (Running running = start(helper, StackRef.own(), "sh", "-c", script)) {
      return running.status();
    }
  }

  private static Helper.Command in(String directory) {
    return new Helper.Command(List.of("true"), PATH, directory, null, null);
  }

  static Helper.Command command(String... argv) {
    return new Helper.Command(List.of(argv), PATH, null, null, null);
  }

  public static Running start(Helper helper, StackRef stack, String... argv) {
    return start(helper, stack, command(argv));
  }

  /** Starts a program that writes its output and its errors to one pipe. */
  public static Running start(Helper helper, StackRef stack, Helper.Command command) {
    return start(helper, stack, command, started -> {});
  }

  private static Running start(
      Helper helper, StackRef stack, Helper.Command command, Consumer<Helper.Started> meanwhile) {
    Memory pair = Memory.allocate(8);
    Memory devNull = Memory.of("/dev/null");
    assertThat(Native.libc().pipe2(pair.address(), Abi.here().io.oCloexec())).isZero();
    Fd out = Fd.owning(pair.bytes().getInt(0));
    try (Fd end = Fd.owning(pair.bytes().getInt(4));
        Fd in = Fd.owning(Native.libc().open(devNull.address(), Abi.here().io.oCloexec(), 0))) {
      return new Running(helper.exec(stack, command, List.of(in, end, end), meanwhile), out);
    } catch (RuntimeException e) {
      out.close();
      throw e;
    }
  }

  public static String output(Helper helper, StackRef stack, String... argv) {
    return output(helper, stack, command(argv));
  }

  public static String output(Helper helper, StackRef stack, Helper.Command command) {
    try (Running running = start(helper, stack, command)) {
      String text = running.rest();
      assertThat(running.status()).as(text).isZero();
      return text;
    }
  }

  /** A program and the pipe to which it writes. */
  public record Running(Helper.Started started, Fd out) implements AutoCloseable {
    public int pid() {
      return started.pid();
    }

    public int status() {
      Memory status = Memory.allocate(4);
      long n = started.status().use(fd -> Native.libc().read(fd, status.address(), 4));
      assertThat(n).isEqualTo(4);
      return status.bytes().getInt(0);
    }

    String line() {
      return read(true);
    }

    String rest() {
      return read(false);
    }

    private String read(boolean line) {
      Memory one = Memory.allocate(1);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      while (out.use(fd -> Native.libc().read(fd, one.address(), 1)) == 1) {
        if (line && one.bytes().get(0) == '\n') {
          break;
        }
        text.write(one.bytes().get(0));
      }
      return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      out.close();
      started.status().close();
    }
  }
}
