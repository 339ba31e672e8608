// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.netlink;

import static org.vnet4j.linux.netlink.LinuxErrno.EAGAIN;
import static org.vnet4j.linux.netlink.LinuxErrno.ENOBUFS;
import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.posix.libc.Abi.EINTR;
import static org.vnet4j.posix.libc.Abi.ENODEV;
import static org.vnet4j.posix.libc.Abi.ENOMEM;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.spi.KernelErrors;

/**
 * A netlink socket of one stack: sends requests to the kernel and receives the replies. A lock
 * admits one exchange at a time: {@code try (Exchange x = socket.begin()) {
 * LinkRequests.up(x.out(), name, true); x.execute("RTM_SETLINK", name); }}.
 */
public final class NetlinkSocket implements AutoCloseable {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MOST_ATTEMPTS = 20;
  private static final int LONGEST_BATCH = 64 * 1024 * 1024;
  private static final long SIOCGIFINDEX = 0x8933L;
  private static final int IFNAMSIZ = 16;

  /** Idle buffers, shared by all sockets: one in the reference, further ones in the queue. */
  private static final AtomicReference<@Nullable Buffers> AT_HAND = new AtomicReference<>();

  private static final ConcurrentLinkedQueue<Buffers> POOL = new ConcurrentLinkedQueue<>();

  private final Fd fd;
  private final Sender sender;
  private final IntUnaryOperator headerSize;
  private final ReentrantLock lock = new ReentrantLock();
  private int sequence;

  /**
   * Takes over a socket.
   *
   * @param headerSize returns the size in bytes of the family's own header in a message of a type
   */
  public NetlinkSocket(Fd fd, Sender sender, IntUnaryOperator headerSize) {
    this.fd = fd;
    this.sender = sender;
    this.headerSize = headerSize;
    for (int option : new int[] {NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK}) {
      option(option);
    }
  }

  /**
   * Raises the send buffer so that one message can carry a large rule set. Without privilege on the
   * machine the kernel sets it to at most twice the sysctl net.core.wmem_max.
   */
  public NetlinkSocket withLongMessages() {
    Memory size = Memory.ofInt(LONGEST_BATCH);
    for (int option : new int[] {SO_SNDBUF, SO_SNDBUFFORCE}) {
      fd.use(number -> Native.libc().setsockopt(number, SOL_SOCKET, option, size.address(), 4));
    }
    size.keep();
    return this;
  }

  /** Returns the socket, for another program to send on. */
  public Fd descriptor() {
    return fd;
  }

  private void option(int option) {
    Memory one = Memory.allocate(4);
    one.bytes().putInt(0, 1);
    int errno =
        fd.use(
            number ->
                Native.libc().setsockopt(number, SOL_NETLINK, option, one.address(), 4) < 0
                    ? Native.errno()
                    : 0);
    one.keep();
    if (errno != 0) {
      throw KernelErrors.of(Errno.LINUX.error("setsockopt", "netlink option " + option, errno));
    }
  }

