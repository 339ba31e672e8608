// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Starts the jar as a user does. */
@Timeout(900)
final class JarTest {
  private static final Path JAR = Path.of(System.getProperty("selftest.jar"));
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final int NOBODY = 65534;
  private static final String NO_SANDBOX = "FAIL: no test is possible here: ";

  /**
   * A separate directory for temporary files: those of other tests are not leftovers of this one.
   * Every user reaches it, wherever the sources are.
   */
  @TempDir(factory = ForEverybody.class)
  private Path directory;

  static final class ForEverybody implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext test, ExtensionContext extension)
        throws IOException {
      Path directory = Files.createTempDirectory(Path.of("/tmp"), "vnet4j-test");
      return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private record Run(int status, String report) {}

  @Test
  void the_contract_holds_on_this_machine() throws Exception {
    Files.createDirectory(directory.resolve("tmp"));

    Run run = run(JAVA, temporary(), "-jar", JAR.toString());

    assumeSandbox(run);
    assertThat(run.report())
        .containsPattern("\n  VNET +yes\n")
        .containsPattern("\nlifecycle +[1-9][0-9]* +0 +0 ")
        .containsPattern("\nPASSED( WITH ISSUES)?: [^\n]*\n$");
    Topic.of(ThisMachine.class)
        .forEach(topic -> assertThat(run.report()).contains("\n" + topic.name() + " "));
    assertThat(run.status()).isZero();
  }

  @Test
  void an_ordinary_user_may_run_it() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "the other test was ordinary");
    assumeTrue(Files.isExecutable(SETPRIV), "setpriv is not installed");
    Path jar = Files.copy(JAR, directory.resolve("vnet-selftest.jar"));
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setAttribute(Files.createDirectory(directory.resolve("tmp")), "unix:uid", NOBODY);

    Run run =
        run(
            SETPRIV.toString(),
            "--reuid=" + NOBODY,
            "--regid=" + NOBODY,
            "--clear-groups",
            JAVA,
            temporary(),
            "-jar",
            jar.toString(),
            "interface",
            "lifecycle",
            "route",
            "socket");

    assumeSandbox(run);
    assertThat(run.report())
        .doesNotContainPattern("\nuser +root\n")
        .containsPattern("\nPASSED( WITH ISSUES)?: [^\n]*\n$");
    assertThat(run.status()).isZero();
  }

  @Test
  void where_no_sandbox_is_possible_it_says_why() throws Exception {
    Run run = run(JAVA, "-Dorg.vnet4j.helper=/nonexistent/helper", "-jar", JAR.toString());

    assertThat(run.report()).contains("\n" + NO_SANDBOX).doesNotContain("\tat ");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void where_the_jar_has_no_helper_the_commands_of_the_error_make_one() throws Exception {
    Path jar = Files.copy(JAR, directory.resolve("the self-test.jar"));
    try (FileSystem inside = FileSystems.newFileSystem(jar);
        Stream<Path> helpers = Files.walk(inside.getPath("org/vnet4j/posix/helper/native"))) {
      for (Path file : helpers.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Run without = run(JAVA, "-jar", jar.toString(), "lifecycle");
    assertThat(without.report()).contains("\n" + NO_SANDBOX + "no helper for ");
    List<String> commands =
        without
            .report()
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("jar xf ") || line.startsWith("cc "))
            .toList();
    assertThat(commands).hasSize(2);

    ProcessBuilder shell =
        new ProcessBuilder("sh", "-ec", String.join("\n", commands))
            .directory(directory.toFile())
            .inheritIO();
    shell
        .environment()
        .merge("PATH", Path.of(JAVA).getParent().toString(), (path, jdk) -> path + ":" + jdk);
    assertThat(shell.start().waitFor()).as("%s", commands).isZero();

    Path made = directory.resolve("vnet-helper");
    Run run = run(JAVA, "-Dorg.vnet4j.helper=" + made, "-jar", jar.toString(), "lifecycle");
    assumeSandbox(run);
    assertThat(run.report()).containsPattern("\nPASSED( WITH ISSUES)?: [^\n]*\n$");
    assertThat(run.status()).isZero();
  }

  @Test
  void a_topic_that_is_none_is_named() throws Exception {
    Run run = run(JAVA, "-jar", JAR.toString(), "ping", "pong");

    assertThat(run.report()).startsWith("No such topic: pong\nThe topics: bad-input bridge ");
    assertThat(run.status()).isEqualTo(2);
  }

  private String temporary() {
    return "-Djava.io.tmpdir=" + directory.resolve("tmp");
  }

  private static void assumeSandbox(Run run) {
    int reason = run.report().indexOf(NO_SANDBOX);
    if (reason >= 0) {
      assertThat(run.status()).isEqualTo(1);
    }
    assumeFalse(reason >= 0, () -> run.report().substring(reason).strip());
  }

  private static Run run(String... command) throws IOException, InterruptedException {
    Path report = Files.createTempFile("selftest", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(report.toFile())
              .start();
      boolean ended = process.waitFor(600, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String text = Files.readString(report);
      assertThat(ended).as("ended in time:%n%s", text).isTrue();
      return new Run(process.exitValue(), text);
    } finally {
      Files.delete(report);
    }
  }
}
