// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures a JVM from outside: its start-up time, and its memory for each jail. */
final class OwnJvm {
  private static final int STARTS = 12;
  private static final int FOOTPRINTS = 3;
  private static final String ARCHIVE = "-XX:SharedArchiveFile=";

  private final List<String> java = new ArrayList<>();
  private final Samples samples;

  OwnJvm(ContestSettings settings, Samples samples) {
    java.add(Jdks.own().toString());
    java.addAll(List.of(settings.jvmArgs()));
    this.samples = samples;
  }

  /** Takes the samples; returns a line for the report. */
  List<String> measure(Path directory) throws IOException, InterruptedException {
    for (int i = 0; i < FOOTPRINTS; i++) {
      String[] words = run(Footprint.class).split(" ");
      samples.add(Operation.HEAP, Samples.OURS, Double.parseDouble(words[0]));
      samples.add(Operation.DESCRIPTORS, Samples.OURS, Double.parseDouble(words[1]));
    }
    Path archive = directory.resolve("vnet4j.jsa").toAbsolutePath();
    Files.deleteIfExists(archive);
    run(FirstInterface.class, "-XX:ArchiveClassesAtExit=" + archive);
    List<Double> quick = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      samples.add(Operation.START, Samples.OURS, start());
      samples.add(Operation.START_ARCHIVED, Samples.OURS, start(ARCHIVE + archive));
      quick.add(start(ARCHIVE + archive, "-XX:TieredStopAtLevel=1"));
    }
    return List.of(
        "- start: "
            + ResultTable.time(Interval.of(quick).median())
            + " with an archive and -XX:TieredStopAtLevel=1");
  }

  private double start(String... options) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    run(FirstInterface.class, options);
    return System.nanoTime() - begin;
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
