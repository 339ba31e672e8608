// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.owner;

import org.jspecify.annotations.Nullable;

/**
 * Tells whose an interface is and where its home is: our mark, a suffix of the text that an
 * interface carries on either system (its description on FreeBSD, its alias on Linux). It survives
 * moves, and a crash.
 *
 * <p>{@code uplink [vnet4j made home=0 by=app/4711/815]}: the user's description, then whether we
 * made the interface or only lent it, the jid of the stack it goes back to, and the owner.
 *
 * @param text the user's description
 * @param made true if this library made the interface, false if it only lent it
 * @param home the jid of its home, or null without a mark
 * @param owner the mark of its {@link org.vnet4j.Owner}, with a number behind a colon that both
 *     ends of an epair have; or null without a mark
 */
public record Mark(String text, boolean made, @Nullable Integer home, @Nullable String owner) {
  private static final String BEGIN = "[vnet4j ";
  private static final String MADE = "made home=";
  private static final String LENT = "lent home=";
  private static final String BY = " by=";
  private static final int HOME = BEGIN.length() + MADE.length();

  /**
   * Reads the text of an interface.
   *
   * @param alias the whole text
   * @return the mark; one that is nobody's has neither home nor owner
   */
  public static Mark parse(String alias) {
    int begin = alias.lastIndexOf(BEGIN); // what is before it is not searched: this is a hot path
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
   * Reads the user's description alone.
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
   * Finds the owner in {@code [vnet4j made home=0 by=app/4711/815]}. By hand: a regular expression
   * takes as long as a system call.
   *
   * @return where it begins, or -1 if what is there is no mark
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
   * Makes the mark of an interface that is being made.
   *
   * @param home the jid of the stack it is made in
   * @param owner its maker
   * @return the mark, without a description
   */
  public static Mark made(int home, String owner) {
    return new Mark("", true, home, owner);
  }

  /**
   * Returns the mark as it is when the interface is given away.
   *
   * @param from the jid of the stack it leaves
   * @param by who lends it
   * @return this if it is marked already
   */
  public Mark lent(int from, String by) {
    return home != null ? this : new Mark(text, false, from, by);
  }

  /**
   * Returns the mark as it is when the interface is at home: what was only lent has none.
   *
   * @return this if the interface was made by this library
   */
  public Mark atHome() {
    return made ? this : new Mark(text, false, null, null);
  }

  /**
   * Changes the user's description.
   *
   * @param newText the description
   * @return the mark with it
   */
  public Mark text(String newText) {
    return new Mark(newText, made, home, owner);
  }

  /**
   * Returns the whole text to set.
   *
   * @return description and mark
   */
  public String alias() {
    if (home == null) {
      return text;
    }
    String mark = "[vnet4j " + (made ? "made" : "lent") + " home=" + home + " by=" + owner + "]";
    return text.isEmpty() ? mark : text + " " + mark;
  }
}
