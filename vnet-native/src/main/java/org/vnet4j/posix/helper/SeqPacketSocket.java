// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.vnet4j.posix.libc.Abi.EINTR;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Io;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.spi.KernelErrors;

/**
 * One end of a SOCK_SEQPACKET socketpair, see unix(7): sends and receives whole messages with
 * descriptors attached. Not safe for use by several threads at once.
 */
final class SeqPacketSocket implements AutoCloseable {
  static final int MAX_MESSAGE = 131072;
  static final int MAX_DESCRIPTORS = 16;

  private static final int CMSG_HEADER = 16;
  private static final int CONTROL_SIZE = CMSG_HEADER + MAX_DESCRIPTORS * Integer.BYTES;
  private static final int BUFFER_SIZE = 262144;

  /** In milliseconds, see {@link #receiveBySeconds}. */
  private static final int SECOND = 1000;

  private static final int IOV = 64;
  private static final int CONTROL = 96;
  private static final int DATA = 256;

  private final Fd fd;
  private final Abi abi = Abi.here();
  private final Libc libc = Native.libc();
  private final int eagain = Errno.here().numberOf("EAGAIN");
  private final Memory memory = Memory.allocate(DATA + MAX_MESSAGE);

  SeqPacketSocket(Fd fd) {
    this.fd = fd;
  }

  /** A connected pair; the second end is for the peer. */
  record Pair(SeqPacketSocket ours, Fd theirs) {}

  /**
   * A received message; empty and without descriptors once the peer has closed its end.
   *
   * @param truncated true if descriptors were lost because the process has no free ones
   * @param errno the error of recvmsg(2), or 0
   */
  record Message(ByteBuffer bytes, List<Fd> descriptors, boolean truncated, int errno) {}

  static Pair pair() {
    Libc libc = Native.libc();
    Abi abi = Abi.here();
    Memory pair = Memory.allocate(8);
    if (libc.socketpair(Abi.AF_UNIX, Abi.SOCK_SEQPACKET | abi.sockCloexec, 0, pair.address())
        == -1) {
      throw KernelErrors.of(Errno.here().error("socketpair", "for the helper", Native.errno()));
    }
    Memory size = Memory.allocate(4);
    size.bytes().putInt(0, BUFFER_SIZE);
    for (int i = 0; i < 2; i++) {
      int end = pair.bytes().getInt(i * 4);
      // Best effort: a kernel with a lower limit rejects only longer requests.
      libc.setsockopt(
          end, abi.sockets.solSocket(), abi.sockets.soSndbuf(), size.address(), Integer.BYTES);
      libc.setsockopt(
          end, abi.sockets.solSocket(), abi.sockets.soRcvbuf(), size.address(), Integer.BYTES);
    }
    size.keep();
    Fd ours = Fd.owning(pair.bytes().getInt(0));
    Fd theirs = Fd.owning(pair.bytes().getInt(4));
    int errno = receiveBySeconds(ours);
    if (errno != 0) {
      ours.close();
      theirs.close();
      throw KernelErrors.of(Errno.here().error("setsockopt", "for the helper", errno));
    }
    return new Pair(new SeqPacketSocket(ours), theirs);
  }

  /** Lets a receive end after a second without input; returns 0 or an errno. */
  private static int receiveBySeconds(Fd fd) {
    Memory second = Memory.allocate(2 * Long.BYTES); // struct timeval
    second.bytes().putLong(0, 1);
    Abi.Sockets options = Abi.here().sockets;
    int errno =
        fd.use(
            number ->
                Native.libc()
                            .setsockopt(
                                number,
                                options.solSocket(),
                                options.soRcvtimeo(),
                                second.address(),
                                second.bytes().capacity())
                        < 0
                    ? Native.errno()
                    : 0);
    second.keep();
    return errno;
  }