  /** Begins an exchange; closing it lets the next one begin. */
  public Exchange begin() {
    Buffers pooled = AT_HAND.getAndSet(null);
    pooled = pooled == null ? POOL.poll() : pooled;
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

  /**
   * Sends requests on a socket: directly, or by the helper where this process lacks the privilege.
   */
  public interface Sender {
    /**
     * Sends bytes.
     *
     * @param patchAt the position in the bytes at which the number of the descriptor {@code patch}
     *     is inserted, 0 for none
     * @return 0 or errno
     */
    int send(Fd socket, Memory bytes, int length, int patchAt, @Nullable Fd patch);
  }

  /** Decodes one message of a reply. */
  public interface Decoder<T> {
    @Nullable T decode(int type, ByteBuffer buffer, int from, int to);
  }

  private static final class Buffers {
    final Memory request = Memory.allocate(16 * 1024);
    final Memory answer = Memory.allocate(64 * 1024);
    final NetlinkWriter writer = new NetlinkWriter(request.bytes());
  }

  /** One exchange of requests and replies. */
  public final class Exchange implements AutoCloseable {
    private final Buffers buffers;
    private boolean troubled;

    private Exchange(Buffers buffers) {
      this.buffers = buffers;
      buffers.writer.clear();
    }

    public NetlinkWriter out() {
      return buffers.writer;
    }

    /** Sends the requests, each of which asks for an acknowledgement, and waits for all of them. */
    public void execute(String call, Object subject) {
      execute(call, subject, 0, null);
    }

    /** Sends the requests with a descriptor and waits for all acknowledgements. */
    public void execute(String call, Object subject, int patchAt, @Nullable Fd patch) {
      KernelError error = attempt(call, subject, patchAt, patch);
      if (error != null) {
        throw new NetlinkError(error);
      }
    }

    /**
     * Works as {@link #execute(String, Object, int, Fd)}, but returns the first error. The kernel
     * performs the requests in order and reports each that fails; it acknowledges success only for
     * the last.
     */
    @Nullable
    public KernelError attempt(String call, Object subject, int patchAt, @Nullable Fd patch) {
      int count = buffers.writer.count();
      if (count > 1) {
        buffers.writer.acknowledgeOnly(count - 1);
      }
      int first = send(call, subject, patchAt, patch);
      int last = first + count - 1;
      KernelError refusal = null;
      while (true) {
        NetlinkMessages in = receive(call, subject);
        while (in.next()) {
          if (in.type() == NLMSG_ERROR && in.sequence() - first >= 0) {
            KernelError error = in.error();
            refusal = refusal == null ? error : refusal;
            if (in.sequence() == last) {
              return refusal;
            }
          }
        }
      }
    }

    /** Reserves sequence numbers for messages that the caller numbers; returns the first. */
    public int reserve(int count) {
      troubled = false;
      int first = sequence + 1;
      sequence += count;
      return first;
    }

    /**
     * Sends messages that the caller wrote and numbered.
     *
     * @return 0 or an errno
     */
    public int send(Memory messages, int length) {
      return sender.send(fd, messages, length, 0, null);
    }

    /** Sends one request and decodes its only reply; repeats the request if the reply was lost. */
    public <T> T get(String call, Object subject, Decoder<T> decoder) {
      return get(call, subject, 0, null, decoder);
    }

    /** Sends one request with a descriptor and decodes its only reply; repeats it likewise. */
    public <T> T get(
        String call, Object subject, int patchAt, @Nullable Fd patch, Decoder<T> decoder) {
      return persistently(
          () -> {
            T value = once(call, subject, patchAt, patch, decoder);
            if (value == null) {
              throw new VnetException(call + " " + subject + ": an empty answer");
            }
            return value;
          });
    }

    /**
     * Sends a request that asks for an acknowledgement and decodes its reply; empty if only the
     * acknowledgement arrives.
     */
    public <T> Optional<T> find(String call, Object subject, Decoder<T> decoder) {
      return persistently(() -> Optional.ofNullable(once(call, subject, 0, null, decoder)));
    }

    private <T> @Nullable T once(
        String call, Object subject, int patchAt, @Nullable Fd patch, Decoder<T> decoder) {
      int first = send(call, subject, patchAt, patch);
      while (true) {
        NetlinkMessages in = receive(call, subject);
        while (in.next()) {
          if (in.sequence() != first) {
            continue;
          }
          if (in.type() == NLMSG_ERROR) {
            KernelError error = in.error();
            if (error != null) {
              throw new NetlinkError(error);
            }
            if (troubled) {
              throw new LostException(call, subject, "for want of memory");
            }
            return null;
          }
          T value = in.decode(decoder);
          if (value != null) {
            return value;
          }
        }
      }
    }

    /**
     * Sends one request for a list and decodes the replies; repeats it if the list changed
     * meanwhile.
     */
    public <T> List<T> dump(String call, Object subject, Decoder<T> decoder) {
      return persistently(() -> collect(call, subject, decoder, false));
    }

    /**
     * Requests a list, and accepts one that changed while it was read: elements may be missing, or
     * listed twice. The caller knows how to tell whether its own elements are all there.
     */
    public <T> List<T> dumpOfChanging(String call, Object subject, Decoder<T> decoder) {
      return persistently(() -> collect(call, subject, decoder, true));
    }

    /** Repeats a request if its reply was lost. Only for requests that change nothing. */
    private <T> T persistently(Supplier<T> question) {
      for (int attempt = 1; ; attempt++) {
        try {
          return question.get();
        } catch (LostException e) {
          if (attempt == MOST_ATTEMPTS) {
            throw e;
          }
        }
      }
    }

    private <T> List<T> collect(String call, Object subject, Decoder<T> decoder, boolean changing) {
      int first = send(call, subject, 0, null);
      List<T> values = new ArrayList<>();
      boolean whole = true;
      while (true) {
        NetlinkMessages in = receive(call, subject);
        while (in.next()) {
          if (in.sequence() != first) {
            continue;
          }
          whole &= changing || !in.interrupted();
          if (in.type() == NLMSG_DONE || in.type() == NLMSG_ERROR) {
            KernelError error = in.error();
            if (error != null) {
              throw new NetlinkError(error);
            }
            if (whole && !troubled) {
              return values;
            }
            throw new LostException(call, subject, "a list that changed while it was read");
          }
          T value = in.decode(decoder);
          if (value != null) {
            values.add(value);
          }
        }
      }
    }

    /** Returns the index of an interface, by the cheapest request there is. */
    public int index(String name) {
      int errno = findIndex(name);
      if (errno != 0) {
        String words = name.length() < IFNAMSIZ ? null : "name too long";
        throw new NetlinkError(Errno.LINUX.error("SIOCGIFINDEX", name, errno, words));
      }
      return buffers.answer.bytes().getInt(IFNAMSIZ);
    }

    /** Returns whether there is an interface of that name. */
    public boolean has(String name) {
      int errno = findIndex(name);
      if (errno != 0 && errno != ENODEV) {
        throw new NetlinkError(Errno.LINUX.error("SIOCGIFINDEX", name, errno));
      }
      return errno == 0;
    }

    /** Lets the kernel write the index after the name, see netdevice(7); returns 0 or an errno. */
    private int findIndex(String name) {
      ByteBuffer ifreq = buffers.answer.bytes();
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      if (bytes.length >= IFNAMSIZ) {
        return ENODEV; // longer than any name
      }
      for (int i = 0; i < IFNAMSIZ; i++) {
        ifreq.put(i, i < bytes.length ? bytes[i] : 0);
      }
      return fd.use(
          number ->
              Native.libc().ioctl(number, SIOCGIFINDEX, buffers.answer.address()) < 0
                  ? Native.errno()
                  : 0);
    }

    private int send(String call, Object subject, int patchAt, @Nullable Fd patch) {
      troubled = false;
      int first = sequence + 1;
      sequence += buffers.writer.count();
      buffers.writer.number(first);
      int errno = sender.send(fd, buffers.request, buffers.writer.length(), patchAt, patch);
      if (errno != 0) {
        throw KernelErrors.of(
            Errno.LINUX.error(call, subject.toString(), errno)); // no request was sent
      }
      return first;
    }

    /**
     * Waits for the next part of the reply. When memory was short, the kernel may have dropped a
     * part. The kernel replies before the send(2) of the request returns, so after that only what
     * is already queued is read.
     */
    public NetlinkMessages receive(String call, Object subject) {
      Memory answer = buffers.answer;
      while (true) {
        int length = fd.use(number -> receive(number, answer, troubled ? MSG_DONTWAIT : 0));
        if (length > 0) {
          return new NetlinkMessages(answer.bytes(), length, headerSize, call, subject);
        }
        switch (-length) {
          case EINTR -> {}
          case ENOBUFS, ENOMEM -> {
            if (troubled) {
              throw new LostException(call, subject, "for want of memory");
            }
            troubled = true;
          }
          case 0, EAGAIN -> throw new LostException(call, subject, "for want of memory");
          default -> throw KernelErrors.of(Errno.LINUX.error(call, subject.toString(), -length));
        }
      }
    }

    /** Returns the number of bytes received, or the negative errno. */
    private int receive(int number, Memory answer, int flags) {
      long length = Native.libc().recv(number, answer.address(), answer.bytes().capacity(), flags);
      return length < 0 ? -Native.errno() : (int) length;
    }

    @Override
    public void close() {
      if (!AT_HAND.compareAndSet(null, buffers)) {
        POOL.offer(buffers);
      }
      lock.unlock();
    }
  }

  /**
   * The kernel's reply did not arrive whole. The request may have taken effect: the caller checks
   * whether the thing exists.
   */
  public static final class LostException extends VnetException {
    private static final long serialVersionUID = 1L;

    LostException(String call, Object subject, String how) {
      super(
          Errno.LINUX.error(
              call,
              subject.toString(),
              ENOBUFS,
              "the answer was lost (" + how + "); it may have happened"),
          "look, and do it again");
    }
  }

  /** The kernel returned an error; the drivers convert it to the exception that they promise. */
  public static final class NetlinkError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient KernelError error;

    public NetlinkError(KernelError error) {
      super(error.toString(), null, false, false);
      this.error = error;
    }

    public KernelError error() {
      return error;
    }
  }
}
