// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern FORM =
      Pattern.compile("\\[vnet4j (made|lent) home=([0-9]{1,9}) by=([A-Za-z0-9._/:-]+)]");

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
    Matcher matcher = FORM.matcher(alias).region(begin, alias.length());
    return matcher.matches()
        ? new Mark(
            alias.substring(0, begin > 0 && alias.charAt(begin - 1) == ' ' ? begin - 1 : begin),
            matcher.group(1).equals("made"),
            Integer.valueOf(matcher.group(2)),
            matcher.group(3))
        : new Mark(alias, false, null, null);
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
