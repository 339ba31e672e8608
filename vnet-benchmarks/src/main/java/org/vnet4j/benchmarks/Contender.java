// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A contender: another program that performs the same operations. Its protocol is described in
 * {@code src/main/c/bench.c}. It measures itself, so its times contain nothing of this JVM.
 *
 * @param name for tables
 * @param how it performs the operations, in a line
 * @param command to start it, without arguments
 * @param operations those that it supports
 * @param absent why it is missing, or null if it is installed
 */
record Contender(
    String name,
    String how,
    List<String> command,
    Set<String> operations,
    @Nullable String absent) {
  private static final long SAMPLE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int SAMPLES = 3;
  private static final int MOST = 20_000;
  private static final boolean FREEBSD = System.getProperty("os.name").equals("FreeBSD");

  /** The name of the system's own commands in tables. */
  static final String COMMANDS = FREEBSD ? "ifconfig, jail" : "ip";

  /** Asks the program for its operations; a program that does not answer is absent. */
  static Contender find(String name, String how, String remedy, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0
          ? new Contender(name, how, List.of(command), Set.of(out.split("\n")), null)
          : absent(name, how, remedy + ": " + lastLine(out));
    } catch (IOException e) {
      return absent(name, how, remedy + ": " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String lastLine(String text) {
    return text.strip().substring(text.strip().lastIndexOf('\n') + 1);
  }

  static Contender absent(String name, String how, String why) {
    return new Contender(name, how, List.of(), Set.of(), why);
  }

  static List<Contender> all(Path directory) {
    String bench = directory.resolve("vnet-bench").toString();
    if (FREEBSD) {
      return List.of(
          absent("C loop", "a C program with the same system calls", "it is written for Linux"),
          find(COMMANDS, "the system's commands, a process each", "the tools", bench, "tool"));
    }
    return List.of(
        find("C loop", "a C program with the same system calls", "C", bench, "loop"),
        find(
            COMMANDS,
            "the system's commands, a process each; for firewalls nft",
            "the tools",
            bench,
            "tool"),
        find("ip -batch", "many commands to one ip", "iproute2", bench, "batch"),
        find(
            "pyroute2",
            "the Python library",
            "Debian: apt-get install python3-pyroute2",
            bench,
            "sandbox",
            "/usr/bin/python3",
            directory.resolve("bench.py").toString()),
        find(
            "netlink",
            "the Go library vishvananda/netlink",
            "Debian: apt-get install golang-go golang-github-vishvananda-netlink-dev",
            bench,
            "sandbox",
            directory.resolve("netlink").toString()));
  }

  boolean can(Operation operation) {
    return operations.contains(operation.name());
  }

  /**
   * Measures one round, in a process and a network stack of its own.
   *
   * @param atMost the time after which the process is killed
   */
  List<Double> measure(Operation operation, Duration atMost) {
    List<String> line = new ArrayList<>(command);
    line.add(operation.name());
    line.add(Integer.toString(operation.size()));
    try {
      Process process =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
          PrintStream out =
              new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
        CompletableFuture<Void> overdue =
            CompletableFuture.runAsync(process::destroyForcibly, after(atMost));
        expect("ready", in.readLine(), line);
        List<Double> samples = new Sitting(line, in, out).measure(operation.isStar());
        overdue.cancel(false);
        return samples;
      } finally {
        process.waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Executor after(Duration time) {
    return CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void expect(String word, @Nullable String answer, List<String> line) {
    if (!word.equals(answer)) {
      throw new IllegalStateException(String.join(" ", line) + " answered " + answer);
    }
  }

  private record Sitting(List<String> line, BufferedReader in, PrintStream out) {
    List<Double> measure(boolean once) throws IOException {
      if (once) {
        return List.of((double) run(1));
      }
      int times = 1;
      for (long took = run(1); took < SAMPLE && times < MOST; took = run(times)) {
        times = (int) Math.min(MOST, Math.max(times * 2L, times * SAMPLE / took));
      }
      List<Double> samples = new ArrayList<>();
      for (int i = 0; i < SAMPLES; i++) {
        samples.add((double) run(times) / times);
      }
      return samples;
    }

    private long run(int times) throws IOException {
      out.println("prepare");
      expect("done", in.readLine(), line);
      out.println("run " + times);
      String answer = in.readLine();
      if (answer == null) {
        throw new IOException(String.join(" ", line) + " ended");
      }
      out.println("undo");
      expect("done", in.readLine(), line);
      return Long.parseLong(answer);
    }
  }
}
