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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of this JVM's helper and of what it forks, up to their execve(2), as strace(1)
 * writes them. What libc does for itself, as to allocate memory, does not count: it differs between
 * versions. Nor do the settings of new stacks, which are compared with the machine's each second,
 * and the making of spare namespaces: a stack costs the same number of calls with one and without.
 */
final class HelperTrace implements AutoCloseable {
  private static final String OF_LIBC =
      "!brk,mmap,munmap,mprotect,madvise,futex,rseq,set_robust_list,set_tid_address,getrandom,"
          + "rt_sigprocmask,rt_sigaction,rt_sigreturn,getpid,gettid,restart_syscall";
  private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\(");
  private static final Pattern RESUMED = Pattern.compile("^(\\d+) +<\\.\\.\\. \\w+ resumed>");
  private static final String UNFINISHED = " <unfinished ...>";

  /** A setting of a new stack: how many are read and written, the machine's own decide. */
  private static final Pattern SETTING = Pattern.compile(" openat\\(.*ipv[46]/conf/");

  /** A thread that makes spare namespaces, when the helper was idle for some milliseconds. */
  private static final Pattern MAKER = Pattern.compile("(?m)^(\\d+) +unshare\\(CLONE_NEWNET\\)");

  /** What only happens with a spare namespace, or only without. */
  private static final Pattern SPARE =
      Pattern.compile("= 0 \\(Timeout\\)|CLONE_THREAD|thread-self/ns/net");

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
    HelperTrace trace =
        new HelperTrace(Jvm.ownHelper().pid(), Files.createTempFile("vnet-helper", ".strace"));
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
    text = text.substring(0, text.lastIndexOf('\n') + 1); // the last is the wait it is in
    List<String> calls = new ArrayList<>();
    Set<String> others = makers(all);
    boolean setting = false;
    for (String line : wholeLines(text)) {
      Matcher call = CALL.matcher(line);
      if (!call.find() || others.contains(call.group(1)) || SPARE.matcher(line).find()) {
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
   * Joins the two halves of a call that another thread's interrupted. Leaves out the second half of
   * one that began before: it is the wait that the first request ended.
   */
  private static List<String> wholeLines(String text) {
    List<String> whole = new ArrayList<>();
    Map<String, String> begun = new HashMap<>();
    for (String line : text.lines().toList()) {
      Matcher half = RESUMED.matcher(line);
      if (line.endsWith(UNFINISHED)) {
        String first = line.substring(0, line.length() - UNFINISHED.length());
        begun.put(line.split(" ", 2)[0], first);
      } else if (!half.find()) {
        whole.add(line);
      } else if (begun.containsKey(half.group(1))) {
        whole.add(begun.remove(half.group(1)) + line.substring(half.end()));
      }
    }
    return whole;
  }

  private Set<String> makers(byte[] all) {
    Set<String> makers = new HashSet<>();
    Matcher maker = MAKER.matcher(new String(all, StandardCharsets.UTF_8));
    while (maker.find()) {
      makers.add(maker.group(1));
    }
    makers.remove(Long.toString(helper));
    return makers;
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
