// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

/** Thrown if the text of a rule is invalid, with the position of the error. Nothing was changed. */
public final class RuleSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The line, from 1. */
  private final int line;

  /** The column, from 1. */
  private final int column;

  /** The offending word. */
  private final String word;

  /** The reason. */
  private final String reason;

  /**
   * Makes the error.
   *
   * @param line counted from 1
   * @param column counted from 1
   * @param word the invalid word, or empty
   * @param reason the reason
   */
  public RuleSyntaxException(int line, int column, String word, String reason) {
    super(
        "line "
            + line
            + ", column "
            + column
            + ": "
            + (word.isEmpty() ? "" : "\"" + word + "\": ")
            + reason);
    this.line = line;
    this.column = column;
    this.word = word;
    this.reason = reason;
  }

  RuleSyntaxException atLine(int number) {
    return new RuleSyntaxException(number, column, word, reason);
  }

  /**
   * Returns the line the word is in.
   *
   * @return counted from 1
   */
  public int line() {
    return line;
  }

  /**
   * Returns the column of the first character of the word, or of a missing word.
   *
   * @return counted from 1
   */
  public int column() {
    return column;
  }

  /**
   * Returns the invalid word.
   *
   * @return the word, empty if the text ended too early
   */
  public String word() {
    return word;
  }
}
