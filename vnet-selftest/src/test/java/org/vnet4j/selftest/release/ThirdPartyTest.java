// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The licences of others are in the jar, all of them, and in full. */
final class ThirdPartyTest {
  private static final Path JAR = Path.of(System.getProperty("selftest.jar"));

  @TempDir private Path directory;

  @Test
  void the_jar_names_each_part_with_its_version() throws IOException {
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      String text = read(jar, jar.getEntry("META-INF/THIRD-PARTY.txt"));
      List<? extends ZipEntry> parts =
          jar.stream()
              .filter(entry -> entry.getName().matches("META-INF/maven/.*/pom.properties"))
              .filter(entry -> !entry.getName().contains("/org.vnet4j/"))
              .toList();

      assertThat(parts).hasSizeGreaterThan(5);
      for (ZipEntry entry : parts) {
        Properties part = new Properties();
        try (InputStream stream = jar.getInputStream(entry)) {
          part.load(stream);
        }
        assertThat(text)
            .containsPattern(
                "(?m)^" + part.get("artifactId") + " +" + part.get("version") + " +[A-Z]");
      }
      assertThat(text)
          .containsPattern("(?m)^junit-jupiter-params +6\\S+ +EPL-2.0, MIT-fastcsv$")
          .contains("Eclipse Public License - v 2.0\n=====")
          .contains("Apache License\n                           Version 2.0, January 2004")
          .contains("Copyright (c) 2000-2011 INRIA, France Telecom")
          .contains("QOS.ch")
          .contains("2005-2020 Rich Felker, et al.")
          .contains("libffi - Copyright (c) 1996-2024  Anthony Green");
    }
  }

  @Test
  void a_part_without_a_licence_is_refused() throws IOException {
    Path licenses = licenses("one = MIT-one\n");

    assertThat(ThirdParty.text(licenses, List.of("/r/a/one/1.5/one-1.5.jar", "/x/target/classes")))
        .containsPattern("(?m)^one +1.5 +MIT-one$")
        .contains("the text of one");
    assertThatThrownBy(
            () ->
                ThirdParty.text(
                    licenses, List.of("/r/a/one/1.5/one-1.5.jar", "/r/a/two/2.0/two-2.0.jar")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no licence")
        .hasMessageContaining("[two]");
  }

  @Test
  void a_licence_of_what_is_not_in_the_jar_is_refused() throws IOException {
    Path licenses = licenses("one = MIT-one\ntwo = MIT-one\n");

    assertThatThrownBy(() -> ThirdParty.text(licenses, List.of("/r/a/one/1.5/one-1.5.jar")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not in the jar: [two]");
  }

  private Path licenses(String rows) throws IOException {
    Files.writeString(directory.resolve("parts.properties"), rows);
    Files.writeString(directory.resolve("MIT-one.txt"), "the text of one\n");
    Files.writeString(directory.resolve("MIT-musl.txt"), "the text of musl\n");
    return directory;
  }

  private static String read(ZipFile jar, ZipEntry entry) throws IOException {
    try (InputStream stream = jar.getInputStream(entry)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
