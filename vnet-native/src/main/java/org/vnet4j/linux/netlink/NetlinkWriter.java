// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.netlink;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes netlink messages, one after the other, into a native buffer. Allocates nothing, except
 * the bytes of texts that are not ASCII.
 */
public final class NetlinkWriter {
  private ByteBuffer buffer;
  private int message;
  private int count;

  /** Creates a writer into a direct buffer in native byte order. */
  public NetlinkWriter(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  public NetlinkWriter clear() {
    buffer.clear();
    count = 0;
    return this;
  }

  /** Begins a request; its length and sequence number are filled in later. */
  public NetlinkWriter begin(int type, int flags) {
    message = buffer.position();
    count++;
    buffer.putInt(0).putShort((short) type);
    buffer.putShort((short) (flags | Netlink.NLM_F_REQUEST)).putInt(0).putInt(0);
    return this;
  }

  /** Discards the current message and continues in a larger buffer. */
  public void moveTo(ByteBuffer larger) {
    int written = message;
    larger.put(0, buffer, 0, written).position(written);
    buffer = larger;
    count--;
  }

  /** Ends the current message. */
  public NetlinkWriter end() {
    buffer.putInt(message + Netlink.NLMSG_LEN, buffer.position() - message);
    return this;
  }

  /** Returns the number of messages written. */
  public int count() {
    return count;
  }

  /** Returns the position of a message, the first of which has number 0. */
  public int start(int message) {
    int at = 0;
    for (int i = 0; i < message; i++) {
      at += buffer.getInt(at + Netlink.NLMSG_LEN);
    }
    return at;
  }

  /** Gives the messages consecutive sequence numbers. */
  public void number(int first) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      buffer.putInt(at + Netlink.NLMSG_SEQ, first + i);
      at += buffer.getInt(at + Netlink.NLMSG_LEN);
    }
  }

  /** Clears the request for an acknowledgement in all messages but one. */
  public void acknowledgeOnly(int message) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      int flags = buffer.getShort(at + Netlink.NLMSG_FLAGS);
      if (i != message) {
        buffer.putShort(at + Netlink.NLMSG_FLAGS, (short) (flags & ~Netlink.NLM_F_ACK));
      }
      at += buffer.getInt(at + Netlink.NLMSG_LEN);
    }
  }

  public int length() {
    return buffer.position();
  }

  public ByteBuffer buffer() {
    return buffer;
  }

  public NetlinkWriter u8(int value) {
    buffer.put((byte) value);
    return this;
  }

  public NetlinkWriter u16(int value) {
    buffer.putShort((short) value);
    return this;
  }

  public NetlinkWriter u32(int value) {
    buffer.putInt(value);
    return this;
  }

  public NetlinkWriter attribute(int type) {
    buffer.putShort((short) 4).putShort((short) type);
    return this;
  }

  public NetlinkWriter attribute(int type, int value) {
    buffer.putShort((short) 8).putShort((short) type).putInt(value);
    return this;
  }

  /** Writes a number in network byte order, which nfnetlink uses. */
  public NetlinkWriter big(int type, int value) {
    buffer.putShort((short) 8).putShort((short) type);
    return bytes(value >>> 24, value >>> 16, value >>> 8, value);
  }

  public NetlinkWriter bigLong(int type, long value) {
    buffer.putShort((short) 12).putShort((short) type);
    int high = (int) (value >>> 32);
    int low = (int) value;
    return bytes(high >>> 24, high >>> 16, high >>> 8, high)
        .bytes(low >>> 24, low >>> 16, low >>> 8, low);
  }

  private NetlinkWriter bytes(int first, int second, int third, int fourth) {
    buffer.put((byte) first).put((byte) second).put((byte) third).put((byte) fourth);
    return this;
  }

  /** Writes attributes that are already encoded. */
  public NetlinkWriter encoded(byte[] attributes) {
    buffer.put(attributes);
    return this;
  }

  public NetlinkWriter attribute8(int type, int value) {
    buffer.putShort((short) 5).putShort((short) type).put((byte) value);
    return pad();
  }

  public NetlinkWriter attribute16(int type, int value) {
    buffer.putShort((short) 6).putShort((short) type).putShort((short) value);
    return pad();
  }

  public NetlinkWriter attribute64(int type, long value) {
    buffer.putShort((short) 12).putShort((short) type).putLong(value);
    return this;
  }

  public NetlinkWriter attribute(int type, byte[] value) {
    buffer.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    return pad();
  }

  /** Writes a text, with a NUL at its end. */
  public NetlinkWriter attribute(int type, String value) {
    int at = buffer.position();
    buffer.putShort((short) 0).putShort((short) type);
    text(value);
    buffer.put((byte) 0).putShort(at, (short) (buffer.position() - at));
    return pad();
  }

  /** Writes ASCII, the usual case, without allocating an array. */
  private void text(String value) {
    int at = buffer.position();
    int length = value.length();
    if (length > buffer.remaining()) {
      throw new BufferOverflowException(); // as the relative methods do
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        buffer.position(at + i).put(value.substring(i).getBytes(StandardCharsets.UTF_8));
        return;
      }
      buffer.put(at + i, (byte) c);
    }
    buffer.position(at + length);
  }

  /** Opens a nested attribute; the result is passed to {@link #close}. */
  public int open(int type) {
    int at = buffer.position();
    buffer.putShort((short) 0).putShort((short) type);
    return at;
  }

  public NetlinkWriter close(int nest) {
    buffer.putShort(nest, (short) (buffer.position() - nest));
    return this;
  }

  private NetlinkWriter pad() {
    while ((buffer.position() & 3) != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }
}
