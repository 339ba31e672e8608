// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The words of one rule with their columns, and the current position. */
final class Tokens {
  private record Word(String text, int column) {}

  private final List<Word> words = new ArrayList<>();
  private final int end;
  private int next;

  /** Splits a text into words; removes blanks after a comma, as ipfw(8) does. */
  Tokens(String text) {
    int i = 0;
    boolean comment = false;
    while (i < text.length()) {
      if (Character.isWhitespace(text.charAt(i))) {
        i++;
        continue;
      }
      int start = i;
      while (i < text.length() && !Character.isWhitespace(text.charAt(i))) {
        i++;
      }
      String word = text.substring(start, i);
      int last = words.size() - 1;
      if (!comment && last >= 0 && words.get(last).text().endsWith(",")) {
        words.set(last, new Word(words.get(last).text() + word, words.get(last).column()));
      } else {
        words.add(new Word(word, start + 1));
      }
      comment |= word.equals("//");
    }
    end = text.stripTrailing().length() + 1;
  }

  boolean more() {
    return next < words.size();
  }

  /** Returns the next word, empty at the end. */
  String peek() {
    return peek(0);
  }

  String peek(int ahead) {
    return next + ahead < words.size() ? words.get(next + ahead).text() : "";
  }

  boolean startsWithDigit() {
    return more() && Character.isDigit(peek().charAt(0));
  }

  /** Skips the next word if it is the given word. */
  boolean skip(String word) {
    if (!peek().equals(word)) {
      return false;
    }
    next++;
    return true;
  }

  String next(String what) {
    if (!more()) {
      throw failure("missing " + what);
    }
    return words.get(next++).text();
  }

  /** Converts the next word; reports an error of the conversion at that word. */
  <T> T next(String what, Function<String, T> reader) {
    String word = next(what);
    try {
      return reader.apply(word);
    } catch (IllegalArgumentException e) {
      next--;
      throw failure(e.getMessage());
    }
  }

  <T> T next(String what, Map<String, T> table) {
    return next(
        what,
        word -> {
          T value = table.get(word);
          if (value == null) {
            throw new IllegalArgumentException("not " + article(what));
          }
          return value;
        });
  }

  private static String article(String what) {
    return ("aeiou".indexOf(what.toLowerCase(Locale.ROOT).charAt(0)) >= 0 ? "an " : "a ") + what;
  }

  /** Returns the current position, for a later error report. */
  int mark() {
    return next;
  }

  RuleSyntaxException failure(String reason) {
    return failureAt(next, reason);
  }

  RuleSyntaxException failureAt(int mark, String reason) {
    if (mark >= words.size()) {
      return new RuleSyntaxException(1, end, "", reason);
    }
    Word word = words.get(mark);
    return new RuleSyntaxException(1, word.column(), word.text(), reason);
  }
}
