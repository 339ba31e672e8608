// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles the name of an interface, or a pattern as in fnmatch(3), to nf_tables: masks over the 16
 * bytes of a name, and the values that match under each mask. A {@code *} before the end is
 * expanded to every number of characters that fits.
 */
final class NftInterfacePattern {
  private static final int SIZE = 16;
  private static final int MOST = 512;

  /** A byte other than NUL has one of these bits set: names are printable ASCII or UTF-8. */
  private static final int[] NOT_NUL = {0x20, 0x40, 0x80};

  /** The characters that one position may have: those listed, or any. */
  private record Token(List<Character> characters) {
    boolean any() {
      return characters.isEmpty();
    }
  }

  private final String pattern;
  private final Map<ByteBuffer, List<byte[]>> values = new LinkedHashMap<>();
  private int count;

  NftInterfacePattern(String pattern) {
    this.pattern = pattern;
    expand(0, new ArrayList<>());
  }

  /** Expands the pattern from a position on, after the tokens so far. */
  private void expand(int at, List<Token> tokens) {
    if (tokens.size() >= SIZE) {
      return;
    }
    if (at == pattern.length()) {
      alternatives(tokens, false);
      return;
    }
    char c = pattern.charAt(at);
    if (c == '*') {
      if (at == pattern.length() - 1) {
        alternatives(tokens, true);
        return;
      }
      List<Token> more = new ArrayList<>(tokens);
      while (more.size() < SIZE) {
        expand(at + 1, new ArrayList<>(more));
        more.add(new Token(List.of()));
      }
      return;
    }
    int close = c == '[' ? pattern.indexOf(']', at + 2) : -1;
    if (close > 0) {
      List<Character> members = members(pattern.substring(at + 1, close));
      if (!members.isEmpty()) {
        tokens.add(new Token(members));
        expand(close + 1, tokens);
      }
      return;
    }
    tokens.add(new Token(c == '?' ? List.of() : List.of(c)));
    expand(at + 1, tokens);
  }

  private static List<Character> members(String set) {
    boolean not = set.startsWith("!") || set.startsWith("^");
    List<Character> listed = new ArrayList<>();
    String text = not ? set.substring(1) : set;
    for (int i = 0; i < text.length(); i++) {
      char first = text.charAt(i);
      char last = first;
      if (i + 2 < text.length() && text.charAt(i + 1) == '-') {
        last = text.charAt(i + 2);
        i += 2;
      }
      for (char c = first; c <= last; c++) {
        listed.add(c);
      }
    }
    if (!not) {
      return listed;
    }
    List<Character> others = new ArrayList<>();
    for (char c = '!'; c <= '~'; c++) {
      if (!listed.contains(c)) {
        others.add(c);
      }
    }
    return others;
  }

  private void alternatives(List<Token> tokens, boolean open) {
    int length = tokens.size();
    if (length == 0 && !open) {
      return;
    }
    byte[] mask = new byte[SIZE];
    for (int i = 0; i < length; i++) {
      mask[i] = (byte) (tokens.get(i).any() ? 0 : 0xff);
    }
    if (!open) {
      mask[length] = (byte) 0xff;
    }
    int last = Math.max(0, length - 1);
    if (length > 0 && !tokens.get(last).any()) {
      fill(tokens, 0, new byte[SIZE], mask);
      return;
    }
    for (int bit : NOT_NUL) {
      byte[] wider = mask.clone();
      byte[] value = new byte[SIZE];
      wider[last] = (byte) bit;
      value[last] = (byte) bit;
      fill(tokens, 0, value, wider);
    }
  }

  private void fill(List<Token> tokens, int at, byte[] value, byte[] mask) {
    if (at == tokens.size()) {
      if (++count > MOST) {
        throw new IllegalArgumentException(
            "pattern \"" + pattern + "\" stands for too many names; nf_tables compares bytes");
      }
      values.computeIfAbsent(ByteBuffer.wrap(mask), key -> new ArrayList<>()).add(value.clone());
      return;
    }
    if (tokens.get(at).any()) {
      fill(tokens, at + 1, value, mask);
      return;
    }
    for (char c : tokens.get(at).characters()) {
      value[at] = (byte) c;
      fill(tokens, at + 1, value, mask);
    }
  }

  /** Returns each mask with the values that match under it. */
  Map<ByteBuffer, List<byte[]>> values() {
    return values;
  }
}
