// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.Vnet;

/** Tests the helper's program as the build made it, and the check of a release's helpers. */
final class HelperBinaryTest {
  private static final HelperPlatform HERE = HelperPlatform.here();

  private final byte[] program = HERE.program();

  private static Properties made() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        HelperBinary.class.getResourceAsStream(
            "native/" + HERE.name() + "/vnet-helper.properties")) {
      properties.load(in);
    }
    return properties;
  }

  @Test
  void it_is_hardened_and_says_how_it_was_made() throws IOException {
    Properties made = made();

    assertThat(made.getProperty("platform")).isEqualTo(HERE.name());
    assertThat(made.getProperty("linkage")).isIn("static PIE", "dynamic");
    assertThat(made.getProperty("libc")).isNotBlank();
    assertThat(made.getProperty("compiler")).containsPattern("\\d");
    boolean alone = made.getProperty("linkage").equals("static PIE");
    assertThat(HelperCheck.faults(HERE.name(), program, alone)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, x86_64, linux-x86_64",
    "Linux, aarch64, linux-aarch64",
    "FreeBSD, amd64, freebsd-x86_64",
    "FreeBSD, arm64, freebsd-aarch64",
    "Linux, riscv64, linux-riscv64",
  })
  void one_processor_has_one_name(String system, String processor, String platform) {
    assertThat(HelperPlatform.of(system, processor).name()).isEqualTo(platform);
  }

  @Test
  void where_the_jar_has_none_the_error_has_the_commands_that_make_one() {
    assertThatThrownBy(() -> HelperPlatform.of("Linux", "pdp11").program())
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContaining("no helper for linux-pdp11 in ")
        .hasMessageContaining("\n  cc ")
        .hasMessageContaining("\n  java -Dorg.vnet4j.helper=$PWD/vnet-helper ");
  }

  @ParameterizedTest
  @CsvSource({
    // offset of a field in the header, its bytes, another value
    "1, 1, 0, is no ELF file of 64 bits",
    "16, 2, 2, cannot be loaded at any address",
    "18, 2, 8, is for another processor",
    "7, 1, 6, is for another system",
  })
  void a_fault_of_its_header_is_found(int at, int size, int value, String fault) {
    ByteBuffer bytes = ByteBuffer.wrap(program.clone()).order(ByteOrder.LITTLE_ENDIAN);
    if (size == 1) {
      bytes.put(at, (byte) value);
    } else {
      bytes.putShort(at, (short) value);
    }

    assertThat(HelperCheck.faults(HERE.name(), bytes.array(), false)).contains(fault);
  }

  @ParameterizedTest
  @CsvSource({
    // type of a segment, offset of a field in its header, another value
    "0x6474e552, 0, 0, has no RELRO",
    "0x6474e551, 4, 7, has an executable stack",
    "2, 0, 0, has no BIND_NOW",
    // a note becomes the name of an interpreter
    "4, 0, 3, has the interpreter",
  })
  void a_fault_of_a_segment_is_found(String type, int field, int value, String fault) {
    ByteBuffer bytes = ByteBuffer.wrap(program.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int at = (int) bytes.getLong(32);
    while (bytes.getInt(at) != Integer.decode(type)) {
      at += bytes.getShort(54);
    }
    bytes.putInt(at + field, value);

    assertThat(String.join("\n", HelperCheck.faults(HERE.name(), bytes.array(), true)))
        .contains(fault);
  }

  @Test
  void a_program_cut_short_is_found() {
    assertThat(HelperCheck.faults(HERE.name(), Arrays.copyOf(program, 100), true))
        .contains("is cut short");
  }

  @Test
  void a_jar_without_all_helpers_is_not_released(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("vnet-native.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Vnet-Helpers", "linux-aarch64");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.putNextEntry(
          new ZipEntry("org/vnet4j/posix/helper/native/linux-aarch64/vnet-helper.properties"));
      jar.write("libc=musl 1.2\nsources=of another day\n".getBytes());
      jar.putNextEntry(new ZipEntry("org/vnet4j/posix/helper/native/linux-aarch64/vnet-helper"));
      jar.write(new byte[200]);
    }

    assertThat(HelperCheck.faults(file))
        .contains(
            "the manifest lists the helpers linux-aarch64",
            "freebsd-x86_64 is missing",
            "linux-x86_64 is missing",
            "linux-aarch64 is no ELF file of 64 bits",
            "linux-aarch64 was not compiled from the sources in the jar",
            "linux-aarch64 lacks the notice of musl");
  }
}
