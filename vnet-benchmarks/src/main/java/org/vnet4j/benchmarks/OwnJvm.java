// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measures a JVM from outside: its start-up time, and its memory for each jail. */
final class OwnJvm {
  private static final int STARTS = 7;
  private static final String ARCHIVE = "-XX:SharedArchiveFile=";

  private final List<String> java = new ArrayList<>();

  OwnJvm(ContestSettings settings) {
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of(settings.jvmArgs()));
  }

  /** Returns lines for the report. */
  List<String> measure(Path directory) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    lines.add("- memory: " + run(Footprint.class));
    lines.add(
        "- start: " + start() + " from the start of a JVM to the first interface, no options");
    Path archive = directory.resolve("vnet4j.jsa").toAbsolutePath();
    Files.deleteIfExists(archive);
    run(FirstInterface.class, "-XX:ArchiveClassesAtExit=" + archive);
    lines.add("- start: " + start(ARCHIVE + archive) + " with an archive of its classes");
    lines.add(
        "- start: "
            + start(ARCHIVE + archive, "-XX:TieredStopAtLevel=1")
            + " with that, and -XX:TieredStopAtLevel=1");
    return lines;
  }

  private String start(String... options) throws IOException, InterruptedException {
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      long begin = System.nanoTime();
      run(FirstInterface.class, options);
      all.add((double) (System.nanoTime() - begin));
    }
    Collections.sort(all);
    return ResultTable.time(all.get(all.size() / 2));
  }

  private String run(Class<?> program, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + out);
    }
    return out.strip();
  }
}
