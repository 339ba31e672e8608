// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Exec;
import org.vnet4j.Jail;
import org.vnet4j.contract.kit.StackReporter;

/** Tests programs that run in a jail's stack. */
public abstract class ExecContract extends Contract {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Jail jail;

  @BeforeEach
  void a_jail_for_programs() {
    needsTraffic();
    jail = jail("web");
  }

  private Exec.Result run(String... command) {
    return jail.exec(command).run(PATIENCE);
  }

  @Test
  void a_program_reads_and_writes_streams() throws Exception {
    Process cat = jail.exec("cat").start();
    cat.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
    cat.getOutputStream().close();

    assertThat(cat.getInputStream().readAllBytes()).asString().isEqualTo("hello\n");
    assertThat(cat.waitFor()).isZero();
    cat.getInputStream().close();
    cat.getErrorStream().close();
  }

  @Test
  void output_and_error_output_come_apart() {
    assertThat(run("sh", "-c", "echo out; echo err >&2"))
        .isEqualTo(new Exec.Result(0, "out\n", "err\n"));
  }

  @Test
  void a_program_ends_with_a_status() {
    assertThat(run("true").status()).isZero();
    assertThat(run("sh", "-c", "exit 42").status()).isEqualTo(42);
  }

  @Test
  void a_program_ended_by_a_signal_says_which() {
    assertThat(run("sh", "-c", "kill -TERM $$").status()).isEqualTo(128 + 15);
    assertThat(run("sh", "-c", "kill -KILL $$").status()).isEqualTo(128 + 9);
  }

  @Test
  void a_program_can_be_ended() throws Exception {
    Process gently = jail.exec("sleep", "600").start();
    Process firmly = jail.exec("sleep", "600").start();
    assertThat(gently.isAlive()).isTrue();

    gently.destroy();
    firmly.destroyForcibly();

    assertThat(gently.waitFor()).isEqualTo(128 + 15);
    assertThat(firmly.waitFor()).isEqualTo(128 + 9);
    assertThat(gently.isAlive()).isFalse();
  }

  @Test
  void a_program_tells_its_number() throws Exception {
    Process shell = jail.exec("sh", "-c", "echo $$").start();

    assertThat(shell.getInputStream().readAllBytes()).asString().isEqualTo(shell.pid() + "\n");
    assertThat(shell.onExit().get().exitValue()).isZero();
  }

  @Test
  void arguments_arrive_as_they_are() {
    assertThat(run("printf", "[%s]", "$(x)", "a b", "", "`y`;", "*", "é").out())
        .isEqualTo("[$(x)][a b][][`y`;][*][é]");
  }

  @Test
  void much_output_is_read_to_its_end() {
    assertThat(run("head", "-c", "1000000", "/dev/zero").out()).hasSize(1_000_000);
  }

  @Test
  void the_environment_is_what_was_asked_for_and_the_path() {
    Exec.Result result = jail.exec("env").env("NAME", "a value").env("EMPTY", "").run(PATIENCE);

    assertThat(result.out().lines())
        .containsExactlyInAnyOrder("PATH=" + Exec.DEFAULT_PATH, "NAME=a value", "EMPTY=");
  }

  @Test
  void the_environment_of_this_program_is_inherited_on_request() {
    Exec.Result result = jail.exec("env").inheritEnv().run(PATIENCE);

    assertThat(result.out().lines()).contains("PATH=" + System.getenv("PATH"));
  }

  @Test
  void a_program_starts_in_the_root_or_in_its_directory(@TempDir Path directory)
      throws IOException {
    assertThat(run("pwd").out()).isEqualTo("/\n");
    assertThat(jail.exec("pwd").directory(directory).run(PATIENCE).out())
        .isEqualTo(directory.toRealPath() + "\n");
  }

  @Test
  void error_output_goes_where_output_goes_if_merged() {
    Exec.Result result = jail.exec("sh", "-c", "echo out; echo err >&2").mergeError().run(PATIENCE);

    assertThat(result).isEqualTo(new Exec.Result(0, "out\nerr\n", ""));
  }

