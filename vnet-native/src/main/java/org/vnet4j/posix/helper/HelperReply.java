// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vnet4j.posix.libc.Fd;

/**
 * Reads {@code struct vh_reply} and what follows it.
 *
 * @param error an errno, or 0
 * @param value its meaning depends on the request
 * @param call what failed, or empty
 * @param data in native byte order
 * @param descriptors as many as came
 * @param expected as many as were sent
 */
record HelperReply(
    int error, int value, String call, ByteBuffer data, List<Fd> descriptors, int expected) {
  private static final int CALL = 16;
  private static final int CALL_LENGTH = 32;

  /** Bytes of a reply without data. */
  static final int SIZE = CALL + CALL_LENGTH;

  /** Tells whether all its descriptors arrived; they do not if there is no room for them. */
  boolean whole() {
    return descriptors.size() == expected;
  }

  static HelperReply parse(SeqPacketSocket.Message message) {
    ByteBuffer m = message.bytes();
    byte[] call = new byte[CALL_LENGTH];
    m.get(CALL, call);
    int length = 0;
    while (length < CALL_LENGTH && call[length] != 0) {
      length++;
    }
    return new HelperReply(
        m.getInt(0),
        m.getInt(4),
        new String(call, 0, length, StandardCharsets.US_ASCII),
        m.slice(SIZE, m.capacity() - SIZE).order(m.order()),
        message.descriptors(),
        m.getInt(8));
  }
}