  /**
   * Sends one message.
   *
   * @param message at most {@link #MAX_MESSAGE} bytes, from its position to its limit
   * @param descriptors at most {@link #MAX_DESCRIPTORS}
   * @return 0, or an errno
   */
  int send(ByteBuffer message, List<Fd> descriptors) {
    ByteBuffer m = memory.bytes();
    int length = message.remaining();
    m.put(DATA, message, message.position(), length);
    prepare(length, descriptors.isEmpty() ? 0 : CMSG_HEADER + align(descriptors.size()));
    int acquired = 0;
    try {
      for (Fd descriptor : descriptors) {
        m.putInt(CONTROL + CMSG_HEADER + acquired * Integer.BYTES, descriptor.acquire());
        acquired++;
      }
      if (acquired > 0) {
        putLength(m, CONTROL, CMSG_HEADER + acquired * Integer.BYTES);
        m.putInt(CONTROL + 8 - (abi == Abi.FREEBSD ? 4 : 0), abi.sockets.solSocket());
        m.putInt(CONTROL + 12 - (abi == Abi.FREEBSD ? 4 : 0), Abi.SCM_RIGHTS);
      }
      return fd.use(
          n -> {
            int flags = abi.messages.nosignal() | abi.messages.eor();
            while (libc.sendmsg(n, memory.address(), flags) == -1) {
              int errno = Native.errno();
              if (errno != EINTR) {
                return errno;
              }
            }
            return 0;
          });
    } finally {
      descriptors.subList(0, acquired).forEach(Fd::release);
      memory.keep();
    }
  }

  /** Waits for one message, without a limit. */
  Message receive() {
    Message message = null;
    while (message == null) {
      message = receive(Integer.MAX_VALUE);
    }
    return message;
  }

  /**
   * Waits for one message. Waits second by second: time during which all processes of the machine
   * are stopped then counts as one second at most.
   *
   * @param seconds the longest wait
   * @return null if there was none
   */
  @Nullable Message receive(int seconds) {
    prepare(MAX_MESSAGE, CONTROL_SIZE);
    long n =
        fd.use(
            number -> {
              for (int waited = 0; ; ) {
                long got = -1;
                int errno = eagain;
                if (Io.readableIfVirtual(number, SECOND)) {
                  got = libc.recvmsg(number, memory.address(), abi.messages.cmsgCloexec());
                  errno = got == -1 ? Native.errno() : 0;
                }
                waited += errno == eagain ? 1 : 0;
                if (errno != EINTR && (errno != eagain || waited >= seconds)) {
                  return got == -1 ? -errno : got;
                }
              }
            });
    if (n == -eagain) {
      return null;
    }
    ByteBuffer m = memory.bytes();
    List<Fd> descriptors = new ArrayList<>();
    boolean truncated = false;
    if (n > 0) {
      truncated = (m.getInt(abi.messages.flags()) & abi.messages.ctrunc()) != 0;
      int control = m.getInt(abi.messages.controllen());
      if (control > CMSG_HEADER) {
        int end = CONTROL + Math.min(control, m.getInt(CONTROL));
        for (int at = CONTROL + CMSG_HEADER; at + Integer.BYTES <= end; at += Integer.BYTES) {
          descriptors.add(Fd.owning(m.getInt(at)));
        }
      }
    }
    byte[] bytes = new byte[(int) Math.max(0, n)];
    m.get(DATA, bytes);
    memory.keep();
    return new Message(
        ByteBuffer.wrap(bytes).order(m.order()), descriptors, truncated, (int) Math.max(0, -n));
  }

  /** Fills in struct msghdr and its only struct iovec. */
  private void prepare(int length, int control) {
    ByteBuffer m = memory.bytes();
    Abi.Messages layout = abi.messages;
    for (int i = 0; i < IOV; i += Long.BYTES) {
      m.putLong(i, 0);
    }
    m.putLong(16, memory.address() + IOV);
    putLength(m, layout.iovlen(), 1);
    m.putLong(IOV, memory.address() + DATA);
    m.putLong(IOV + 8, length);
    if (control > 0) {
      m.putLong(layout.control(), memory.address() + CONTROL);
      putLength(m, layout.controllen(), control);
    }
  }

  private void putLength(ByteBuffer m, int offset, int value) {
    if (abi.messages.lengthBytes() == Long.BYTES) {
      m.putLong(offset, value);
    } else {
      m.putInt(offset, value);
    }
  }

  private static int align(int descriptors) {
    return (descriptors * Integer.BYTES + 7) & ~7;
  }

  @Override
  public void close() {
    fd.close();
  }
}
