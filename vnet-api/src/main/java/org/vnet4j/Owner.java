// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The maker of a thing, as the mark on it says: one open {@link Vnet} of one process. The start
 * time distinguishes the process from a later one with the same number.
 *
 * @param application what {@link Vnet.Builder#application} was given; empty for a thing that was
 *     killed off before it had its whole mark
 * @param run which {@link Vnet} of the process, 1 for the first
 * @param pid the process
 * @param started when it started, in the kernel's own unit; 0 if that is not known
 * @param helper the process that enters stacks for it, which outlives it by a moment to clear up
 * @param boot names the boot of the machine
 * @param pids names the space in which the process numbers have their meaning
 */
public record Owner(
    String application, int run, long pid, long started, long helper, String boot, String pids) {
  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z0-9._-]{1,32})/([0-9]{1,9})/([0-9]{1,18})/([0-9]{1,9})/([0-9a-f]{1,8})"
              + "/([0-9a-f]{1,8})/([0-9]{1,9})(:.*)?");

  /**
   * Reads the mark of an owner.
   *
   * @param mark as {@link #mark} makes it; what is behind a colon is passed over
   * @return empty if it is none
   */
  public static Optional<Owner> parse(String mark) {
    Matcher matcher = FORM.matcher(mark);
    return matcher.matches()
        ? Optional.of(
            new Owner(
                matcher.group(1),
                Integer.parseInt(matcher.group(7)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)),
                matcher.group(5),
                matcher.group(6)))
        : Optional.empty();
  }

  /**
   * Returns the mark that things of this owner carry.
   *
   * @return such as {@code lab/4711/81523/4712/3f9a1c22/effffffc/1}
   */
  public String mark() {
    return String.join(
        "/",
        application,
        Long.toString(pid),
        Long.toString(started),
        Long.toString(helper),
        boot,
        pids,
        Integer.toString(run));
  }

  /**
   * Says who it is.
   *
   * @return such as {@code lab (pid 4711, run 1)}
   */
  @Override
  public String toString() {
    return application.isEmpty()
        ? "pid " + pid
        : application + " (pid " + pid + ", run " + run + ")";
  }
}
