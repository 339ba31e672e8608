// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our mark on an interface: a suffix of its alias, which survives moves and tells, after a crash
 * too, whose it is and where its home is.
 *
 * <p>{@code uplink [vnet4j made home=0 by=app/4711/815]}: the user's description, then whether we
 * made the interface or only lent it, the jid of the stack it goes back to, and the owner.
 *
 * @param text the user's description
 * @param made true if this library made the interface, false if it only lent it
 * @param home the jid of its home, or null without a mark
 * @param owner application, process id and start time, or null without a mark
 */
record Mark(String text, boolean made, @Nullable Integer home, @Nullable String owner) {
  private static final Pattern FORM =
      Pattern.compile(
          "(.*?) ?\\[vnet4j (made|lent) home=([0-9]{1,9}) by=([A-Za-z0-9._/-]+)]", Pattern.DOTALL);

  static Mark parse(String alias) {
    Matcher matcher = FORM.matcher(alias);
    return matcher.matches()
        ? new Mark(
            matcher.group(1),
            matcher.group(2).equals("made"),
            Integer.valueOf(matcher.group(3)),
            matcher.group(4))
        : new Mark(alias, false, null, null);
  }

  static Mark made(int home, String owner) {
    return new Mark("", true, home, owner);
  }

  Mark lent(int from, String by) {
    return home != null ? this : new Mark(text, false, from, by);
  }

  /** Returns the mark as it is when the interface is at home: what was only lent has none. */
  Mark atHome() {
    return made ? this : new Mark(text, false, null, null);
  }

  Mark text(String newText) {
    return new Mark(newText, made, home, owner);
  }

  /** Returns the alias to set. */
  String alias() {
    if (home == null) {
      return text;
    }
    String mark = "[vnet4j " + (made ? "made" : "lent") + " home=" + home + " by=" + owner + "]";
    return text.isEmpty() ? mark : text + " " + mark;
  }
}
