// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Checks the helpers in a jar that is to be released: one for each platform, each an ELF file of
 * the right kind, see elf(5), and compiled from the sources in the jar. Uses the JDK alone, since
 * the build runs this file as it is: {@code java HelperCheck.java JAR}.
 */
final class HelperCheck {
  private static final List<String> PLATFORMS =
      List.of("freebsd-aarch64", "freebsd-x86_64", "linux-aarch64", "linux-x86_64");

  private static final String NATIVE = "org/vnet4j/posix/helper/native/";
  private static final String SOURCES = "META-INF/vnet-helper/";
  private static final Map<String, Integer> MACHINES = Map.of("x86_64", 62, "aarch64", 183);

  private static final int MAGIC = 0x464c457f;
  private static final int CLASS64_LITTLE = 0x0102;
  private static final int OSABI_SYSV = 0;
  private static final int OSABI_GNU = 3;
  private static final int OSABI_FREEBSD = 9;
  private static final int ET_DYN = 3;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int PT_GNU_STACK = 0x6474e551;
  private static final int PT_GNU_RELRO = 0x6474e552;
  private static final int PF_X = 1;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;
  private static final long DT_TEXTREL = 22;
  private static final long DT_FLAGS = 30;
  private static final long DF_TEXTREL = 4;
  private static final long DF_BIND_NOW = 8;

  private final String platform;
  private final ByteBuffer elf;
  private final List<String> faults = new ArrayList<>();

  private HelperCheck(String platform, byte[] program) {
    this.platform = platform;
    this.elf = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Checks one helper.
   *
   * @param platform such as linux-x86_64
   * @param program the ELF file
   * @param alone whether it must need no other file: on Linux a static PIE
   * @return what is wrong with it; empty if nothing is
   */
  static List<String> faults(String platform, byte[] program, boolean alone) {
    HelperCheck check = new HelperCheck(platform, program);
    try {
      check.kind();
      check.hardening();
      if (platform.startsWith("freebsd-")) {
        check.system(List.of("/libexec/ld-elf.so.1"), List.of("libc.so.7"));
      } else if (alone) {
        check.system(List.of(), List.of());
      }
    } catch (IndexOutOfBoundsException e) {
      check.faults.add("is cut short");
    }
    return check.faults;
  }

  private void expect(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }

  private void kind() {
    expect(
        elf.getInt(0) == MAGIC && elf.getShort(4) == CLASS64_LITTLE, "is no ELF file of 64 bits");
    expect(elf.getShort(16) == ET_DYN, "cannot be loaded at any address");
    Integer machine = MACHINES.get(platform.substring(platform.indexOf('-') + 1));
    expect(machine == null || elf.getShort(18) == machine, "is for another processor");
    int abi = elf.get(7);
    expect(
        platform.startsWith("freebsd-")
            ? abi == OSABI_FREEBSD
            : abi == OSABI_SYSV || abi == OSABI_GNU,
        "is for another system");
  }

  private void hardening() {
    expect(!segments(PT_GNU_RELRO).isEmpty(), "has no RELRO");
    expect((flags() & DF_BIND_NOW) != 0, "has no BIND_NOW");
    expect((flags() & DF_TEXTREL) == 0 && dynamic(DT_TEXTREL).isEmpty(), "relocates its text");
    List<Integer> stack = segments(PT_GNU_STACK);
    expect(
        !stack.isEmpty() && (elf.getInt(stack.get(0) + 4) & PF_X) == 0, "has an executable stack");
  }

  private void system(List<String> interpreter, List<String> libraries) {
    List<String> wanted =
        segments(PT_INTERP).stream().map(at -> text((int) elf.getLong(at + 8))).toList();
    expect(wanted.equals(interpreter), "has the interpreter " + wanted);
    List<String> needed =
        dynamic(DT_NEEDED).stream()
            .map(name -> text(offset(dynamic(DT_STRTAB).get(0) + name)))
            .toList();
    expect(needed.equals(libraries), "needs " + needed);
  }

  /** Returns where in the file the headers of the segments of a type are. */
  private List<Integer> segments(int type) {
    List<Integer> found = new ArrayList<>();
    int at = (int) elf.getLong(32);
    for (int i = 0; i < elf.getShort(56); i++, at += elf.getShort(54)) {
      if (elf.getInt(at) == type) {
        found.add(at);
      }
    }
    return found;
  }

  private List<Long> dynamic(long tag) {
    List<Long> values = new ArrayList<>();
    for (int segment : segments(PT_DYNAMIC)) {
      for (int at = (int) elf.getLong(segment + 8); elf.getLong(at) != 0; at += 16) {
        if (elf.getLong(at) == tag) {
          values.add(elf.getLong(at + 8));
        }
      }
    }
    return values;
  }

  private long flags() {
    return dynamic(DT_FLAGS).stream().reduce(0L, (a, b) -> a | b);
  }

  /** Returns where in the file an address is. */
  private int offset(long address) {
    for (int segment : segments(PT_LOAD)) {
      long start = elf.getLong(segment + 16);
      if (address >= start && address < start + elf.getLong(segment + 32)) {
        return (int) (address - start + elf.getLong(segment + 8));
      }
    }
    throw new IndexOutOfBoundsException();
  }

  private String text(int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), at, end - at, StandardCharsets.ISO_8859_1);
  }

  /**
   * Checks a jar.
   *
   * @return what is wrong with it; empty if nothing is
   */
  static List<String> faults(Path file) throws IOException {
    List<String> faults = new ArrayList<>();
    try (JarFile jar = new JarFile(file.toFile())) {
      String listed = jar.getManifest().getMainAttributes().getValue("Vnet-Helpers");
      if (!String.join(" ", PLATFORMS).equals(listed)) {
        faults.add("the manifest lists the helpers " + listed);
      }
      String sources = sources(jar);
      for (String platform : PLATFORMS) {
        Optional<byte[]> program = bytes(jar, NATIVE + platform + "/vnet-helper");
        if (program.isEmpty()) {
          faults.add(platform + " is missing");
          continue;
        }
        faults(platform, program.get(), true).forEach(f -> faults.add(platform + " " + f));
        Properties made = properties(jar, NATIVE + platform + "/vnet-helper.properties");
        if (!sources.equals(made.getProperty("sources"))) {
          faults.add(platform + " was not compiled from the sources in the jar");
        }
        if (made.getProperty("libc", "").startsWith("musl")
            && bytes(jar, NATIVE + platform + "/musl-copyright.txt").isEmpty()) {
          faults.add(platform + " lacks the notice of musl");
        }
      }
    }
    return faults;
  }

  private static Optional<byte[]> bytes(JarFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return Optional.of(in.readAllBytes());
    }
  }

  private static Properties properties(JarFile jar, String name) throws IOException {
    Properties properties = new Properties();
    properties.load(new ByteArrayInputStream(bytes(jar, name).orElse(new byte[0])));
    return properties;
  }

  /** Returns the number that src-c/build-helper.sh writes: of all sources, by name. */
  private static String sources(JarFile jar) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (ZipEntry entry : jar.stream().toList()) {
      if (entry.getName().startsWith(SOURCES) && !entry.isDirectory()) {
        files.put(entry.getName(), bytes(jar, entry.getName()).orElseThrow());
      }
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.values().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void main(String[] args) throws IOException {
    List<String> faults = faults(Path.of(args[0]));
    faults.forEach(fault -> System.err.println("helpers of " + args[0] + ": " + fault));
    System.exit(faults.isEmpty() ? 0 : 1);
  }
}
