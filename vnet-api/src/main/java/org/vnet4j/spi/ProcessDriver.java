// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.nio.file.Path;

/** Starts processes in one stack. */
public interface ProcessDriver {

  /**
   * Starts a program in the stack.
   *
   * @param spec the program and its environment
   * @return the started process
   * @throws org.vnet4j.Exec.StartException if it could not be started
   */
  Process start(ProcessSpec spec);

  /**
   * Creates a program that a DHCP client calls when it obtains a lease. The program writes its
   * environment, one {@code name=value} a line, to the file {@code lease} in its own directory.
   *
   * @param directory a private directory of the caller, which receives the program
   * @return the path of the program; the caller deletes it with the directory
   */
  Path leaseHook(Path directory);

  /**
   * Prepares an interface for the system's DHCP client, if that needs more than an interface that
   * is up.
   *
   * @param iface name of the interface
   * @return undoes the preparation when the client has ended
   */
  default Runnable prepareDhcp(String iface) {
    return () -> {};
  }
}
