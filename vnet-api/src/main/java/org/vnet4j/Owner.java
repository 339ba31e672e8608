// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The owner of a jail or interface, as its mark names it: one open {@link Vnet} of one process. The
 * start time distinguishes the process from a later process with the same number.
 *
 * @param application the name given to {@link Vnet.Builder#application}; empty if the owner ended
 *     before it completed the mark
 * @param run number of the {@link Vnet} in its process, 1 for the first
 * @param pid process number of the owner
 * @param started start time of the process, in the kernel's own unit; 0 if unknown
 * @param helper process number of its helper, which enters stacks for it and briefly outlives it to
 *     clean up
 * @param boot identifies the boot of the machine
 * @param pids identifies the namespace of the process numbers
 */
public record Owner(
    String application, int run, long pid, long started, long helper, String boot, String pids) {
  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z0-9._-]{1,32})/([0-9]{1,9})/([0-9]{1,18})/([0-9]{1,9})/([0-9a-f]{1,8})"
              + "/([0-9a-f]{1,8})/([0-9]{1,9})(:.*)?");

  /**
   * Parses the mark of an owner.
   *
   * @param mark a text of {@link #mark}; a colon and all after it is ignored
   * @return the owner, empty if the text is not a mark
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
   * Returns the mark that the jails and interfaces of this owner carry.
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
   * Returns the application with its process.
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
