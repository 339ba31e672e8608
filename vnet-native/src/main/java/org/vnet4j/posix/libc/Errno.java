// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jnr.constants.Constant;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;

/**
 * Names and explains the numbers of errno(2), for either system on any machine: an error of a
 * FreeBSD kernel is decoded by FreeBSD's table, wherever this code runs.
 */
public enum Errno {
  /** The numbers of Linux on amd64 and arm64. */
  LINUX(jnr.constants.platform.linux.Errno.values()),
  /** The numbers of FreeBSD. */
  FREEBSD(jnr.constants.platform.freebsd.Errno.values());

  private static final int FREEBSD_EINTEGRITY = 97;

  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, String> texts = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  <E extends Enum<E> & Constant> Errno(E[] constants) {
    for (E constant : constants) {
      int number = constant.intValue();
      numbers.put(constant.name(), number);
      if (!names.containsKey(number) || isSynonym(names.get(number))) {
        names.put(number, constant.name());
        texts.put(number, constant.toString());
      }
    }
    if (ordinal() == 1) {
      numbers.put("EINTEGRITY", FREEBSD_EINTEGRITY);
      names.put(FREEBSD_EINTEGRITY, "EINTEGRITY");
      texts.put(FREEBSD_EINTEGRITY, "Integrity check failed");
    }
  }

  private static boolean isSynonym(@Nullable String name) {
    return name != null && Set.of("EWOULDBLOCK", "ENOTSUP", "EDEADLOCK").contains(name);
  }

  /**
   * Returns the table of the running system.
   *
   * @return {@link #FREEBSD} on FreeBSD, else {@link #LINUX}
   */
  public static Errno here() {
    return Abi.here() == Abi.FREEBSD ? FREEBSD : LINUX;
  }

  /**
   * Returns the symbol of a number.
   *
   * @param number of errno(2)
   * @return such as {@code ENXIO}, or {@code errno 4711} if the table has none
   */
  public String nameOf(int number) {
    return names.getOrDefault(number, "errno " + number);
  }

  /**
   * Returns the system's message for a number, as strerror(3) does.
   *
   * @param number of errno(2)
   * @return such as {@code Device not configured}
   */
  public String textOf(int number) {
    return texts.getOrDefault(number, "Unknown error: " + number);
  }

  /**
   * Returns the number of a symbol.
   *
   * @param name such as {@code ENXIO}
   * @return its number on this system
   * @throws IllegalArgumentException if the table has no such symbol
   */
  public int numberOf(String name) {
    Integer number = numbers.get(name);
    if (number == null) {
      throw new IllegalArgumentException("errno " + name + " is not known to " + this);
    }
    return number;
  }

  /**
   * Creates an error from a number.
   *
   * @param call the call as its manual page names it
   * @param subject the object of the call
   * @param number of errno(2)
   * @return the error, without a message from the kernel
   */
  public KernelError error(String call, String subject, int number) {
    return error(call, subject, number, null);
  }

  /**
   * Creates an error from a number and the kernel's own message.
   *
   * @param call the call as its manual page names it
   * @param subject the object of the call
   * @param number of errno(2)
   * @param detail the kernel's own message, or null
   * @return the error
   */
  public KernelError error(String call, String subject, int number, @Nullable String detail) {
    return new KernelError(
        call,
        subject,
        number,
        org.vnet4j.net.Errno.of(nameOf(number)),
        textOf(number),
        Optional.ofNullable(detail));
  }
}
