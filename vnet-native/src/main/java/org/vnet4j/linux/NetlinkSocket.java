// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.Netlink.*;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Errno;
import org.vnet4j.posix.Fd;
import org.vnet4j.posix.Native;
import org.vnet4j.posix.NativeBuffer;
import org.vnet4j.spi.Refusal;

/**
 * A netlink socket of one stack. Requests and answers are exchanged under a lock, one exchange at a
 * time: {@code try (Exchange x = socket.begin()) { LinkRequests.up(x.out(), name, true);
 * x.execute("RTM_SETLINK", name); }}.
 */
final class NetlinkSocket implements AutoCloseable {
  private static final int ENOBUFS = 105;
  private static final int EINTR = 4;
  private static final int EOVERFLOW = 75;
  private static final int MOST_DUMPS = 20;
  private static final long SIOCGIFINDEX = 0x8933L;
  private static final int IFNAMSIZ = 16;

  /** Exchanges that nobody uses now; their buffers serve all sockets. */
  private static final ConcurrentLinkedQueue<Buffers> POOL = new ConcurrentLinkedQueue<>();

  private final Fd fd;
  private final Sender sender;
  private final ReentrantLock lock = new ReentrantLock();
  private int sequence;

  NetlinkSocket(Fd fd, Sender sender) {
    this.fd = fd;
    this.sender = sender;
    for (int option : new int[] {NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK}) {
      option(option);
    }
  }

  private void option(int option) {
    NativeBuffer one = NativeBuffer.of(4);
    one.bytes().putInt(0, 1);
    int errno =
        fd.use(
            number ->
                Native.libc().setsockopt(number, SOL_NETLINK, option, one.address(), 4) < 0
                    ? Native.errno()
                    : 0);
    one.keep();
    if (errno != 0) {
      throw Refusal.of(Errno.LINUX.error("setsockopt", "netlink option " + option, errno));
    }
  }

