// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.util.regex.Pattern;

/** Checks the names of interfaces, jails and hosts before any system call. */
public final class Names {
  private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}");
  private static final Pattern JAIL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,62})");
  private static final int LONGEST_JAIL_NAME = 200;

  private Names() {}

  /**
   * Checks the name of an interface: 1 to 15 letters, digits, {@code _ . @ -}.
   *
   * @param name the name
   * @return the name
   * @throws IllegalArgumentException if the name is invalid; the message quotes it
   */
  public static String interfaceName(String name) {
    if (!INTERFACE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "interface name " + quoted(name) + ": 1 to 15 letters, digits, '_', '.', '@' or '-'");
    }
    return name;
  }

  /**
   * Checks one component of a jail's name: letters, digits, {@code _ -}, and not digits alone,
   * which jail(2) would take for the jid.
   *
   * @param name the name, without the name of the parent
   * @return the name
   * @throws IllegalArgumentException if the name is invalid; the message quotes it
   */
  public static String jailName(String name) {
    if (!JAIL.matcher(name).matches() || DIGITS.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "jail name "
              + quoted(name)
              + ": letters, digits, '_' or '-', and not digits alone; a child jail is made by"
              + " parent.jail(name)");
    }
    return name;
  }

  /**
   * Checks the full name of a jail, which includes the names of its parents.
   *
   * @param name such as {@code outer.inner}
   * @return the name
   * @throws IllegalArgumentException if a component is invalid, or the name is longer than 200
   *     characters
   */
  public static String fullJailName(String name) {
    for (String component : name.split("\\.", -1)) {
      jailName(component);
    }
    if (name.length() > LONGEST_JAIL_NAME) {
      throw new IllegalArgumentException(
          "jail name of " + name.length() + " characters, more than " + LONGEST_JAIL_NAME);
    }
    return name;
  }

  /**
   * Checks a hostname: 1 to 63 letters, digits, dots or hyphens.
   *
   * @param name the hostname
   * @return the hostname
   * @throws IllegalArgumentException if the name is invalid; the message quotes it
   */
  public static String hostname(String name) {
    if (!HOST.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "hostname " + quoted(name) + ": 1 to 63 letters, digits, '.' or '-'");
    }
    return name;
  }

  /**
   * Makes a text of others fit for one line of a listing, whatever it contains: control characters,
   * separators of lines, characters that reverse or hide text, and halves of surrogate pairs become
   * {@code \\u001b}.
   *
   * @param text a name or a description
   * @return the text, with these characters escaped
   */
  public static String visible(String text) {
    return visible(text, "");
  }

  /**
   * As {@link #visible(String)}, for a text of several lines: newlines and tabs stay.
   *
   * @param text some lines
   * @return the text, with other control characters escaped
   */
  public static String visibleLines(String text) {
    return visible(text, "\n\t");
  }

  private static String visible(String text, String kept) {
    if (text.codePoints().noneMatch(Names::isInvisible)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isInvisible(c) && kept.indexOf(c) < 0) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> (c & 0xfffe) == 0xfffe; // no character, and none of XML
    };
  }

  private static String quoted(String name) {
    StringBuilder text = new StringBuilder("\"");
    name.codePoints().limit(80).forEach(text::appendCodePoint);
    return visible(text.toString()) + (name.length() > 80 ? "\"..." : "\"");
  }
}
