// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts another JVM with this one's classes on its class path, not on the module path. */
final class Jvm {
  private Jvm() {}

  static Process start(Class<?> main, String... arguments) throws IOException {
    return start(command(main, arguments));
  }

  /**
   * Does the same on a machine of its own, as far as networks are concerned: with network, mount
   * and process namespaces and a /run of its own, which all end together. The shell stays as its
   * process 1, to reap orphans, which a JVM would not do.
   */
  static Process startAlone(Class<?> main, String... arguments) throws IOException {
    return startAlone(List.of(), main, arguments);
  }

  /** Does the same; another program starts the JVM, the last of its arguments. */
  static Process startAlone(List<String> by, Class<?> main, String... arguments)
      throws IOException {
    String setUp = "mount -t tmpfs tmpfs /run || exit 1; \"$@\"; exit $?";
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "-n", "-m", "-p", "-f", "--kill-child", "--mount-proc"));
    command.addAll(List.of("--propagation", "private", "sh", "-c", setUp, "sh"));
    command.addAll(by);
    command.addAll(command(main, arguments));
    return start(command);
  }

  /** Returns the helper of this JVM, which has only one. */
  static ProcessHandle ownHelper() {
    return allHelpers().findFirst().orElseThrow();
  }

  /** Returns the process ids of all helpers of this JVM. */
  static Set<Long> helpers() {
    return allHelpers().map(ProcessHandle::pid).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the only helper that was not there before. */
  static long newHelper(Set<Long> before) {
    Set<Long> now = helpers();
    now.removeAll(before);
    assertThat(now).hasSize(1);
    return now.iterator().next();
  }

  /** Each is the child of its keeper. */
  private static Stream<ProcessHandle> allHelpers() {
    return ProcessHandle.current().children().flatMap(ProcessHandle::children);
  }

  /** Sends a signal, such as STOP. */
  static void signal(String signal, long pid) throws IOException, InterruptedException {
    String[] command = {"kill", "-" + signal, Long.toString(pid)};
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  /** Returns what a process prints up to its end, which must be a success; kills it in any case. */
  static List<String> linesOf(Process process) throws InterruptedException {
    try {
      List<String> lines = process.inputReader().lines().toList();
      assertThat(process.waitFor()).as(lines.toString()).isZero();
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<String> command(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    String modules = System.getProperty("jdk.module.path", "");
    String classes = System.getProperty("java.class.path", "");
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-cp", classes + java.io.File.pathSeparator + modules + testClasses()));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Returns the directory of the test classes. With modules they are patched into the module and on
   * no path.
   */
  private static String testClasses() {
    return java.io.File.pathSeparator + Path.of("target", "test-classes").toAbsolutePath();
  }
}
