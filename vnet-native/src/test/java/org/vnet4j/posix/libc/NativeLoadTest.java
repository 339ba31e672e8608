// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Exec;
import org.vnet4j.Vnet;

/**
 * Tests that native libraries are extracted to a place that no other user can change, and are
 * deleted again.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "mounts of Linux's stand for the machines it meets")
@Timeout(240)
class NativeLoadTest {
  @TempDir Path directory;

  /** Loads the native library, and prints the files that it leaves. */
  static final class Load {
    private Load() {}

    public static void main(String[] args) throws IOException {
      for (String time : List.of("", "again: ")) {
        try {
          Native.libc();
          System.out.println(time + "loaded");
        } catch (RuntimeException e) {
          System.out.println(time + e.getMessage());
        }
      }
      for (String place : args) {
        try (var files = Files.list(Path.of(place))) {
          files.forEach(file -> System.out.println("left " + file));
        }
      }
    }
  }

  /** Runs {@link Load} after mounting a directory like /tmp, but with noexec. */
  private String load(Path noexec, Path temporary, Path home) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String path =
        System.getProperty("java.class.path", "")
            + ":"
            + System.getProperty("jdk.module.path", "")
            + ":"
            + Path.of("target", "test-classes").toAbsolutePath();
    java.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-Duser.home=" + home));
    java.addAll(List.of("-cp", path, Load.class.getName()));
    java.addAll(List.of(temporary.toString(), home.toString()));
    List<String> command = new ArrayList<>();
    String script = "mount -t tmpfs -o noexec,mode=1777 none \"$1\" && shift && exec \"$@\"";
    command.addAll(List.of("sh", "-c", script, "sh", noexec.toString()));
    command.addAll(java);
    try (Vnet vnet = Vnet.sandbox()) {
      Exec exec = vnet.host().exec(command);
      Exec.Result result = exec.run(Duration.ofSeconds(60));
      assertThat(result.status()).as(result.err()).isZero();
      return result.out();
    } catch (Vnet.NotPermittedException | Vnet.UnsupportedException e) {
      return Assumptions.abort("needs root or user namespaces: " + e.getMessage());
    }
  }

  private Path make(String name, String permissions) throws IOException {
    Path made = Files.createDirectory(directory.resolve(name));
    return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void where_tmp_cannot_execute_the_users_cache_does_and_nothing_stays() throws IOException {
    Path tmp = make("tmp", "rwx------");
    Path home = make("home", "rwx------");
    Files.createDirectory(home.resolve(".cache"));
    String out = load(tmp, tmp, home);
    assertThat(out.lines())
        .containsExactly("loaded", "again: loaded", "left " + home.resolve(".cache"));
  }

  @Test
  void where_nothing_can_execute_the_error_names_each_place_and_what_to_set() throws IOException {
    Path tmp = make("tmp", "rwx------");
    Path home = make("home", "rwx------");
    String out = load(tmp, tmp, home);
    assertThat(out)
        .contains("jffi")
        .contains(tmp + ": its files cannot be executed (mounted noexec)")
        .contains(home + "/.cache: no such directory")
        .contains("set java.io.tmpdir")
        .doesNotContain("left");
    List<String> lines = out.lines().toList();
    assertThat(lines.get(1)).as("the second call").isEqualTo("again: " + lines.get(0));
  }

  @Test
  void a_directory_in_which_others_could_replace_the_file_is_not_used() throws IOException {
    Path open = make("open", "rwxrwxrwx");
    Path home = make("home", "rwx------");
    Files.createDirectory(home.resolve(".cache"));
    assertThat(load(make("unused", "rwx------"), open, home).lines())
        .containsExactly("loaded", "again: loaded", "left " + home.resolve(".cache"));
    assertThat(load(directory.resolve("unused"), open, make("other", "rwx------")))
        .contains(open + ": others may write there, and it has no sticky bit");
  }

  /** Runs {@link Load} in another JVM. */
  private static String output(String classPath, String... options) throws Exception {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of(options));
    java.addAll(List.of("-cp", classPath, Load.class.getName()));
    Process jvm = new ProcessBuilder(java).redirectErrorStream(true).start();
    String out = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jvm.waitFor()).as(out).isZero();
    return out;
  }

  private static String classPath() {
    return System.getProperty("java.class.path", "")
        + ":"
        + System.getProperty("jdk.module.path", "")
        + ":"
        + Path.of("target", "test-classes").toAbsolutePath();
  }

  @Test
  void a_jar_that_is_missing_is_one_typed_error_that_says_so() throws Exception {
    String without =
        Arrays.stream(classPath().split(":"))
            .filter(entry -> !entry.contains("jffi"))
            .collect(Collectors.joining(":"));
    assertThat(output(without))
        .contains("the native library (jffi) cannot be loaded")
        .contains("jffi and its native jar")
        .doesNotContain("Exception in thread");
  }

  @Test
  void a_jvm_that_denies_native_access_is_one_typed_error_that_names_the_option() throws Exception {
    Assumptions.assumeTrue(
        Runtime.version().feature() >= 24, "JDK 24 and later can deny native access");
    String deny = "--illegal-native-access=deny";
    assertThat(output(classPath(), deny))
        .contains("the native library (jffi) cannot be loaded")
        .contains("--enable-native-access=ALL-UNNAMED")
        .doesNotContain("Exception in thread");
    assertThat(output(classPath(), deny, "--enable-native-access=ALL-UNNAMED")).contains("loaded");
  }
}
