// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of this JVM's helper and of what it forks, up to their execve(2), as strace(1)
 * writes them. What libc does for itself, as to allocate memory, does not count: it differs between
 * versions. Nor do the settings of new stacks, which are compared with the machine's each second.
 */
final class HelperTrace implements AutoCloseable {
  private static final String OF_LIBC =
      "!brk,mmap,munmap,mprotect,madvise,futex,rseq,set_robust_list,set_tid_address,getrandom,"
          + "rt_sigprocmask,rt_sigaction,rt_sigreturn,getpid,gettid,restart_syscall";
  private static final Pattern CALL =
      Pattern.compile("^(\\d+) +(?:<\\.\\.\\. )?(\\w+)(?:\\(| resumed>)");

  /** A setting of a new stack: how many are read and written, the machine's own decide. */
  private static final Pattern SETTING = Pattern.compile(" openat\\(.*ipv[46]/conf/");

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int IDLE = 3;

  private final long helper;
  private final Path file;
  private final Process strace;
  private int seen;

  private HelperTrace(long helper, Path file) throws IOException {
    this.helper = helper;
    this.file = file;
    String pid = Long.toString(helper);
    this.strace =
        new ProcessBuilder(
                List.of(
                    "strace",
                    "-f",
                    "-qq",
                    "-e",
                    "trace=" + OF_LIBC,
                    "-e",
                    "signal=none",
                    "-o",
                    file.toString(),
                    "-p",
                    pid))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  /** Attaches strace(1) to the only helper of this JVM; empty if the kernel forbids that. */
  static Optional<HelperTrace> attach() throws IOException {
    long helper =
        ProcessHandle.current()
            .children()
            .flatMap(ProcessHandle::children) // of the keeper
            .mapToLong(ProcessHandle::pid)
            .findFirst()
            .orElseThrow();
    HelperTrace trace = new HelperTrace(helper, Files.createTempFile("vnet-helper", ".strace"));
    while (trace.status("TracerPid:").equals("0")) {
      if (!trace.strace.isAlive()) {
        return Optional.empty();
      }
      LockSupport.parkNanos(PAUSE);
    }
    return Optional.of(trace);
  }

  /** Forgets the calls so far. */
  void forget() {
    seen = written().length;
  }

  /** Waits until the helper waits for a request; returns the names of the calls since. */
  List<String> calls() {
    byte[] all = written();
    String text = new String(Arrays.copyOfRange(all, seen, all.length), StandardCharsets.UTF_8);
    List<String> calls = new ArrayList<>();
    Set<String> others = new HashSet<>();
    boolean setting = false;
    for (String line : text.lines().toList()) {
      Matcher call = CALL.matcher(line);
      if (!call.find() || line.endsWith("<unfinished ...>") || others.contains(call.group(1))) {
        continue;
      }
      setting |= SETTING.matcher(line).find();
      if (setting) {
        setting = !call.group(2).equals("close");
        continue;
      }
      calls.add(call.group(2));
      if (call.group(2).equals("execve") && line.endsWith(" = 0")) {
        others.add(call.group(1));
      }
    }
    return calls;
  }

  /**
   * Returns how often another process had to wake it: a recvmsg(2) after a ppoll(2) does not wait.
   */
  static int wakes(List<String> calls) {
    int wakes = 0;
    for (int i = 0; i < calls.size(); i++) {
      boolean polled = i > 0 && calls.get(i - 1).equals("ppoll");
      boolean waits = List.of("ppoll", "poll", "recvmsg").contains(calls.get(i));
      wakes += waits && !polled ? 1 : 0;
    }
    return wakes;
  }

  /** strace(1) writes a call before the next one begins, so nothing is missing of a sleeper. */
  private byte[] written() {
    try {
      byte[] all = {};
      for (int idle = 0; idle < IDLE; ) {
        LockSupport.parkNanos(PAUSE);
        byte[] now = Files.readAllBytes(file);
        idle = status("State:").equals("S") && now.length == all.length ? idle + 1 : 0;
        all = now;
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String status(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(helper), "status")).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.split("\\s+")[1])
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    strace.destroy(); // which lets go of the helper
    strace.waitFor();
    Files.delete(file);
  }
}
