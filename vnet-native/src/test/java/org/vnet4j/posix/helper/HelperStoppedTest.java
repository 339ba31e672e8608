// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Native;

/**
 * Tests that the library waits only for a limited time for a helper that is stopped, as by a
 * debugger.
 */
@Timeout(240)
final class HelperStoppedTest extends SandboxTest {
  private static final SocketKind UDP = new SocketKind(2, 2, 0);
  private static final int SIGSTOP = 19;
  private static final int SIGCONT = 18;

  @BeforeEach
  void a_helper_that_may_take_two_seconds() {
    restart(2);
  }

  private void restart(int patience) {
    helper.close();
    System.setProperty(HelperProgram.PATIENCE, Integer.toString(patience));
    helper = sandbox();
    System.clearProperty(HelperProgram.PATIENCE);
  }

  @AfterEach
  void it_is_gone() {
    assertThat(ProcessHandle.of(helper.pid())).isEmpty();
  }

  private void stop() {
    assertThat(Native.libc().kill((int) helper.pid(), SIGSTOP)).isZero();
    Await.stopped(helper.pid());
  }

  private static Duration duration(Runnable what) {
    long start = System.nanoTime();
    what.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Sends a request from a thread of its own, and waits until that thread waits for the reply. */
  private CompletableFuture<Fd> request() {
    CompletableFuture<Fd> reply = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                reply.complete(helper.socket(StackRef.own(), UDP));
              } catch (RuntimeException e) {
                reply.completeExceptionally(e);
              }
            });
    thread.start();
    Await.untilIn(thread, "receive");
    return reply;
  }

  /** Without a limit it would wait for ever. */
  @Test
  void it_is_closed_all_the_same() {
    stop();
    helper.close();
  }

  @Test
  void a_request_gives_it_up_and_so_do_all_others() {
    stop();
    Duration patience =
        duration(
            () ->
                assertThatThrownBy(() -> helper.socket(StackRef.own(), UDP))
                    .isInstanceOf(Helper.LostException.class)
                    .hasMessageContaining("did not answer for 2 s")
                    .hasMessageContaining("killed by signal 9"));
    Duration afterwards =
        duration(
            () -> {
              assertThatThrownBy(() -> helper.socket(StackRef.own(), UDP))
                  .isInstanceOf(Helper.LostException.class);
              helper.close();
            });
    assertThat(patience).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    assertThat(afterwards).as("nobody waits again").isLessThan(patience);
  }

  @Test
  void a_close_beside_a_request_that_waits_ends_with_it() throws Exception {
    stop();
    CompletableFuture<Fd> request = request();
    helper.close();
    assertThatThrownBy(request::get).isInstanceOf(ExecutionException.class);
  }

  @Test
  void one_that_goes_on_in_time_is_none_the_worse() throws Exception {
    restart(200); // longer than the test may take
    stop();
    CompletableFuture<Fd> request = request();
    assertThat(request).isNotDone();
    Native.libc().kill((int) helper.pid(), SIGCONT);
    request.get().close();
    helper.close();
  }
}
