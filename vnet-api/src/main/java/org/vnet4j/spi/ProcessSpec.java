// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to be started.
 *
 * @param command the program and its arguments
 * @param environment its whole environment
 * @param directory where it starts
 * @param user the user it runs as, or null for that of this process
 * @param stdin where its input comes from
 * @param stdout the target of its output
 * @param stderr the target of its error output, or null for the target of its output
 */
public record ProcessSpec(
    List<String> command,
    Map<String, String> environment,
    Path directory,
    @Nullable String user,
    Redirect stdin,
    Redirect stdout,
    @Nullable Redirect stderr) {

  /** Copies the collections. */
  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
