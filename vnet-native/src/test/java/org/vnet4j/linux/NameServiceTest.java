// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Vnet;

/** Tests a user that only a name service of the machine knows: the static helper knows none. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the name service of this test is glibc's")
@Timeout(60)
final class NameServiceTest {
  /** The directory of Debian's libnss-extrausers. */
  private static final Path SERVICE = Path.of("/var/lib/extrausers");

  @Test
  void a_program_runs_as_a_user_that_a_name_service_knows(@TempDir Path directory)
      throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assumeTrue(Files.isDirectory(SERVICE), "not installed: libnss-extrausers");
    Files.writeString(directory.resolve("passwd"), "guest:x:4711:4712::/:/bin/sh\n");
    Files.writeString(directory.resolve("group"), "guests:x:4712:\ndivers:x:4713:guest\n");
    Path order = directory.resolve("nsswitch.conf");
    Files.writeString(order, "passwd: files extrausers\ngroup: files extrausers\n");
    String script =
        "mount --bind %s /etc/nsswitch.conf && mount --bind %s %s || exit; "
            .formatted(order, directory, SERVICE);
    List<String> served = List.of("sh", "-c", script + "exec \"$@\"", "sh");

    assertThat(Jvm.linesOf(Jvm.startAlone(served, Scene.class)))
        .containsExactly("4711 4712 4712 4713");
  }

  /** Prints the numbers of a program that runs as that user. */
  static final class Scene {
    private Scene() {}

    public static void main(String[] args) {
      try (Vnet vnet = Vnet.sandbox()) {
        String numbers = "echo $(id -u) $(id -g) $(id -G)";
        System.out.print(
            vnet.host().exec("sh", "-c", numbers).user("guest").run(Duration.ofSeconds(10)).out());
      }
    }
  }
}
