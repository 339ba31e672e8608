// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Gives a firewall object of another package access to one driver of one network stack.
 *
 * @param <D> the role's driver
 */
public interface Access<D> {

  /**
   * Returns the stack's name, for errors.
   *
   * @return {@code host}, or the full name of the jail
   */
  String stack();

  /**
   * Returns the driver. Callers ask again for each operation, since the jail may have been removed.
   *
   * @return the driver
   * @throws org.vnet4j.Jail.NotFoundException if the jail has been removed
   */
  D driver();

  /**
   * Runs a change of the kernel and logs it at level debug.
   *
   * @param what the log line: the change as the command that would make it
   * @param change makes the change through the driver
   */
  default void change(String what, Consumer<D> change) {
    changeAndGet(
        what,
        driver -> {
          change.accept(driver);
          return this;
        });
  }

  /**
   * Does what changes the kernel and has a result, with a line in the log.
   *
   * @param <T> the result
   * @param what the change in the words of the command that would make it
   * @param change the change
   * @return its result
   */
  <T> T changeAndGet(String what, Function<D, T> change);
}