  /** Begins an exchange; close it to let the next one begin. */
  Exchange begin() {
    Buffers pooled = POOL.poll();
    Exchange exchange = new Exchange(pooled == null ? new Buffers() : pooled);
    lock.lock();
    return exchange;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      fd.close();
    } finally {
      lock.unlock();
    }
  }

  /** Sends requests on a socket; without privilege of our own the helper does it for us. */
  interface Sender {
    /**
     * Sends bytes.
     *
     * @param patchAt where in the bytes the number of a further descriptor is to stand, 0 for none
     * @return 0 or errno
     */
    int send(Fd socket, NativeBuffer bytes, int length, int patchAt, @Nullable Fd patch);
  }

  /** Makes something of one answer. */
  interface Decoder<T> {
    @Nullable T decode(int type, ByteBuffer buffer, int from, int to);
  }

  private static final class Buffers {
    final NativeBuffer request = NativeBuffer.of(16 * 1024);
    final NativeBuffer answer = NativeBuffer.of(64 * 1024);
    final NetlinkWriter writer = new NetlinkWriter(request.bytes());
  }

  /** One exchange of requests and answers. */
  final class Exchange implements AutoCloseable {
    private final Buffers buffers;

    private Exchange(Buffers buffers) {
      this.buffers = buffers;
      buffers.writer.clear();
    }

    NetlinkWriter out() {
      return buffers.writer;
    }

    /** Sends the requests, each of which asks for an acknowledgement, and waits for all of them. */
    void execute(String call, String subject) {
      execute(call, subject, 0, null);
    }

    /** The same, passing a descriptor along. */
    void execute(String call, String subject, int patchAt, @Nullable Fd patch) {
      KernelError error = attempt(call, subject, patchAt, patch);
      if (error != null) {
        throw new Refused(error);
      }
    }

    /** As {@link #execute}, but returns the first refusal, and passes a descriptor along. */
    @Nullable KernelError attempt(String call, String subject, int patchAt, @Nullable Fd patch) {
      int first = send(call, subject, patchAt, patch);
      KernelError refusal = null;
      for (int missing = buffers.writer.count(); missing > 0; ) {
        int length = receive(call, subject);
        ByteBuffer in = buffers.answer.bytes();
        for (int at = 0; at + HEADER <= length; at += next(in, at, length)) {
          if (in.getShort(at + NLMSG_TYPE) == NLMSG_ERROR && in.getInt(at + NLMSG_SEQ) >= first) {
            missing--;
            KernelError error = error(call, subject, at, in);
            refusal = refusal == null ? error : refusal;
          }
        }
      }
      return refusal;
    }

    /** Sends one request and decodes its only answer. */
    <T> T get(String call, String subject, Decoder<T> decoder) {
      int first = send(call, subject, 0, null);
      while (true) {
        int length = receive(call, subject);
        ByteBuffer in = buffers.answer.bytes();
        for (int at = 0; at + HEADER <= length; at += next(in, at, length)) {
          if (in.getInt(at + NLMSG_SEQ) != first) {
            continue;
          }
          int type = in.getShort(at + NLMSG_TYPE) & 0xffff;
          if (type == NLMSG_ERROR) {
            KernelError error = error(call, subject, at, in);
            throw error != null
                ? new Refused(error)
                : new VnetException(call + " " + subject + ": an empty answer");
          }
          T value = decoder.decode(type, in, at + HEADER, at + in.getInt(at + NLMSG_LEN));
          if (value != null) {
            return value;
          }
        }
      }
    }

    /** Sends one request for a list and decodes the answers; asks again if the list changed. */
    <T> List<T> dump(String call, String subject, Decoder<T> decoder) {
      for (int attempt = 0; attempt < MOST_DUMPS; attempt++) {
        List<T> values = new ArrayList<>();
        if (collect(call, subject, decoder, values)) {
          return values;
        }
      }
      throw new VnetException(
          call + " " + subject + ": the list changed " + MOST_DUMPS + " times while it was read");
    }

    /** Returns false if the kernel says that the list changed on the way. */
    private <T> boolean collect(String call, String subject, Decoder<T> decoder, List<T> values) {
      int first = send(call, subject, 0, null);
      boolean whole = true;
      while (true) {
        int length = receive(call, subject);
        ByteBuffer in = buffers.answer.bytes();
        for (int at = 0; at + HEADER <= length; at += next(in, at, length)) {
          if (in.getInt(at + NLMSG_SEQ) != first) {
            continue;
          }
          whole &= (in.getShort(at + NLMSG_FLAGS) & NLM_F_DUMP_INTR) == 0;
          int type = in.getShort(at + NLMSG_TYPE) & 0xffff;
          if (type == NLMSG_DONE || type == NLMSG_ERROR) {
            KernelError error = error(call, subject, at, in);
            if (error != null) {
              throw new Refused(error);
            }
            return whole;
          }
          T value = decoder.decode(type, in, at + HEADER, at + in.getInt(at + NLMSG_LEN));
          if (value != null) {
            values.add(value);
          }
        }
      }
    }

    /** Returns the index of an interface; the cheapest question there is about one. */
    int index(String name) {
      ByteBuffer ifreq = buffers.answer.bytes();
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      if (bytes.length >= IFNAMSIZ) {
        throw new Refused(Errno.LINUX.error("SIOCGIFINDEX", name, 19, "name too long"));
      }
      for (int i = 0; i < IFNAMSIZ; i++) {
        ifreq.put(i, i < bytes.length ? bytes[i] : 0);
      }
      int errno =
          fd.use(
              number ->
                  Native.libc().ioctl(number, SIOCGIFINDEX, buffers.answer.address()) < 0
                      ? Native.errno()
                      : 0);
      if (errno != 0) {
        throw new Refused(Errno.LINUX.error("SIOCGIFINDEX", name, errno));
      }
      return ifreq.getInt(IFNAMSIZ);
    }

    private int send(String call, String subject, int patchAt, @Nullable Fd patch) {
      int first = sequence + 1;
      sequence += buffers.writer.count();
      buffers.writer.number(first);
      int errno = sender.send(fd, buffers.request, buffers.writer.length(), patchAt, patch);
      if (errno != 0) {
        throw new Refused(Errno.LINUX.error(call, subject, errno));
      }
      return first;
    }

    private int receive(String call, String subject) {
      NativeBuffer answer = buffers.answer;
      while (true) {
        int length = fd.use(number -> receive(number, answer));
        if (length > 0) {
          return length;
        }
        int errno = length == 0 ? EOVERFLOW : -length;
        if (errno != EINTR) {
          String words = errno == ENOBUFS ? "answers were lost" : null;
          throw Refusal.of(Errno.LINUX.error(call, subject, errno, words));
        }
      }
    }

    /** Returns how many bytes came, or the negative errno. */
    private int receive(int number, NativeBuffer answer) {
      long length = Native.libc().recv(number, answer.address(), answer.bytes().capacity(), 0);
      return length < 0 ? -Native.errno() : (int) length;
    }

    /** Returns the length of the message at a position, made sure that the walk goes on. */
    private int next(ByteBuffer in, int at, int length) {
      int size = in.getInt(at + NLMSG_LEN);
      return size < HEADER || size > length - at ? length - at : align(size);
    }

    /** Decodes an acknowledgement: null if it says that all is well. */
    private @Nullable KernelError error(String call, String subject, int at, ByteBuffer in) {
      int end = at + in.getInt(at + NLMSG_LEN);
      int errno = end >= at + HEADER + 4 ? -in.getInt(at + HEADER) : 0;
      if (errno == 0) {
        return null;
      }
      String words = null;
      int type = in.getShort(at + NLMSG_TYPE);
      int attributes = at + HEADER + 4 + (type == NLMSG_ERROR ? HEADER : 0);
      if ((in.getShort(at + NLMSG_FLAGS) & NLM_F_ACK_TLVS) != 0) {
        NetlinkReader attribute = new NetlinkReader(in).over(attributes, end);
        while (attribute.next()) {
          words = attribute.type() == NLMSGERR_ATTR_MSG ? attribute.text() : words;
        }
      }
      return Errno.LINUX.error(call, subject, errno, words);
    }

    @Override
    public void close() {
      POOL.offer(buffers);
      lock.unlock();
    }
  }

  /** The kernel refused a request; the drivers turn it into what the seam promises. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient KernelError error;

    Refused(KernelError error) {
      super(error.toString(), null, false, false);
      this.error = error;
    }

    KernelError error() {
      return error;
    }
  }
}
