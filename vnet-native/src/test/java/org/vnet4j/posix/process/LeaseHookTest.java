// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.posix.helper.HelperBinary;

/** Tests the helper as the script of a DHCP client: what it writes, and where it refuses to. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no helper")
class LeaseHookTest {
  @TempDir Path directory;

  private Path hook;

  @BeforeEach
  void install() throws IOException {
    hook = directory.resolve("lease-hook");
    HelperBinary.install(hook);
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
  }

  private int called(Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(hook.toString());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start().waitFor();
  }

  @Test
  void no_value_makes_a_line_of_its_own_and_nobody_else_reads_them() throws Exception {
    Map<String, String> told =
        Map.of("ip", "192.0.2.2", "dns", "192.0.2.1\nip=198.51.100.1", "subnet", "255.0.0.0");

    assertThat(called(told)).isZero();

    Path lease = directory.resolve("lease");
    assertThat(Files.readAllLines(lease)).contains("ip=192.0.2.2", "subnet=255.0.0.0").hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lease)))
        .isEqualTo("rw-------");
  }

  @Test
  void where_it_cannot_write_it_says_so_to_the_clients_log() throws Exception {
    Files.createDirectory(directory.resolve("lease.new"));

    Process called = new ProcessBuilder(hook.toString()).redirectErrorStream(true).start();

    assertThat(called.inputReader().readLine())
        .isEqualTo("lease-hook: open lease.new: Is a directory");
    assertThat(called.waitFor()).isEqualTo(111);
  }

  @Test
  void it_follows_no_link_and_replaces_one_that_is_in_its_place() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "as it was");
    Path fresh = Files.createSymbolicLink(directory.resolve("lease.new"), victim);
    assertThat(called(Map.of("ip", "192.0.2.2"))).isEqualTo(111);

    Files.delete(fresh);
    Path lease = Files.createSymbolicLink(directory.resolve("lease"), victim);
    assertThat(called(Map.of("ip", "192.0.2.2"))).isZero();

    assertThat(victim).hasContent("as it was");
    assertThat(Files.isSymbolicLink(lease)).isFalse();
  }
}
