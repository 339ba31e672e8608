// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Finds the JDKs of this machine. */
final class Jdks {
  private static final int VIRTUAL_THREADS = 21;

  private Jdks() {}

  /** Returns the program of the JVM that runs this. */
  static Path own() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Returns a JVM that has virtual threads: this one, or the newest of the usual places. */
  static Optional<Path> withVirtualThreads() {
    try (Stream<Path> all =
        Stream.of(Path.of("/usr/lib/jvm"), Path.of("/usr/local"))
            .filter(Files::isDirectory)
            .flatMap(Jdks::list)) {
      return Stream.concat(Stream.of(own()), all)
          .filter(java -> feature(java) >= VIRTUAL_THREADS)
          .max(Comparator.comparing(Jdks::feature));
    }
  }

  private static Stream<Path> list(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(jdk -> jdk.resolve("bin/java")).filter(Files::isExecutable).toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /** Returns the version of a JVM, such as 17, from the file beside it; 0 if it says none. */
  static int feature(Path java) {
    Path release = java.resolveSibling("../release");
    try (Reader in = Files.newBufferedReader(release)) {
      Properties properties = new Properties();
      properties.load(in);
      String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
      return Integer.parseInt(version.split("[.+-]")[0]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
