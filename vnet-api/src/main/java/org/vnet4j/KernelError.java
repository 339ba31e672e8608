// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel answered when it refused a call.
 *
 * @param call the call as its manual page names it, such as {@code SIOCSIFVNET} or {@code
 *     RTM_NEWLINK}
 * @param subject what it was to act on, such as {@code epair0b -> jail 3}
 * @param errno the number, which differs between systems
 * @param name the symbol of errno(2), which does not: {@code ENXIO}
 * @param text strerror(3) of the system at hand
 * @param detail the kernel's own words, where it has some: a jail's {@code errmsg}, a netlink
 *     extended acknowledgement
 */
public record KernelError(
    String call, String subject, int errno, String name, String text, @Nullable String detail) {

  /** Checks that nothing but the detail is missing. */
  public KernelError {
    Objects.requireNonNull(call, "call");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(text, "text");
    if (detail != null && detail.isBlank()) {
      detail = null;
    }
  }

  /**
   * Tells whether the error is one of these.
   *
   * @param names symbols of errno(2)
   * @return true if {@link #name()} is among them
   */
  public boolean isErrno(String... names) {
    for (String candidate : names) {
      if (name.equals(candidate)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the kernel's own words.
   *
   * @return empty where it gave only a number
   */
  public Optional<String> words() {
    return Optional.ofNullable(detail);
  }

  /**
   * Returns the error in one line.
   *
   * @return for example {@code SIOCSIFVNET epair0b -> jail 3: ENXIO (Device not configured)}
   */
  @Override
  public String toString() {
    String line = call + " " + subject + ": " + name + " (" + text + ")";
    return detail == null ? line : line + ": " + detail;
  }
}
