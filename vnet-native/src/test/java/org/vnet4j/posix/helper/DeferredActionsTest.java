// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.firewall.Trial;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.MemoryFile;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.process.ExecTest;

/**
 * Tests the actions that the helper defers: they run when their time is up, or when their owner has
 * ended.
 */
final class DeferredActionsTest extends SandboxTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int SO_RCVBUF = 8;
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;

  @TempDir Path directory;

  private Path file(String name) {
    return directory.resolve(name);
  }

  private int touchLater(Duration delay, String name) {
    return runLater(delay, List.of("touch", file(name).toString()));
  }

  private int runLater(Duration delay, List<String> argv) {
    Helper.Command command =
        new Helper.Command(argv, Map.of("PATH", "/usr/bin:/bin"), null, null, null);
    List<Fd> stdio = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      stdio.add(MemoryFile.of("stdio", new byte[0]));
    }
    try {
      return helper.later(delay, new Helper.Deferred.Exec(StackRef.own(), command, stdio));
    } finally {
      stdio.forEach(Fd::close);
    }
  }

  private void await(String name) {
    Await.until(name + " exists", () -> Files.exists(file(name)));
  }

  @Test
  void a_program_is_started_when_the_time_is_up_and_cannot_be_cancelled_then() {
    Duration delay = Duration.ofMillis(300);
    long start = System.nanoTime();
    int number = touchLater(delay, "late");
    boolean done = Files.exists(file("late"));
    boolean early = System.nanoTime() - start < delay.toNanos();
    assertThat(done && early).as("done before its time").isFalse();
    await("late");
    assertThat(helper.cancel(number)).isFalse();
  }

  @Test
  void what_is_cancelled_is_not_done_even_at_the_end() {
    int number = touchLater(LONG, "never");
    assertThat(helper.cancel(number)).isTrue();
    assertThat(helper.cancel(number)).isFalse();
    helper.close();
    assertThat(file("never")).doesNotExist();
  }

  @Test
  void when_the_owner_is_gone_all_is_done_at_once_and_to_its_end() {
    touchLater(LONG, "one");
    touchLater(LONG, "two");
    helper.close();
    assertThat(file("one")).exists();
    assertThat(file("two")).exists();
  }

  @Test
  void it_is_done_before_the_programs_are_killed() {
    try (ExecTest.Running sleep = ExecTest.start(helper, StackRef.own(), "sleep", "1000")) {
      String script = "kill -0 " + sleep.pid() + " && touch " + file("alive");
      runLater(LONG, List.of("sh", "-c", script));
      helper.close();
    }
    assertThat(file("alive")).exists();
  }

  @Test
  void a_signal_to_a_whole_control_group_does_not_end_the_helper_before_its_work() {
    touchLater(LONG, "done");
    long keeper = ProcessHandle.of(helper.pid()).flatMap(ProcessHandle::parent).orElseThrow().pid();
    for (int signal : List.of(Abi.SIGTERM, 1, 2)) { // SIGHUP, SIGINT
      assertThat(Native.libc().kill((int) keeper, signal)).isZero();
      assertThat(Native.libc().kill((int) helper.pid(), signal)).isZero();
    }
    helper.socket(StackRef.own(), new SocketKind(Abi.AF_INET, 2, 0)).close();
    helper.close();
    assertThat(file("done")).exists();
  }

  @Test
  void what_was_due_while_the_helper_could_not_run_is_done_before_it_can_be_cancelled()
      throws Exception {
    Duration delay = Duration.ofMillis(200);
    int number = touchLater(delay, "due");
    assertThat(Native.libc().kill((int) helper.pid(), SIGSTOP)).isZero();
    Await.stopped(helper.pid());
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    Thread asker = new Thread(() -> cancelled.complete(helper.cancel(number)));
    asker.start();
    Await.untilIn(asker, "receive");
    Thread.sleep(2 * delay.toMillis()); // until it is due: time is the subject here
    assertThat(Native.libc().kill((int) helper.pid(), SIGCONT)).isZero();
    assertThat(cancelled.get()).isFalse();
    await("due");
  }

  @Test
  void a_message_of_any_length_is_sent() {
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    byte[] message = new byte[100_000];
    message[99_999] = 42;
    try (SeqPacketSocket ours = pair.ours();
        Fd theirs = pair.theirs()) {
      helper.later(Duration.ZERO, new Helper.Deferred.Send(theirs, message));
      SeqPacketSocket.Message received = ours.receive();
      assertThat(received.bytes().remaining()).isEqualTo(100_000);
      assertThat(received.bytes().get(99_999)).isEqualTo((byte) 42);
    }
  }

  @Test
  void a_socket_option_is_set() {
    try (Fd socket = helper.socket(StackRef.own(), new SocketKind(Abi.AF_INET, 2, 0))) {
      int before = rcvbuf(socket);
      byte[] value = {0, 0x20, 0, 0};
      helper.later(Duration.ZERO, new Helper.Deferred.SetOption(socket, 1, SO_RCVBUF, value));
      Await.until("another size", () -> rcvbuf(socket) != before);
    }
  }

  private static DeferredActions.Action arm(DeferredActions actions, Runnable ourselves) {
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    try (SeqPacketSocket ours = pair.ours();
        Fd theirs = pair.theirs()) {
      return actions.arm(LONG, new Helper.Deferred.Send(theirs, new byte[] {1}), ourselves);
    }
  }

  private void killHelper() {
    ProcessHandle process = ProcessHandle.of(helper.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  @Test
  void what_a_killed_helper_was_to_do_is_done_though_another_took_its_place() {
    List<String> done = new ArrayList<>();
    try (Helper other = sandbox()) {
      AtomicReference<Helper> current = new AtomicReference<>(helper);
      DeferredActions actions = new DeferredActions(current::get);
      DeferredActions.Action one = arm(actions, () -> done.add("one"));
      DeferredActions.Action two = arm(actions, () -> done.add("two"));
      arm(actions, () -> done.add("three"));
      killHelper();
      assertThatThrownBy(() -> one.confirm("ipfw in web"))
          .isInstanceOf(Trial.TooLateException.class)
          .hasMessageStartingWith("ipfw in web: the new rules were not confirmed, and")
          .hasMessageContaining("vnet-helper (pid " + helper.pid() + ") is gone")
          .hasCauseInstanceOf(Helper.LostException.class);
      current.set(other);
      DeferredActions.Action four = arm(actions, () -> done.add("four"));
      assertThat(two.cancel()).isFalse();
      assertThat(four.cancel()).isTrue();
      actions.close();
    }
    assertThat(done).containsExactly("one", "two", "three");
  }

  @Test
  void what_could_not_be_done_after_the_helper_was_killed_is_tried_again() {
    List<String> done = new ArrayList<>();
    DeferredActions actions = new DeferredActions(() -> helper);
    DeferredActions.Action action =
        arm(
            actions,
            () -> {
              done.add("try");
              if (done.size() == 1) {
                throw new VnetException("no");
              }
            });
    killHelper();
    assertThatThrownBy(action::cancel).hasMessage("no");
    assertThat(action.cancel()).isFalse();
    actions.close();
    assertThat(done).containsExactly("try", "try");
  }

  @Test
  void a_removal_that_failed_makes_up_only_for_what_it_cancelled() {
    List<String> done = new ArrayList<>();
    List<Runnable> reverts = new ArrayList<>();
    DeferredActions actions = new DeferredActions(() -> helper);
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    try (SeqPacketSocket ours = pair.ours();
        Fd theirs = pair.theirs()) {
      Helper.Deferred send = new Helper.Deferred.Send(theirs, new byte[] {1});
      DeferredActions.Action performed =
          actions.arm(Duration.ZERO, send, () -> done.add("performed"));
      ours.receive();
      DeferredActions.Action cancelled = arm(actions, () -> done.add("cancelled"));

      actions.forget(reverts::add);
      reverts.forEach(Runnable::run);

      assertThat(done).containsExactly("cancelled");
      assertThatThrownBy(() -> performed.confirm("ipfw in web"))
          .hasMessage(
              "ipfw in web: the new rules were not confirmed in time, and the old ones are back;"
                  + " load them with more time");
      assertThatThrownBy(() -> cancelled.confirm("ipfw in web"))
          .isInstanceOf(Trial.TooLateException.class)
          .hasMessage(
              "ipfw in web: a removal of the jail ended the trial before the new rules were"
                  + " confirmed");
    }
  }

  @Test
  void a_removal_that_failed_makes_up_for_what_a_killed_helper_was_to_do() {
    List<String> done = new ArrayList<>();
    List<Runnable> reverts = new ArrayList<>();
    DeferredActions actions = new DeferredActions(() -> helper);
    arm(actions, () -> done.add("one"));
    killHelper();

    actions.forget(reverts::add);
    reverts.forEach(Runnable::run);

    assertThat(done).containsExactly("one");
  }

  private static int rcvbuf(Fd socket) {
    Memory value = Memory.allocate(16);
    value.bytes().putInt(8, 4);
    socket.use(
        fd -> Native.libc().getsockopt(fd, 1, SO_RCVBUF, value.address(), value.address() + 8));
    int bytes = value.bytes().getInt(0);
    value.keep();
    return bytes;
  }

  @Test
  void the_youngest_is_done_first() {
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    try (SeqPacketSocket ours = pair.ours();
        Fd theirs = pair.theirs()) {
      for (byte i = 1; i <= 3; i++) {
        helper.later(LONG, new Helper.Deferred.Send(theirs, new byte[] {i}));
      }
      helper.close();
      for (byte i = 3; i >= 1; i--) {
        assertThat(ours.receive().bytes().get(0)).isEqualTo(i);
      }
    }
  }

  @Test
  void there_is_an_end_to_what_it_remembers() {
    List<Integer> numbers = new ArrayList<>();
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    try (SeqPacketSocket ours = pair.ours();
        Fd theirs = pair.theirs()) {
      Helper.Deferred send = new Helper.Deferred.Send(theirs, new byte[] {1});
      for (int i = 0; i < 64; i++) {
        numbers.add(helper.later(LONG, send));
      }
      assertThatThrownBy(() -> helper.later(LONG, send))
          .isInstanceOf(VnetException.class)
          .hasMessageContaining("EAGAIN");
      numbers.forEach(number -> assertThat(helper.cancel(number)).isTrue());
      assertThat(helper.cancel(helper.later(LONG, send))).isTrue();
    }
  }
}
