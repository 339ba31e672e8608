// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes the texts that nf_tables stores with its objects, in the form in which nft(8) shows
 * comments: a type, a length, and the text with a NUL at its end. An object stores up to 256 bytes
 * of it.
 */
final class NftUserData {
  private static final int LONGEST = 250;

  private NftUserData() {}

  /** Encodes a comment; cuts off what does not fit. */
  static byte[] comment(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, LONGEST);
    byte[] encoded = new byte[length + 3];
    encoded[1] = (byte) (length + 1);
    System.arraycopy(utf8, 0, encoded, 2, length);
    return encoded;
  }

  static String read(byte[] comment) {
    int end = Math.min(comment.length, comment.length > 1 ? 2 + (comment[1] & 0xff) : 0);
    while (end > 2 && comment[end - 1] == 0) {
      end--;
    }
    return end <= 2
        ? ""
        : new String(Arrays.copyOfRange(comment, 2, end), StandardCharsets.US_ASCII);
  }

  /** Splits an ASCII text into pieces that fit. */
  static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    do {
      int end = Math.min(text.length(), at + LONGEST);
      pieces.add(text.substring(at, end));
      at = end;
    } while (at < text.length());
    return pieces;
  }
}
