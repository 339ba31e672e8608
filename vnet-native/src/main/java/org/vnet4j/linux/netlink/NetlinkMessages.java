// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.netlink;

import static org.vnet4j.linux.netlink.Netlink.*;

import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.posix.libc.Errno;

/**
 * Iterates over the messages of one reply, in place. A message that is cut off or too short for its
 * type is reported as {@link NetlinkSocket.LostException}; it is never decoded in part.
 */
public final class NetlinkMessages {
  private static final int ACKNOWLEDGEMENT = 4 + HEADER;

  private final ByteBuffer buffer;
  private final int length;
  private final IntUnaryOperator headerSize;
  private final String call;
  private final Object subject;
  private int at;
  private int end;

  /**
   * Starts before the first message.
   *
   * @param length the size of the reply in bytes
   * @param headerSize returns the size in bytes of the family's own header in a message of a type
   * @param call the request, for error messages
   * @param subject the subject of the request, for error messages
   */
  public NetlinkMessages(
      ByteBuffer buffer, int length, IntUnaryOperator headerSize, String call, Object subject) {
    this.buffer = buffer;
    this.length = length;
    this.headerSize = headerSize;
    this.call = call;
    this.subject = subject;
  }

  /** Advances to the next message. */
  public boolean next() {
    at = align(end);
    if (at >= length) {
      return false;
    }
    int size = length - at < HEADER ? 0 : buffer.getInt(at + NLMSG_LEN);
    if (size < HEADER || size > length - at || size - HEADER < least(type())) {
      throw new NetlinkSocket.LostException(call, subject, "cut off at byte " + at);
    }
    end = at + size;
    return true;
  }

  /** Returns the number of bytes that precede the attributes of a message. */
  private int least(int type) {
    return type == NLMSG_ERROR ? ACKNOWLEDGEMENT : headerSize.applyAsInt(type);
  }

  public int type() {
    return buffer.getShort(at + NLMSG_TYPE) & 0xffff;
  }

  public int sequence() {
    return buffer.getInt(at + NLMSG_SEQ);
  }

  /** Returns whether the kernel reports that a list changed while it was read. */
  public boolean interrupted() {
    return (flags() & NLM_F_DUMP_INTR) != 0;
  }

  private int flags() {
    return buffer.getShort(at + NLMSG_FLAGS) & 0xffff;
  }

  /** Returns the message decoded by the given decoder. */
  public <T> @Nullable T decode(NetlinkSocket.Decoder<T> decoder) {
    return decoder.decode(type(), buffer, at + HEADER, end);
  }

  /** Returns the error in an acknowledgement or at the end of a list; null on success. */
  @Nullable
  public KernelError error() {
    int errno = end >= at + HEADER + 4 ? -buffer.getInt(at + HEADER) : 0;
    if (errno == 0) {
      return null;
    }
    String words = null;
    for (NetlinkReader attribute = explanations(); attribute.next(); ) {
      words = attribute.type() == NLMSGERR_ATTR_MSG ? attribute.text() : words;
    }
    return Errno.LINUX.error(call, subject.toString(), errno, words);
  }

  /**
   * Returns the position of the attribute that an error concerns, in bytes from the beginning of
   * the request; 0 if the kernel does not say it.
   */
  public int badAttribute() {
    int offset = 0;
    for (NetlinkReader attribute = explanations(); attribute.next(); ) {
      offset = attribute.type() == NLMSGERR_ATTR_OFFS ? attribute.u32() : offset;
    }
    return offset;
  }

  private NetlinkReader explanations() {
    int from = at + HEADER + (type() == NLMSG_ERROR ? ACKNOWLEDGEMENT : 4);
    return new NetlinkReader(buffer).over((flags() & NLM_F_ACK_TLVS) != 0 ? from : end, end);
  }
}
