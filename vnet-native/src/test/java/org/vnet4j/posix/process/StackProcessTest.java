// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.posix.helper.HelperNamespaceTest;
import org.vnet4j.posix.helper.SandboxTest;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.spi.ProcessSpec;

/** Tests programs in a stack as processes of Java. */
@Timeout(240)
final class StackProcessTest extends SandboxTest {

  @Test
  void what_is_written_to_cat_is_read_from_it() throws Exception {
    Process cat = start("cat");
    cat.getOutputStream().write("one two".getBytes(StandardCharsets.UTF_8));
    cat.getOutputStream().close();
    assertThat(cat.getInputStream().readAllBytes()).asString().isEqualTo("one two");
    assertThat(cat.waitFor()).isZero();
  }

  @Test
  void output_is_there_after_the_end_and_errors_are_apart() throws Exception {
    Process sh = start("sh", "-c", "echo out; echo err >&2; exit 3");
    assertThat(sh.waitFor()).isEqualTo(3);
    assertThat(sh.exitValue()).isEqualTo(3);
    assertThat(sh.getInputStream().readAllBytes()).asString().isEqualTo("out\n");
    assertThat(sh.getErrorStream().readAllBytes()).asString().isEqualTo("err\n");
  }

  @Test
  void more_than_a_pipe_holds_comes_whole() throws Exception {
    Process sh = start("sh", "-c", "head -c 1000000 /dev/zero");
    assertThat(sh.getInputStream().readAllBytes()).hasSize(1_000_000);
    assertThat(sh.waitFor()).isZero();
  }

  @Test
  void a_close_ends_a_write_that_nobody_reads() throws Exception {
    Process sleep = start("sleep", "1000");
    OutputStream in = sleep.getOutputStream();
    in.write(new byte[65_536]); // a pipe is full with it
    CompletableFuture<IOException> writing =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                in.write(1);
                return new IOException("there was room");
              } catch (IOException e) {
                return e;
              }
            });
    assertThatThrownBy(() -> writing.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);

    in.close();

    assertThat(writing.get(20, TimeUnit.SECONDS)).hasMessage("Stream closed");
    sleep.destroyForcibly().waitFor();
  }

  @Test
  void a_process_is_ended_by_term_or_kill() throws Exception {
    Process term = start("sleep", "1000");
    assertThat(term.isAlive()).isTrue();
    assertThat(term.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
    assertThatThrownBy(term::exitValue).isInstanceOf(IllegalThreadStateException.class);
    assertThat(term.toHandle().pid()).isEqualTo(term.pid());
    term.destroy();
    assertThat(term.waitFor()).isEqualTo(128 + 15);
    Process kill = start("sleep", "1000");
    assertThat(kill.destroyForcibly().onExit().get().exitValue()).isEqualTo(128 + 9);
    kill.destroy();
  }

  @Test
  void output_goes_to_a_file_and_is_appended(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("out");
    assertThat(run(Redirect.to(file.toFile()), null, "echo one")).isZero();
    assertThat(run(Redirect.appendTo(file.toFile()), null, "echo two >&2")).isZero();
    assertThat(Files.readString(file)).isEqualTo("one\ntwo\n");
    HelperNamespaceTest.assertRefused(
        () -> run(Redirect.to(directory.toFile()), null, "true"), "open", "EISDIR");
  }

  @Test
  void writing_to_a_process_that_ended_is_an_error_and_reading_after_close_too() throws Exception {
    Process done = start("true");
    done.waitFor();
    assertThatThrownBy(() -> done.getOutputStream().write(new byte[10]))
        .isInstanceOf(java.io.IOException.class);
    done.getInputStream().close();
    assertThatThrownBy(() -> done.getInputStream().read()).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void a_process_ends_when_its_helper_is_killed() throws Exception {
    Process sleep = start("sleep", "1000");
    assertThat(ProcessHandle.of(helper.pid()).orElseThrow().destroyForcibly()).isTrue();
    assertThat(sleep.waitFor()).isEqualTo(137);
    sleep.destroyForcibly();
  }

  @Test
  void a_program_that_does_not_start_leaves_nothing() {
    HelperNamespaceTest.assertRefused(() -> start("no-such-program"), "execve", "ENOENT");
  }

  @Test
  void one_thread_notices_the_ends_of_two_hundred_programs() throws Exception {
    int threads = threads();
    int descriptors = descriptors();
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(start("cat"));
    }
    assertThat(threads()).isLessThanOrEqualTo(threads + 1);
    // The streams, the status, and the poller's pipe.
    assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 200 * 4 + 2);

    for (Process one : all) {
      one.getOutputStream().close();
    }
    for (Process one : all) {
      assertThat(one.waitFor()).isZero();
    }
  }

  @Test
  void what_waits_for_an_end_does_not_hold_up_the_ends_of_others() throws Exception {
    Process first = start("cat");
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch holding = new CountDownLatch(1);
    CompletableFuture<Void> after =
        first
            .onExit()
            .thenAccept(
                ended -> {
                  holding.countDown();
                  try {
                    held.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    first.getOutputStream().close();
    holding.await();

    assertThat(start("true").waitFor()).isZero();
    held.countDown();
    after.get();
  }

  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("vnet-"))
            .count();
  }

  private static int descriptors() {
    return Path.of("/proc/self/fd").toFile().list().length;
  }

  private Process start(String... command) {
    return StackProcess.start(
        helper,
        StackRef.own(),
        spec(List.of(command), Redirect.PIPE, Redirect.PIPE),
        Users::find,
        null);
  }

  private int run(Redirect out, @Nullable Redirect err, String script) throws Exception {
    return StackProcess.start(
            helper, StackRef.own(), spec(List.of("sh", "-c", script), out, err), Users::find, null)
        .waitFor();
  }

  private static ProcessSpec spec(List<String> command, Redirect out, @Nullable Redirect err) {
    Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin");
    Path root = Path.of("/");
    return new ProcessSpec(command, environment, root, null, Redirect.PIPE, out, err, "a session");
  }
}
