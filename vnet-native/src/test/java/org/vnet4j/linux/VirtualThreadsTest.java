// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.Filter;

/** Virtual threads that wait leave their carriers to others. */
@EnabledOnOs(OS.LINUX)
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads are since JDK 21")
@Timeout(240)
final class VirtualThreadsTest {
  private static final int MANY = 200;
  private static final int PORT = 4711;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private Vnet vnet;
  private Host host;
  private Jail jail;
  private Epair cable;

  @BeforeEach
  void a_jail_at_a_cable() {
    vnet = Vnet.sandbox();
    host = vnet.host();
    jail = host.jail("web").create();
    cable = host.epair().vnet(jail).create();
    cable.a().inet("192.0.2.1/24").up();
    cable.b().inet("192.0.2.2/24").up();
    host.routes().add("198.51.100.0/24", "192.0.2.2"); // which does not forward
    while (!host.ping("192.0.2.2").count(1).run().isAnswered()) {}
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    vnet.close();
  }

  /** Waits for the threads that worked for virtual ones: they end a second after their work. */
  @AfterAll
  static void wait_until_no_thread_is_left() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("vnet-"))) {
      assertThat(System.nanoTime()).as("threads end").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void threads_that_wait_for_packets_stop_no_other() throws Exception {
    othersWorkWhile(number -> capture(PORT).next());
  }

  @Test
  void threads_that_wait_for_pings_stop_no_other() throws Exception {
    othersWorkWhile(
        number -> host.ping("198.51.100.1").count(1).timeout(Duration.ofMinutes(1)).run());
  }

  @Test
  void threads_that_read_from_a_program_stop_no_other() throws Exception {
    othersWorkWhile(
        number -> {
          Process cat = program("cat");
          read(cat);
        });
  }

  @Test
  void threads_that_write_to_a_program_stop_no_other() throws Exception {
    othersWorkWhile(
        number -> {
          Process sleep = program("sleep", "600");
          try {
            sleep.getOutputStream().write(new byte[1 << 20]);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void threads_that_wait_for_the_helper_stop_no_other() throws Exception {
    List<Vnet> stopped = new ArrayList<>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      Set<Long> before = Jvm.helpers();
      stopped.add(Vnet.sandbox());
      long helper = Jvm.newHelper(before);
      Jvm.signal("STOP", helper);
      opened.add(() -> Jvm.signal("CONT", helper));
    }
    stopped.forEach(one -> opened.add(one::close));
    othersWorkWhile(number -> stopped.get(number).host().jail("web").create());
  }

  /** Starts threads of which each waits, and then others that end. */
  private void othersWorkWhile(IntConsumer waits) throws Exception {
    int carriers = Runtime.getRuntime().availableProcessors();
    CountDownLatch waiting = new CountDownLatch(carriers);
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 2 * carriers; i++) {
      int number = i;
      virtual(
          () -> {
            waiting.countDown();
            try {
              waits.accept(number);
            } catch (VnetException | UncheckedIOException e) {
              return; // closed at the end of the test
            } finally {
              ended.incrementAndGet();
            }
          });
    }
    assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 20; i++) {
      CountDownLatch worked = new CountDownLatch(1);
      virtual(worked::countDown);
      assertThat(worked.await(20, TimeUnit.SECONDS)).as("thread %d worked", i).isTrue();
      Thread.sleep(10);
    }
    assertThat(ended).hasValue(0);
  }

  /** Measures virtual threads against platform threads, up to ten times. */
  @Test
  void many_virtual_threads_are_as_fast_as_platform_threads() throws Exception {
    List<Process> cats = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      cats.add(program("cat"));
    }
    List<Double> ratios = new ArrayList<>();
    do {
      long platform = nanos(false, number -> work(cats.get(number)));
      long virtual = nanos(true, number -> work(cats.get(number)));
      ratios.add((double) virtual / platform);
    } while (ratios.get(ratios.size() - 1) > 1.1 && ratios.size() < 10);

    assertThat(ratios.get(ratios.size() - 1)).as("virtual / platform: %s", ratios).isLessThan(1.1);
  }

  /** Waits for a program's output, for the answers of pings, and for packets. */
  private void work(Process cat) {
    try (Capture capture = cable.b().capture().filter(Filter.port(PORT)).start();
        DatagramChannel udp = host.sockets().udp()) {
      host.ping("192.0.2.2").count(3).interval(Duration.ofMillis(50)).run();
      for (int i = 0; i < 10; i++) {
        cat.getOutputStream().write(i);
        assertThat(read(cat)).isEqualTo(i);
        udp.send(ByteBuffer.allocate(1), new InetSocketAddress("192.0.2.2", PORT));
        assertThat(capture.next()).isNotNull();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long nanos(boolean virtual, IntConsumer work) throws Exception {
    CountDownLatch done = new CountDownLatch(MANY);
    AtomicInteger failures = new AtomicInteger();
    long start = System.nanoTime();
    for (int i = 0; i < MANY; i++) {
      int number = i;
      Runnable one =
          () -> {
            try {
              work.accept(number);
            } catch (Throwable e) {
              e.printStackTrace();
              failures.incrementAndGet();
            } finally {
              done.countDown();
            }
          };
      if (virtual) {
        virtual(one);
      } else {
        new Thread(one).start();
      }
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(failures).hasValue(0);
    return System.nanoTime() - start;
  }

  private Capture capture(int port) {
    Capture capture = cable.a().capture().filter(Filter.port(port)).start();
    synchronized (opened) {
      opened.add(capture);
    }
    return capture;
  }

  private Process program(String... command) {
    Process process = jail.exec(command).start();
    synchronized (opened) {
      opened.add(process::destroyForcibly);
    }
    return process;
  }

  private static int read(Process process) {
    try {
      return process.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void virtual(Runnable work) {
    try {
      MethodHandle start =
          MethodHandles.publicLookup()
              .findStatic(
                  Thread.class,
                  "startVirtualThread",
                  MethodType.methodType(Thread.class, Runnable.class));
      Thread started = (Thread) start.invokeExact(work);
      assertThat(started).isNotNull();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
