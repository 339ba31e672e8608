// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest.release;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes the file of the licences of others: a list of the parts of a jar, then each text in full.
 *
 * <p>The build runs it as a program of one file: {@code java ThirdParty.java LICENSES OUTPUT
 * CLASSPATH}.
 */
final class ThirdParty {
  private static final String RULE = "-".repeat(78) + "\n";

  private final Path licenses;
  private final Properties rows = new Properties();

  private ThirdParty(Path licenses) throws IOException {
    this.licenses = licenses;
    try (Reader reader = Files.newBufferedReader(licenses.resolve("parts.properties"))) {
      rows.load(reader);
    }
  }

  public static void main(String... arguments) throws IOException {
    Path output = Path.of(arguments[1]);
    String text = text(Path.of(arguments[0]), List.of(arguments[2].split(File.pathSeparator)));
    Files.createDirectories(output.getParent());
    Files.writeString(output, text);
  }

  /**
   * Returns the content of the file.
   *
   * @param licenses the directory of the texts, and of the list of parts
   * @param classPath the parts, each as Maven stores it: {@code ../artifact/version/name.jar}; what
   *     is built here, a directory or a jar in {@code target}, is no part of others
   * @throws IllegalStateException if a part has no licence, or a licence no part
   */
  static String text(Path licenses, List<String> classPath) throws IOException {
    return new ThirdParty(licenses).text(classPath);
  }

  private String text(List<String> classPath) throws IOException {
    TreeMap<String, String> versions = new TreeMap<>();
    for (String entry : classPath) {
      Path version = Path.of(entry).toAbsolutePath().getParent();
      if (entry.endsWith(".jar") && !version.endsWith("target") && !ours(version)) {
        versions.put(version.getParent().getFileName() + "", version.getFileName() + "");
      }
    }
    check(versions.keySet());
    Set<String> names = new LinkedHashSet<>();
    StringBuilder text = new StringBuilder();
    text.append(
        """
        This jar is Vnet for Java, under the Apache License 2.0, with the parts of others that are
        listed here. The sources of each are in the public repository of Maven, by its name and version,
        with the classifier sources. Helpers for Linux that are linked statically contain musl; the
        native libraries of jffi contain libffi.

        """);
    for (var part : versions.entrySet()) {
      List<String> texts = List.of(rows.getProperty(part.getKey()).split(" "));
      names.addAll(texts);
      text.append(
          "%-24s %-12s %s\n".formatted(part.getKey(), part.getValue(), String.join(", ", texts)));
    }
    names.add("MIT-musl");
    for (String name : new TreeSet<>(names)) {
      text.append('\n').append(RULE).append(name).append('\n').append(RULE).append('\n');
      text.append(Files.readString(file(name)).replaceFirst("^\\R+", "").stripTrailing())
          .append('\n');
    }
    return text.toString();
  }

  private Path file(String name) {
    return name.equals("Apache-2.0")
        ? licenses.resolve("../../LICENSE")
        : licenses.resolve(name + ".txt");
  }

  private void check(Set<String> parts) {
    List<String> faults = new ArrayList<>();
    Set<String> listed = rows.stringPropertyNames();
    parts.stream().filter(part -> !listed.contains(part)).forEach(faults::add);
    if (!faults.isEmpty()) {
      throw new IllegalStateException("no licence in config/licenses/parts.properties: " + faults);
    }
    new TreeSet<>(listed).stream().filter(part -> !parts.contains(part)).forEach(faults::add);
    if (!faults.isEmpty()) {
      throw new IllegalStateException(
          "in config/licenses/parts.properties, but not in the jar: " + faults);
    }
  }

  /** Returns whether this directory of a repository has a module of this project. */
  private static boolean ours(Path version) {
    return Stream.iterate(version, path -> path != null, Path::getParent)
        .limit(3)
        .anyMatch(path -> path.endsWith("vnet4j"));
  }
}
