// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A contender: this library, or another program that performs the same operations; each in
 * processes of its own, which measure themselves. See {@link Sitting}.
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
  private static final boolean FREEBSD = System.getProperty("os.name").equals("FreeBSD");

  /** The frozen C loop, to which the targets are ratios. */
  static final String LOOP = "C loop";

  /** C with every trick that the library knows. */
  static final String LIMIT = "limit";

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

  /** Returns those that are not this library. */
  static List<Contender> all(Path directory) {
    String bench = directory.resolve("vnet-bench").toString();
    Contender loop =
        find(LOOP, "a C program with the system calls of commit 1eebd31", "C", bench, "loop");
    if (FREEBSD) {
      return List.of(
          loop, find(COMMANDS, "the system's commands, a process each", "tools", bench, "tool"));
    }
    return List.of(
        loop,
        find(LIMIT, "C with every trick; no target", "C", bench, "limit"),
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

  boolean isOurs() {
    return name.equals(Samples.OURS);
  }

  /** Returns whether it is written in C, so that its samples are cheap. */
  boolean isC() {
    return name.equals(LOOP) || name.equals(LIMIT);
  }

  /** Returns whether it measures a star's build, pings and removal one after the other. */
  boolean buildsStars() {
    return operations.contains("starAwaitCarrier");
  }

  /**
   * Starts a process that performs an operation.
   *
   * @param atMost the time after which the process is killed
   */
  Sitting sit(Operation operation, Duration atMost) throws IOException {
    List<String> line = new ArrayList<>(command);
    line.add(operation.name());
    line.add(Integer.toString(operation.size()));
    return new Sitting(line, atMost);
  }
}
