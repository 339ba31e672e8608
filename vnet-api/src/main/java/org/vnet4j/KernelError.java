// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.vnet4j.net.Errno;

/**
 * The error of a failed system call.
 *
 * @param call the call as its manual page names it, such as {@code SIOCSIFVNET} or {@code
 *     RTM_NEWLINK}
 * @param subject the object of the call, such as {@code epair0b -> jail 3}
 * @param number the number of errno(2), which differs between systems
 * @param errno its symbol, the same on all systems; empty if no table has the number
 * @param text the text of strerror(3)
 * @param detail the kernel's own message, empty if it has none: a jail's {@code errmsg}, a netlink
 *     extended acknowledgement
 */
public record KernelError(
    String call,
    String subject,
    int number,
    Optional<Errno> errno,
    String text,
    Optional<String> detail) {

  /** Checks that no component is null; replaces a blank detail by an empty one. */
  public KernelError {
    Objects.requireNonNull(call, "call");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(errno, "errno");
    Objects.requireNonNull(text, "text");
    detail = detail.filter(words -> !words.isBlank());
  }

  /**
   * Returns an error without a message of the kernel.
   *
   * @param call the call as its manual page names it
   * @param subject the object of the call
   * @param number the number of errno(2)
   * @param errno its symbol
   * @param text the text of strerror(3)
   * @return the error
   */
  public static KernelError of(String call, String subject, int number, Errno errno, String text) {
    return new KernelError(call, subject, number, Optional.of(errno), text, Optional.empty());
  }

  /**
   * Returns the symbol as text.
   *
   * @return such as {@code ENXIO}, or {@code errno 4711} if no table has the number
   */
  public String name() {
    return errno.map(Enum::name).orElse("errno " + number);
  }

  /**
   * Returns whether the error has one of these symbols.
   *
   * @param some symbols of errno(2)
   * @return true if {@link #errno()} is among them
   */
  public boolean isErrno(Errno... some) {
    return errno.filter(List.of(some)::contains).isPresent();
  }

  /**
   * Returns the error in one line.
   *
   * @return for example {@code SIOCSIFVNET epair0b -> jail 3: ENXIO (Device not configured)}
   */
  @Override
  public String toString() {
    String line = call + " " + subject + ": " + name() + " (" + text + ")";
    return detail.map(words -> line + ": " + words).orElse(line);
  }
}
