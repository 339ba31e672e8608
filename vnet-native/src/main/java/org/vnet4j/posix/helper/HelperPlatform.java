// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;

/**
 * A system and a processor, by the names that the helpers in the jar have: {@code linux-x86_64}.
 * src-c/build-helper.sh gives the same names.
 */
record HelperPlatform(String name) {
  /** Where the jar has the helper's sources. */
  private static final String SOURCES = "META-INF/vnet-helper";

  private static final String COMPILE =
      "cc -std=c11 -O2 -fPIE -pie -fstack-protector-strong -Wl,-z,relro,-z,now,-z,noexecstack"
          + "%2$s -o vnet-helper -I%1$s %1$s/*.c %1$s/linux/*.c %1$s/freebsd/*.c";

  /** Returns the platform of this JVM. */
  static HelperPlatform here() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /**
   * Returns a platform by the JVM's names; one processor has several.
   *
   * @param system as in the property os.name
   * @param processor as in the property os.arch
   */
  static HelperPlatform of(String system, String processor) {
    String known =
        switch (processor) {
          case "amd64" -> "x86_64";
          case "arm64" -> "aarch64";
          default -> processor;
        };
    return new HelperPlatform(system.toLowerCase(Locale.ROOT) + "-" + known);
  }

  /**
   * Returns the helper for this platform.
   *
   * @throws Vnet.UnsupportedException if the jar has none; the message has the commands to make one
   */
  byte[] program() {
    try (InputStream in =
        HelperPlatform.class.getResourceAsStream("native/" + name + "/vnet-helper")) {
      if (in == null) {
        throw missing(origin());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new VnetException("the helper in the jar cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns the jar or the directory that this class was loaded from; null if it is neither. */
  private static @Nullable Path origin() {
    CodeSource source = HelperPlatform.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return null;
    }
  }

  private Vnet.UnsupportedException missing(@Nullable Path origin) {
    boolean unpacked = origin != null && Files.isDirectory(origin);
    String jar = origin == null ? "vnet-native.jar" : quoted(origin.toString());
    String sources = unpacked ? quoted(origin + "/" + SOURCES) : SOURCES;
    return new Vnet.UnsupportedException(
        "no helper for "
            + name
            + " in "
            + jar
            + "; make one of the sources in there, and name it to Java:\n"
            + (unpacked ? "" : "  jar xf " + jar + " " + SOURCES + "\n")
            + "  "
            + COMPILE.formatted(sources, name.startsWith("linux-") ? " -pthread" : "")
            + "\n  java -D"
            + HelperBinary.PROPERTY
            + "=$PWD/vnet-helper ...");
  }

  private static String quoted(String path) {
    return path.matches("[\\w./+:@%,=~-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }
}
