// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of 16 bit numbers: ports, lengths, identifiers.
 *
 * @param first the lowest number in it, 0 to 65535
 * @param last the highest number in it, from {@code first} to 65535
 */
public record NumberRange(int first, int last) {

  /** Checks both ends. */
  public NumberRange {
    check(first);
    check(last);
    if (first > last) {
      throw new IllegalArgumentException("range " + first + "-" + last + " ends before it begins");
    }
  }

  private static void check(int number) {
    if (number < 0 || number > 65535) {
      throw new IllegalArgumentException(number + " is not in 0..65535");
    }
  }

  /**
   * Reads a list such as {@code 22,80-90}.
   *
   * @param text numbers and ranges, separated by commas
   * @return the ranges in the order given
   * @throws IllegalArgumentException if one of them is not a number or not in 0..65535
   */
  public static List<NumberRange> parseList(String text) {
    List<NumberRange> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int first = number(dash < 0 ? part : part.substring(0, dash));
      ranges.add(new NumberRange(first, dash < 0 ? first : number(part.substring(dash + 1))));
    }
    return List.copyOf(ranges);
  }

  /** Returns whether a word is a number of at most nine digits. */
  static boolean isNumber(String word) {
    boolean digits = !word.isEmpty() && word.length() <= 9;
    for (int i = 0; digits && i < word.length(); i++) {
      digits = word.charAt(i) >= '0' && word.charAt(i) <= '9';
    }
    return digits;
  }

  private static int number(String digits) {
    if (!isNumber(digits)) {
      throw new IllegalArgumentException("\"" + digits + "\" is not a number");
    }
    return Integer.parseInt(digits);
  }

  static String text(List<NumberRange> ranges) {
    StringBuilder text = new StringBuilder();
    for (NumberRange range : ranges) {
      text.append(text.isEmpty() ? "" : ",").append(range);
    }
    return text.toString();
  }

  static boolean contains(List<NumberRange> ranges, int number) {
    for (NumberRange range : ranges) {
      if (number >= range.first && number <= range.last) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the text {@link #parseList} reads.
   *
   * @return {@code 22} or {@code 80-90}
   */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
