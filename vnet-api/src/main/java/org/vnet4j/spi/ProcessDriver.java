// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.nio.file.Path;

/** Starts processes in one stack. */
public interface ProcessDriver {

  /**
   * Starts a program in the stack.
   *
   * @param spec what to run
   * @return the process
   * @throws org.vnet4j.Exec.StartException if it could not be started
   */
  Process start(ProcessSpec spec);

  /**
   * Makes a program for a DHCP client to call when it has a lease: it writes its environment, one
   * {@code name=value} a line, to the file {@code lease} beside itself.
   *
   * @param directory a directory of the caller's own
   * @return the program; deleting the directory deletes it
   */
  Path leaseHook(Path directory);
}