  @Test
  void streams_go_to_files_and_come_from_files(@TempDir Path directory) throws Exception {
    Path in = Files.writeString(directory.resolve("in"), "from a file\n");
    Path out = directory.resolve("out");
    Path err = Files.writeString(directory.resolve("err"), "before\n");

    Process process =
        jail.exec("sh", "-c", "cat; echo oops >&2")
            .redirectInput(Redirect.from(in.toFile()))
            .redirectOutput(Redirect.to(out.toFile()))
            .redirectError(Redirect.appendTo(err.toFile()))
            .start();

    assertThat(process.waitFor()).isZero();
    assertThat(out).hasContent("from a file\n");
    assertThat(err).hasContent("before\noops\n");
    assertThat(process.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void a_program_has_no_descriptors_but_its_three_streams() {
    String probe =
        "for n in 3 4 5 6 7 8 9; do if { true <&$n; } 2>/dev/null; then echo $n; fi; done";

    assertThat(run("sh", "-c", probe).out()).isEmpty();
  }

  @Test
  void a_program_runs_as_another_user() {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may change users");

    assertThat(jail.exec("id", "-un").user("nobody").run(PATIENCE).out()).isEqualTo("nobody\n");
  }

  @Test
  void a_user_must_exist() {
    refused(
        Exec.StartException.class,
        () -> jail.exec("true").user("nosuchuser").start(),
        "nosuchuser");
  }

  @Test
  void a_program_must_exist() {
    refused(Exec.StartException.class, () -> jail.exec("nosuchprogram").start(), "nosuchprogram");
    refused(
        Exec.StartException.class, () -> jail.exec("/no/such/program").start(), "/no/such/program");
  }

  @Test
  void a_program_must_be_executable(@TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "no program\n");

    refused(Exec.StartException.class, () -> jail.exec(text.toString()).start(), text.toString());
  }

  @Test
  void a_directory_must_exist() {
    refused(
        Exec.StartException.class,
        () -> jail.exec("true").directory(Path.of("/no/such/directory")).start(),
        "/no/such/directory");
  }

  @Test
  void a_program_that_takes_too_long_is_killed() {
    assertThatThrownBy(() -> jail.exec("sleep", "600").run(Duration.ofMillis(200)))
        .isInstanceOf(Exec.TimeoutException.class)
        .hasMessageContaining("sleep")
        .hasMessageContaining("200 ms");
  }

  @Test
  void a_program_runs_without_a_limit_of_time() {
    assertThat(jail.exec("echo", "hello").run().out()).isEqualTo("hello\n");
    assertThat(jail.exec("true").run(Duration.ofSeconds(Long.MAX_VALUE)).status()).isZero();
  }

  @Test
  void success_may_be_insisted_on() {
    assertThat(jail.exec("echo", "hello").check().run().out()).isEqualTo("hello\n");

    Exec.StatusException failed =
        catchThrowableOfType(
            Exec.StatusException.class,
            () -> jail.exec("sh", "-c", "echo out; echo no such thing >&2; exit 7").check().run());

    assertThat(failed.status()).isEqualTo(7);
    assertThat(failed.tail()).isEqualTo("no such thing");
    assertThat(failed).hasMessage("sh ended with status 7: no such thing");
  }

  @Test
  void of_much_error_output_the_end_is_told() {
    String script = "head -c 5000 /dev/zero | tr '\\000' x >&2; echo last >&2; exit 1";

    assertThatThrownBy(() -> jail.exec("sh", "-c", script).check().run())
        .isInstanceOf(Exec.StatusException.class)
        .message()
        .endsWith("xxxlast")
        .hasSizeLessThan(1100);
  }

  @Test
  void a_program_that_writes_too_much_is_killed() {
    assertThatThrownBy(() -> jail.exec("cat", "/dev/zero").maxOutput(100_000).run())
        .isInstanceOf(Exec.OutputLimitException.class)
        .hasMessageContaining("cat wrote more than 100000 bytes")
        .hasMessageContaining("maxOutput");
    assertThat(jail.exec("head", "-c", "1000", "/dev/zero").maxOutput(1000).run().out())
        .hasSize(1000);
    assertThatThrownBy(() -> jail.exec("true").maxOutput(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_program_ends_with_its_jail() throws Exception {
    Process sleep = jail.exec("sleep", "600").start();
    Process stubborn =
        jail.exec("sh", "-c", "trap '' TERM HUP; echo ready; while :; do sleep 1; done").start();
    assertThat(stubborn.getInputStream().read()).isEqualTo('r');

    jail.remove();

    sleep.waitFor();
    stubborn.waitFor();
  }

  @Test
  void a_program_ends_with_its_sandbox() throws Exception {
    Process sleep = jail.exec("sleep", "600").start();

    vnet.close();

    sleep.waitFor();
  }

  @Test
  void a_program_on_the_host_runs_too() {
    assertThat(host.exec("echo", "hello").run(PATIENCE).out()).isEqualTo("hello\n");
  }

  @Test
  void a_program_sees_the_stack_it_runs_in() throws Exception {
    cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    Jail other = jail("other");
    cable(host, other, "198.51.100.1/24", "198.51.100.2/24");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path classes =
        Path.of(StackReporter.class.getProtectionDomain().getCodeSource().getLocation().toURI());

    String[] command = {
      java, "-XX:TieredStopAtLevel=1", "-cp", classes.toString(), StackReporter.class.getName()
    };

    String mine = run(command).out();
    String others = other.exec(command).run(PATIENCE).out();
    assertThat(mine).contains("c0b 192.0.2.2").doesNotContain("198.51");
    assertThat(others).contains("c1b 198.51.100.2").doesNotContain("192.0.2");
    assertThat(interfaces(mine)).contains("c0b").doesNotContain("c0a", "c1b");
    assertThat(interfaces(others)).contains("c1b").doesNotContain("c1a", "c0b");
  }

  /** Returns the first word of each line: a random address may contain such a name too. */
  private static List<String> interfaces(String report) {
    return report.lines().map(line -> line.split(" ")[0]).toList();
  }
}
