// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.owner;

import org.jspecify.annotations.Nullable;

/**
 * The ownership record of an interface: who owns it and where its home is. It is stored as a suffix
 * of the text that an interface carries on either system (its description on FreeBSD, its alias on
 * Linux), so it survives moves, and the end of the program that wrote it.
 *
 * <p>{@code uplink [vnet4j made home=0 by=app/4711/815]}: the user's description, then whether this
 * library made the interface or only lent it, the jid of its home, and the owner.
 *
 * @param text the user's description
 * @param made true if this library made the interface, false if it only lent it
 * @param home the jid of its home, or null if there is no owner
 * @param owner the text form of its {@link org.vnet4j.Owner}, with a number after a colon that both
 *     ends of an epair share; or null if there is no owner
 */
public record Mark(String text, boolean made, @Nullable Integer home, @Nullable String owner) {
  private static final String BEGIN = "[vnet4j ";
  private static final String MADE = "made home=";
  private static final String LENT = "lent home=";
  private static final String BY = " by=";
  private static final int HOME = BEGIN.length() + MADE.length();

  /**
   * Parses the text of an interface.
   *
   * @param alias the whole text
   * @return the record; without an owner it has neither home nor owner
   */
  public static Mark parse(String alias) {
    int begin = alias.lastIndexOf(BEGIN); // not a search from the start: this is a hot path
    if (begin < 0) {
      return new Mark(alias, false, null, null);
    }
    int by = owner(alias, begin);
    if (by < 0) {
      return new Mark(alias, false, null, null);
    }
    int home = Integer.parseInt(alias, begin + HOME, by - BY.length(), 10);
    boolean made = alias.startsWith(MADE, begin + BEGIN.length());
    return new Mark(before(alias, begin), made, home, alias.substring(by, alias.length() - 1));
  }

  /**
   * Parses only the user's description.
   *
   * @param alias the whole text
   * @return the text of {@link #parse}
   */
  public static String textOf(String alias) {
    int begin = alias.lastIndexOf(BEGIN);
    return begin < 0 || owner(alias, begin) < 0 ? alias : before(alias, begin);
  }

  private static String before(String alias, int begin) {
    return alias.substring(0, begin > 0 && alias.charAt(begin - 1) == ' ' ? begin - 1 : begin);
  }

  /**
   * Finds the owner in {@code [vnet4j made home=0 by=app/4711/815]}. Not by a regular expression,
   * which takes as long as a system call.
   *
   * @return its position, or -1 if the text does not match
   */
  private static int owner(String alias, int begin) {
    int at = begin + BEGIN.length();
    if (!alias.startsWith(MADE, at) && !alias.startsWith(LENT, at)) {
      return -1;
    }
    int home = begin + HOME;
    at = home;
    while (at < alias.length() && at < home + 9 && isDigit(alias.charAt(at))) {
      at++;
    }
    int by = at + BY.length();
    int end = alias.length() - 1;
    if (at == home || !alias.startsWith(BY, at) || by >= end || alias.charAt(end) != ']') {
      return -1;
    }
    for (int i = by; i < end; i++) {
      char c = alias.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && !isDigit(c) && "._/:-".indexOf(c) < 0) {
        return -1;
      }
    }
    return by;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * Creates the record of a new interface.
   *
   * @param home the jid of the stack in which it is created
   * @param owner its owner
   * @return the record, without a description
   */
  public static Mark made(int home, String owner) {
    return new Mark("", true, home, owner);
  }

  /**
   * Returns the record for an interface that is lent.
   *
   * @param from the jid of the stack that it leaves
   * @param by the owner that lends it
   * @return this if it has an owner already
   */
  public Mark lent(int from, String by) {
    return home != null ? this : new Mark(text, false, from, by);
  }

  /**
   * Returns the record for an interface that has returned home: one that was only lent has no owner
   * any more.
   *
   * @return this if this library made the interface
   */
  public Mark atHome() {
    return made ? this : new Mark(text, false, null, null);
  }

  /**
   * Replaces the user's description.
   *
   * @param newText the description
   * @return the record with that description
   */
  public Mark text(String newText) {
    return new Mark(newText, made, home, owner);
  }

  /**
   * Returns the whole text to set on the interface.
   *
   * @return the description and the record
   */
  public String alias() {
    if (home == null) {
      return text;
    }
    String mark = "[vnet4j " + (made ? "made" : "lent") + " home=" + home + " by=" + owner + "]";
    return text.isEmpty() ? mark : text + " " + mark;
  }
}
