// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.posix.libc.Fd;

/** Encodes a request: {@code struct vh_request} and the data that follows it. */
final class HelperRequest {
  private static final int STACK = 1;
  private static final int PERSIST = 2;
  private static final int FILE = 4;
  private static final int HEADER = 20;

  final Op op;
  final String subject;
  final List<Fd> descriptors = new ArrayList<>();
  int a;
  int b;

  /** The number of descriptors in the reply. */
  int handsOver;

  private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
  private int flags;
  private int jid;

  /** The requests; the number in the protocol is the position in this list. */
  enum Op {
    NONE,
    SOCKETS,
    EXEC,
    KILL,
    SYSCTL_READ,
    SYSCTL_WRITE,
    NS_CREATE,
    NS_OPEN,
    NS_REMOVE,
    SEND,
    TAP,
    BPF,
    ANCHOR,
    GIVE,
    RECLAIM,
    SETSOCKOPT,
    LATER,
    CANCEL,
    BIND
  }

  HelperRequest(Op op, String subject) {
    this.op = op;
    this.subject = subject;
  }

  /** Sets the stack; must be called before any {@link #descriptor}. */
  HelperRequest stack(StackRef stack) {
    jid = stack.jid();
    if (stack.namespace() != null) {
      flags |= STACK;
      descriptors.add(stack.namespace());
    }
    return this;
  }

  HelperRequest persist(boolean persist) {
    flags |= persist ? PERSIST : 0;
    return this;
  }

  /** Records that the last descriptor is a file with the payload. */
  HelperRequest inFile() {
    flags |= FILE;
    return this;
  }

  HelperRequest string(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(op + ": NUL in a string");
    }
    payload.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    payload.write(0);
    return this;
  }

  HelperRequest handsOver(int count) {
    handsOver = count;
    return this;
  }

  HelperRequest number(int number) {
    payload.writeBytes(ordered(Integer.BYTES).putInt(number).array());
    return this;
  }

  HelperRequest bytes(byte[] bytes) {
    payload.writeBytes(bytes);
    return this;
  }

  HelperRequest descriptor(Fd descriptor) {
    descriptors.add(descriptor);
    return this;
  }

  ByteBuffer message() {
    ByteBuffer message = ordered(HEADER + payload.size());
    message.putInt(op.ordinal()).putInt(flags).putInt(jid).putInt(a).putInt(b);
    return message.put(payload.toByteArray()).flip();
  }

  private static ByteBuffer ordered(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  @Override
  public String toString() {
    return "vnet-helper " + op;
  }
}
