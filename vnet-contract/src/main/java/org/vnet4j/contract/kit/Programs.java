// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vnet4j.Exec;
import org.vnet4j.Jail;

/** Programs that only some tests need. */
public final class Programs {
  private static final boolean REQUIRED =
      Boolean.parseBoolean(System.getenv("VNET_REQUIRE_PROGRAMS"));

  private Programs() {}

  /**
   * Skips the test if none of these programs is installed; fails it where the environment variable
   * {@code VNET_REQUIRE_PROGRAMS} is {@code true}, as it is in continuous integration.
   *
   * @param anyOf programs of which any will do
   */
  public static void need(String... anyOf) {
    if (Arrays.stream(anyOf).anyMatch(Programs::isInstalled)) {
      return;
    }
    String reason = "not installed: " + String.join(" or ", anyOf);
    if (REQUIRED) {
      fail(reason + "; VNET_REQUIRE_PROGRAMS is set");
    }
    abort(reason);
  }

  /**
   * Returns the command of a DHCP server, dnsmasq, for 198.51.100.0/24, with its files in a
   * directory.
   */
  public static Exec dhcpServer(Jail jail, Path directory, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=0",
                "--user=",
                "--group=",
                "--pid-file=",
                "--dhcp-range=198.51.100.50,198.51.100.60,255.255.255.0,1h",
                "--dhcp-leasefile=" + directory.resolve("leases"),
                "--dhcp-authoritative"));
    command.addAll(List.of(options));
    return jail.exec(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.to(directory.resolve("log").toFile()));
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(Exec.DEFAULT_PATH.split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
