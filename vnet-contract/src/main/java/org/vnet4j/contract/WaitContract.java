// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnet4j.Capability;
import org.vnet4j.Exec;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Capture;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.net.IpLiteral;

/**
 * Tests that a blocking call returns soon when its thread is interrupted, when its jail is removed,
 * and when the Vnet is closed. It throws a typed error and leaves nothing behind; an interrupted
 * thread stays interrupted.
 */
public abstract class WaitContract extends Contract {
  /** Longer than a test may take: who comes back was not waiting for this. */
  private static final Duration LONG = Duration.ofMinutes(10);

  /** A call that waits. */
  enum Wait {
    PING("listen") {
      @Override
      void in(Jail jail) {
        jail.ping("192.0.2.9").count(2).interval(LONG).timeout(LONG).run();
      }
    },
    PING_ALL("await") {
      @Override
      void in(Jail jail) {
        jail.pingAll(List.of(IpLiteral.parse("192.0.2.9"), IpLiteral.parse("192.0.2.10")))
            .timeout(LONG)
            .run();
      }
    },
    PROGRAM("waitFor") {
      @Override
      void in(Jail jail) {
        jail.exec("sleep", "600").run(LONG);
      }
    },
    PACKET("next") {
      @Override
      void in(Jail jail) {
        try (Capture capture = jail.iface("left").capture().duration(LONG).start()) {
          while (capture.next() != null) {
            // packets that the kernel itself sends
          }
        }
      }
    },
    LEASE("waitFor") {
      @Override
      void in(Jail jail) {
        jail.dhcp(jail.iface("left"));
      }
    };

    /**
     * The method in which the thread waits, which no step before the wait has too. A call that ends
     * earlier may give another error.
     */
    private final String method;

    Wait(String method) {
      this.method = method;
    }

    abstract void in(Jail jail);
  }

  /** How a wait ended. */
  private record End(RuntimeException error, boolean interrupted) {}

  @BeforeEach
  void needs_real_packets() {
    needsTraffic();
  }

  private static Jail scene(Vnet vnet) {
    Jail jail = vnet.host().jail("waits").create();
    NetInterface left = jail.epair().names("left", "right").create().a();
    left.inet("192.0.2.1/24").up();
    left.peer().orElseThrow().up();
    return jail;
  }

  private Thread begin(Wait what, Jail jail, CompletableFuture<End> end) {
    if (what == Wait.LEASE) {
      Programs.need("dhclient", "udhcpc", "dhcpcd");
    }
    if (what == Wait.PACKET) {
      needs(Capability.CAPTURE);
    }
    Thread thread =
        new Thread(
            () -> {
              RuntimeException error = null;
              try {
                what.in(jail);
              } catch (RuntimeException e) {
                error = e;
              }
              end.complete(new End(error, Thread.currentThread().isInterrupted()));
            });
    thread.start();
    Await.untilIn(thread, what.method);
    assertThat(end).as("%s waits", what).isNotDone();
    return thread;
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void an_interrupt_ends_a_wait_and_stays(Wait what) throws Exception {
    Jail jail = scene(vnet);
    String before = picture();
    CompletableFuture<End> ended = new CompletableFuture<>();

    begin(what, jail, ended).interrupt();

    End end = ended.get();
    assertThat(end.error)
        .isInstanceOf(Vnet.InterruptException.class)
        .hasMessageStartingWith("interrupted while ")
        .hasNoSuppressedExceptions();
    assertThat(end.interrupted).isTrue();
    assertThat(picture()).isEqualTo(before);
    jail.remove();
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void the_removal_of_the_jail_ends_a_wait(Wait what) throws Exception {
    Jail jail = scene(vnet);
    CompletableFuture<End> ended = new CompletableFuture<>();
    begin(what, jail, ended);

    jail.remove();

    isNotDying("waits");
    assertGaveUp(what, ended.get());
    assertThat(vnet.jls()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Wait.class)
  void a_close_by_another_thread_ends_a_wait(Wait what) throws Exception {
    CompletableFuture<End> ended = new CompletableFuture<>();
    try (Vnet other = sandbox()) {
      begin(what, scene(other), ended);
    }

    assertGaveUp(what, ended.get());
  }

  /** Checks the end of a wait. A killed program and an ended capture are no errors. */
  private static void assertGaveUp(Wait what, End end) {
    assertThat(end.interrupted).isFalse();
    switch (what) {
      case PING, PING_ALL ->
          assertThat(end.error)
              .isInstanceOfAny(Vnet.ClosedException.class, Jail.NotFoundException.class);
      case LEASE -> assertThat(end.error).isInstanceOf(VnetException.class);
      default -> assertThat(end.error).isNull();
    }
  }

  @Test
  void who_reads_what_a_program_writes_notices_that_its_streams_are_closed() throws Exception {
    Jail jail = jail("web");
    Process shell = jail.exec("sh", "-c", "sleep 600 & echo started").start();
    shell.waitFor();
    assertThat(shell.inputReader().readLine()).isEqualTo("started");
    CompletableFuture<Integer> read = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                read.complete(shell.getInputStream().read());
              } catch (IOException e) {
                read.complete(-2);
              }
            });
    reader.start();
    Await.untilIn(reader, "read");
    assertThat(read).as("another program has the pipe").isNotDone();

    shell.destroyForcibly();

    assertThat(read.get()).isNegative();
  }

  @Test
  void a_run_that_took_too_long_leaves_no_thread_that_reads() throws Exception {
    Jail jail = jail("web");

    refusedByTime(jail.exec("sh", "-c", "sleep 600 &"));

    Await.until("nobody reads", () -> readers() == 0);
  }

  private static void refusedByTime(Exec exec) {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> exec.run(Duration.ofMillis(500)))
        .isInstanceOf(Exec.TimeoutException.class);
  }

  private static long readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("vnet-process-.*(out|err)"))
        .count();
  }
}
