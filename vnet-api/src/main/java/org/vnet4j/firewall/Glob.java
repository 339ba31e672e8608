// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Matches a name against a pattern as fnmatch(3) does without flags. */
final class Glob {
  private Glob() {}

  static boolean matches(String pattern, String name) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int close = c == '[' ? pattern.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (close > 0) {
        String set = pattern.substring(i + 1, close);
        boolean not = set.startsWith("!") || set.startsWith("^");
        String members = set.substring(not ? 1 : 0).replaceAll("[\\[\\]\\\\^&]", "\\\\$0");
        regex.append(not ? "[^" : "[").append(members).append(']');
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.matches(regex.toString(), name);
    } catch (PatternSyntaxException e) {
      // For example "[z-a]", which fnmatch(3) accepts and never matches.
      return false;
    }
  }
}
