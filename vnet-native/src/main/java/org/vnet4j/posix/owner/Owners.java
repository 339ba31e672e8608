// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.owner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.vnet4j.Owner;
import org.vnet4j.VnetException;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.StackRef;

/**
 * Identifies this process as an owner, and finds out whether other owners are still alive.
 *
 * <p>In doubt an owner counts as alive. Processes with the same id are distinguished by their
 * start: on Linux in ticks since boot, which setting the clock does not change; on FreeBSD in
 * milliseconds since the boot time that the kernel reports, which moves with the clock as the start
 * does. A process in another pid namespace (a container's) cannot be seen, so its jails and
 * interfaces are left alone until a reboot.
 */
public final class Owners {
  private static final String HELPER = "vnet-helper";
  private static final String LINUX_BOOT = "/proc/sys/kernel/random/boot_id";
  private static final long TOLERANCE_MILLIS = 2000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final Helper helper;
  private final String boot;
  private final String pids;
  private final boolean linux = System.getProperty("os.name").equals("Linux");

  /**
   * Reads the identity of the boot and of the pid namespace.
   *
   * @param helper reads sysctl(3) on FreeBSD
   */
  public Owners(Helper helper) {
    this.helper = helper;
    this.boot = linux ? read(LINUX_BOOT, "0").substring(0, 8) : "0";
    this.pids = linux ? namespace() : jailed();
  }

  /**
   * Creates a new owner for this process.
   *
   * @param application part of its name
   * @return an owner that differs from all others
   */
  public Owner next(String application) {
    long pid = ProcessHandle.current().pid();
    long started = started(pid).orElse(0);
    return new Owner(application, RUNS.incrementAndGet(), pid, started, helper.pid(), boot, pids);
  }

  /**
   * Creates the owner for a process that was killed before it could store its own.
   *
   * @param pid the process
   * @return an owner without an application
   */
  public Owner unknown(long pid) {
    return new Owner("", 0, pid, 0, 0, boot, pids);
  }

  /**
   * Returns whether an owner may still be alive. Waits up to five seconds for its helper, which
   * removes what it made.
   *
   * @param owner the owner
   * @return false if it has certainly ended
   */
  public boolean lives(Owner owner) {
    if (!owner.boot().equals(boot)) {
      return false;
    }
    if (!owner.pids().equals(pids)) {
      return true;
    }
    if (runs(owner)) {
      return true;
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (clearsUp(owner.helper()) && System.nanoTime() < deadline) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true; // not certain yet
      }
    }
    return false;
  }

  private boolean runs(Owner owner) {
    OptionalLong started = started(owner.pid());
    if (started.isEmpty()) {
      return false;
    }
    long difference = Math.abs(started.getAsLong() - owner.started());
    return owner.started() == 0 || difference <= (linux ? 0 : TOLERANCE_MILLIS);
  }

  /** On Linux the helper sets its name itself, whatever the name of its file is. */
  private boolean clearsUp(long pid) {
    if (pid <= 0) {
      return false;
    }
    if (linux) {
      return read("/proc/" + pid + "/comm", "").equals(HELPER);
    }
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .filter(command -> command.contains(HELPER))
        .isPresent();
  }

  /** Returns the start of a process; empty if there is no such process. */
  private OptionalLong started(long pid) {
    if (linux) {
      return startedInTicks(pid);
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty() || !process.get().isAlive()) {
      return OptionalLong.empty();
    }
    Optional<Instant> start = process.get().info().startInstant();
    return OptionalLong.of(start.map(time -> time.toEpochMilli() - bootMillis()).orElse(0L));
  }

  /**
   * A process that has ended but was not waited for is a zombie: it counts as ended. See proc(5).
   */
  private static OptionalLong startedInTicks(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      return ended && !hasOtherThreads(pid)
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(fields[19]));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      // ESRCH if it ended during the read; any other error proves nothing.
      return Files.exists(Path.of("/proc/" + pid)) ? OptionalLong.of(0) : OptionalLong.empty();
    }
  }

  private static boolean hasOtherThreads(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.count() > 1;
    }
  }

  private static String namespace() {
    try {
      Object inode = Files.getAttribute(Path.of("/proc/self/ns/pid"), "unix:ino");
      return Long.toHexString((Long) inode & 0xffffffffL);
    } catch (IOException e) {
      return "0";
    }
  }

  /** Returns 1 in a jail, where a process sees only those of the jail; 0 on the host. */
  private String jailed() {
    return Long.toHexString(ask("security.jail.jailed").map(ByteBuffer::getInt).orElse(0));
  }

  /** struct timeval: seconds and microseconds, 8 bytes each. */
  private long bootMillis() {
    return ask("kern.boottime")
        .filter(time -> time.remaining() >= 16)
        .map(time -> time.getLong() * 1000 + time.getLong() / 1000)
        .orElse(0L);
  }

  private Optional<ByteBuffer> ask(String name) {
    try {
      return Optional.of(
          helper.sysctl(StackRef.own(), name).order(java.nio.ByteOrder.nativeOrder()));
    } catch (VnetException e) {
      return Optional.empty();
    }
  }

  private static String read(String file, String otherwise) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return otherwise.repeat(8);
    }
  }
}
