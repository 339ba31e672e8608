// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final String NATIVE = "org/vnet4j/posix/helper/native/";
  private static final List<String> PLATFORMS =
      List.of("freebsd-aarch64", "freebsd-x86_64", "linux-aarch64", "linux-x86_64");

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
  void a_jar_with_all_helpers_may_be_released(@TempDir Path directory) throws Exception {
    byte[] source = "int main(void) { return 0; }\n".getBytes(UTF_8);
    String sources = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("META-INF/vnet-helper/vnet-helper.c", source);
    for (String platform : PLATFORMS) {
      files.put(NATIVE + platform + "/vnet-helper", elf(platform));
      String made = "libc=musl 1.2.3\nsources=" + sources + "\n";
      files.put(NATIVE + platform + "/vnet-helper.properties", made.getBytes(UTF_8));
      files.put(NATIVE + platform + "/musl-copyright.txt", new byte[1]);
    }

    assertThat(HelperCheck.faults(jar(directory, String.join(" ", PLATFORMS), files))).isEmpty();

    files.put("META-INF/vnet-helper/more.c", source);
    assertThat(HelperCheck.faults(jar(directory, String.join(" ", PLATFORMS), files)))
        .hasSize(4)
        .allMatch(fault -> fault.endsWith(" was not compiled from the sources in the jar"));
  }

  @Test
  void a_jar_without_all_helpers_is_not_released(@TempDir Path directory) throws IOException {
    Map<String, byte[]> files =
        Map.of(
            NATIVE + "linux-aarch64/vnet-helper.properties",
            "libc=musl 1.2\nsources=of another day\n".getBytes(UTF_8),
            NATIVE + "linux-aarch64/vnet-helper",
            new byte[200]);

    assertThat(HelperCheck.faults(jar(directory, "linux-aarch64", files)))
        .contains(
            "the manifest lists the helpers linux-aarch64",
            "freebsd-x86_64 is missing",
            "linux-x86_64 is missing",
            "linux-aarch64 is no ELF file of 64 bits",
            "linux-aarch64 was not compiled from the sources in the jar",
            "linux-aarch64 lacks the notice of musl");
  }

  private static Path jar(Path directory, String listed, Map<String, byte[]> files)
      throws IOException {
    Path file = directory.resolve("vnet-native.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Vnet-Helpers", listed);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        jar.putNextEntry(new ZipEntry(entry.getKey()));
        jar.write(entry.getValue());
      }
    }
    return file;
  }

  /** Returns an ELF file with what is checked, and nothing to run. */
  private static byte[] elf(String platform) {
    boolean freebsd = platform.startsWith("freebsd-");
    ByteBuffer elf = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1).put((byte) (freebsd ? 9 : 0));
    elf.putShort(16, (short) 3).putShort(18, (short) (platform.endsWith("x86_64") ? 62 : 183));
    elf.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) (freebsd ? 5 : 4));
    int strings = 512;
    int interpreter = 600;
    int dynamic = 700;
    elf.position(strings + 1).put("libc.so.7".getBytes(UTF_8));
    elf.position(interpreter).put("/libexec/ld-elf.so.1".getBytes(UTF_8));
    elf.position(dynamic).putLong(30).putLong(8).putLong(5).putLong(strings + 0x10000);
    if (freebsd) {
      elf.putLong(1).putLong(1);
    }
    // Each segment: type, flags, offset, address, then how much of it.
    segment(elf, 0, 1, 4, 0).putLong(32, 1024).putLong(16, 0x10000);
    segment(elf, 1, 2, 4, dynamic);
    segment(elf, 2, 0x6474e551, 6, 0);
    segment(elf, 3, 0x6474e552, 4, 0);
    segment(elf, 4, freebsd ? 3 : 0, 4, interpreter);
    return elf.array();
  }

  private static ByteBuffer segment(ByteBuffer elf, int index, int type, int flags, long offset) {
    ByteBuffer header = elf.slice(64 + index * 56, 56).order(ByteOrder.LITTLE_ENDIAN);
    return header.putInt(0, type).putInt(4, flags).putLong(8, offset);
  }
}
