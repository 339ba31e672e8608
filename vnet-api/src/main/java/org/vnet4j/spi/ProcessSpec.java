// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a program to start.
 *
 * @param command the program and its arguments
 * @param environment its complete environment
 * @param directory its working directory
 * @param user the user that it runs as, or null for the user of this process
 * @param stdin source of its standard input
 * @param stdout destination of its standard output
 * @param stderr destination of its standard error, or null for that of standard output
 * @param session stays reachable until the program has ended: a sandbox is not closed as
 *     unreachable while a program runs in it
 */
public record ProcessSpec(
    List<String> command,
    Map<String, String> environment,
    Path directory,
    @Nullable String user,
    Redirect stdin,
    Redirect stdout,
    @Nullable Redirect stderr,
    Object session) {

  /** Copies the collections. */
  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
