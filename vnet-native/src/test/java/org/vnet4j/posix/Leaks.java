// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.vnet4j.posix.libc.Native;

/**
 * What a test may leak on Linux: descriptors, child processes, names of namespaces, and threads of
 * the library.
 */
public record Leaks(List<String> found) {
  /** Threads that end some time after their last work. */
  private static final List<String> IDLE_THREADS =
      List.of("vnet-poller", "vnet-programs", "vnet-call");

  /** Opens what the JDK opens at first use and keeps. */
  @SuppressWarnings("try") // opened only to be closed
  public static void warmUp() {
    try (Selector selector = Selector.open();
        SocketChannel tcp = SocketChannel.open();
        DatagramChannel udp = DatagramChannel.open()) {
      tcp.configureBlocking(false);
      tcp.register(selector, SelectionKey.OP_CONNECT);
      selector.selectNow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Native.libc();
  }

  /**
   * Scans until two scans agree, and the threads that end when they are idle have ended: what an
   * earlier test closed may still be ending.
   */
  public static Leaks settled() {
    long deadline = System.nanoTime() + 5_000_000_000L;
    Leaks one = now();
    Leaks other = null;
    while ((!one.equals(other) || one.hasIdleThreads()) && System.nanoTime() < deadline) {
      other = one;
      LockSupport.parkNanos(10_000_000);
      one = now();
    }
    return one;
  }

  private boolean hasIdleThreads() {
    return IDLE_THREADS.stream().anyMatch(thread -> found.contains("thread " + thread));
  }

  private static Leaks now() {
    TreeSet<String> found = new TreeSet<>();
    descriptors().forEach((fd, target) -> found.add("descriptor " + fd + " " + target));
    ProcessHandle.current().children().forEach(child -> found.add("process " + child.pid()));
    for (String name : names(Path.of("/run/netns"))) {
      found.add("namespace " + name);
    }
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("vnet-"))
        .forEach(thread -> found.add("thread " + thread.getName()));
    return new Leaks(List.copyOf(found));
  }

  public void assertNothingNew() {
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (!found.equals(now().found) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(now().found).as("what was there before the test").isEqualTo(found);
  }

  /**
   * Lists the descriptors of sockets, pipes, namespaces and the like, without the files of class
   * loaders.
   */
  private static TreeMap<String, String> descriptors() {
    TreeMap<String, String> open = new TreeMap<>();
    Path directory = Path.of("/proc/self/fd");
    for (String name : names(directory)) {
      try {
        String target = Files.readSymbolicLink(directory.resolve(name)).toString();
        if (!target.startsWith("/") || target.startsWith("/memfd") || target.startsWith("/dev")) {
          open.put(name, target);
        }
      } catch (IOException e) {
        // Closed since: the descriptor of the listing itself.
      }
    }
    return open;
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
