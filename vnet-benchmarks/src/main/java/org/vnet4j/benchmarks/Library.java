// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vnet4j.benchmarks.LibraryOperations.Work;

/**
 * The program that is this library among the contenders: {@code Library OPERATION SIZE}. It speaks
 * as {@code src/main/c/bench.c} does; without arguments it lists the operations.
 */
public final class Library {
  /**
   * The whole heap is allocated at the start: on a machine that must return free memory to its
   * host, each page by which the heap grows costs as much as reading an interface.
   */
  private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

  private Library() {}

  /**
   * Performs an operation as often as standard input asks for.
   *
   * @param args the operation and its size, or nothing
   * @throws Exception if it fails
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (args.length == 0) {
      LibraryOperations.names().forEach(out::println);
      return;
    }
    int size = Integer.parseInt(args[1]);
    try (Work work = LibraryOperations.of(args[0], size)) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ");
        switch (words[0]) {
          case "prepare" -> {
            work.prepare();
            out.println("done");
          }
          case "undo" -> {
            work.undo();
            out.println("done");
          }
          case "run" -> out.println(measure(work, args[0], Integer.parseInt(words[1])));
          case "also" -> out.println(measure(work, words[1], 1));
          default -> throw new IllegalArgumentException(line);
        }
      }
    }
  }

  private static String measure(Work work, String name, int times) throws Exception {
    long begin = System.nanoTime();
    long own = work.run(name, times);
    long took = System.nanoTime() - begin;
    long retries = work.retries(name, times);
    return (own > 0 ? own : took) + (retries < 0 ? "" : " retries=" + retries);
  }

  /**
   * Returns the contender that runs this program.
   *
   * @param java the JVM
   * @param programs the directory of the other contenders' programs
   */
  static Contender contender(ContestSettings settings, Path java, Path programs) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(Arrays.asList(settings.jvmArgs()));
    command.addAll(HEAP);
    if (Jdks.feature(java) >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Dbench.contenders=" + programs.toAbsolutePath());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Library.class.getName()));
    return Contender.find(
        Samples.OURS,
        "this library, on JDK " + Jdks.feature(java),
        "",
        command.toArray(String[]::new));
  }
}
