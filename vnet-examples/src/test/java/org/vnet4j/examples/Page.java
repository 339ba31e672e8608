// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of the documentation: its blocks of code, and the output that it shows. */
final class Page {
  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  /** The parts that differ between runs: fractions, times, kernels. */
  private static final Pattern VARIES =
      Pattern.compile("(?<![0-9.])[0-9]+\\.[0-9]+(?![0-9.])|Linux \\S+ \\S+");

  private final String name;
  private final String text;

  private Page(String name) {
    this.name = name;
    try {
      this.text = Files.readString(ROOT.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a page, such as {@code docs/watching.md}. */
  static Page of(String name) {
    return new Page(name);
  }

  /** Returns the whole text. */
  String text() {
    return text;
  }

  /** Returns the blocks in a language; the empty string selects those without one. */
  List<String> blocks(String language) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map((MatchResult block) -> block.group(2))
        .toList();
  }

  /** Returns the only block of Java that contains the given words. */
  String sample(String words) {
    List<String> found = blocks("java").stream().filter(one -> one.contains(words)).toList();
    assertThat(found).as("samples in %s with \"%s\"", name, words).hasSize(1);
    return found.get(0);
  }

  /**
   * Asserts that a block shows this output; "..." in the block stands for lines, or for the rest of
   * a line.
   */
  void shows(Object printed) {
    String said = printed.toString().strip();
    assertThat(blocks(""))
        .as("a block of %s that shows\n%s", name, said)
        .anyMatch(block -> pattern(block, VARIES).matcher(said).matches());
  }

  /** Asserts that a block shows these lines, in any order. */
  void showsInAnyOrder(String printed) {
    List<String> lines = printed.strip().lines().sorted().toList();
    assertThat(blocks("").stream().map(block -> block.strip().lines().sorted().toList()))
        .as("a block of %s that shows\n%s", name, printed)
        .contains(lines);
  }

  /** Asserts that a block shows this output, where every number may differ. */
  void showsButForNumbers(Object printed) {
    String said = printed.toString().strip();
    Pattern numbers = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    assertThat(blocks(""))
        .as("a block of %s that shows, with other numbers,\n%s", name, said)
        .anyMatch(block -> pattern(block, numbers).matcher(said).matches());
  }

  private static Pattern pattern(String block, Pattern varies) {
    StringBuilder pattern = new StringBuilder();
    for (String line : block.strip().split("\n")) {
      pattern.append(pattern.isEmpty() ? "" : "\n");
      if (line.equals("...")) {
        pattern.append("(?s:.*)");
        continue;
      }
      boolean cut = line.endsWith("...");
      int at = 0;
      String whole = cut ? line.substring(0, line.length() - 3) : line;
      for (MatchResult one : varies.matcher(whole).results().toList()) {
        // Columns are padded, so the space before a number may differ too.
        String before = whole.substring(at, one.start());
        pattern.append(Pattern.quote(before.stripTrailing()));
        pattern.append(before.endsWith(" ") ? " +" : "");
        pattern.append(one.group().startsWith("Linux") ? "Linux \\S+ \\S+" : "[0-9]+(\\.[0-9]+)?");
        at = one.end();
      }
      pattern.append(Pattern.quote(whole.substring(at))).append(cut ? ".*" : "");
    }
    return Pattern.compile(pattern.toString());
  }
}
