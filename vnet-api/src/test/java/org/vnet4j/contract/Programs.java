// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.vnet4j.Exec;

/** Programs that only some tests want. */
public final class Programs {
  private static final boolean REQUIRED =
      Boolean.parseBoolean(System.getenv("VNET_REQUIRE_PROGRAMS"));

  private Programs() {}

  /**
   * Skips the test if none of these programs is installed; fails it where the environment variable
   * {@code VNET_REQUIRE_PROGRAMS} is {@code true}, as it is in continuous integration.
   *
   * @param anyOf programs that can stand in for each other
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

  private static boolean isInstalled(String program) {
    return Arrays.stream(Exec.DEFAULT_PATH.split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
