// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vnet4j.posix.libc.Fd;

/**
 * Decodes {@code struct vh_reply} and the data that follows it.
 *
 * @param error an errno, or 0
 * @param value its meaning depends on the request
 * @param call the call that failed, or empty
 * @param data in native byte order
 * @param descriptors those that arrived
 * @param expected the number of descriptors that were sent
 */
record HelperReply(
    int error, int value, String call, ByteBuffer data, List<Fd> descriptors, int expected) {
  private static final int CALL = 16;
  private static final int CALL_LENGTH = 32;

  /** The size of a reply without data, in bytes. */
  static final int SIZE = CALL + CALL_LENGTH;

  /**
   * Returns whether all descriptors arrived; some are lost if the process has no free descriptors.
   */
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
