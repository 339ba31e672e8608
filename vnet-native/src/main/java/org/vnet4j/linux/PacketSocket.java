// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.netlink.LinuxErrno.EAGAIN;
import static org.vnet4j.linux.netlink.LinuxErrno.ENETDOWN;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.IFF_LOOPBACK;
import static org.vnet4j.posix.libc.Abi.EINTR;
import static org.vnet4j.posix.libc.Abi.EINVAL;
import static org.vnet4j.posix.libc.Abi.ENOMEM;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Filter;
import org.vnet4j.capture.Instruction;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.libc.SlowCalls;
import org.vnet4j.posix.libc.Wakeup;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.PacketSource;

/**
 * Captures packets: a packet socket on one interface, with a filter in the kernel. See packet(7),
 * socket(7).
 */
final class PacketSocket implements PacketSource {
  /**
   * Protocol 0: the socket receives nothing until it is bound, so no packet bypasses the filter.
   */
  static final SocketKind KIND = new SocketKind(17, 3, 0);

  private static final int AF_PACKET = 17;
  private static final int ETH_P_ALL = 3;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SO_TIMESTAMPNS = 35;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_STATISTICS = 6;
  private static final int PACKET_AUXDATA = 8;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SOCKADDR_LL = 20;
  private static final int INSTRUCTION = 8;
  private static final int BPF_MAXINSNS = 4096;

  // Offsets in struct msghdr, struct iovec and struct cmsghdr on 64 bits, which follow one another
  // in the buffer.
  private static final int MSG_IOV = 16;
  private static final int MSG_IOVLEN = 24;
  private static final int MSG_CONTROL = 32;
  private static final int MSG_CONTROLLEN = 40;
  private static final int IOV = 56;
  private static final int CONTROL = 72;
  private static final int CONTROL_SIZE = 128;
  private static final int CMSG_HEADER = 16;
  private static final int AUXDATA_LEN = 4;

  private final Fd socket;
  private final String name;
  private final Consumer<Object> whenClosed;
  private final Wakeup wakeup;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Memory data;
  private final Memory header = Memory.allocate(CONTROL + CONTROL_SIZE);
  private long drops;

  /** Takes over a packet socket, attaches the filter and binds it to the interface. */
  PacketSocket(
      Fd socket,
      LinkState link,
      List<Instruction> filter,
      int snaplen,
      Consumer<Object> whenClosed) {
    this.socket = socket;
    this.wakeup = Wakeup.of(socket);
    this.name = link.name();
    this.whenClosed = whenClosed;
    this.data = Memory.allocate(snaplen);
    try {
      Memory one = Memory.allocate(Integer.BYTES);
      one.bytes().putInt(0, 1);
      option("SO_TIMESTAMPNS", SOL_SOCKET, SO_TIMESTAMPNS, one, Integer.BYTES);
      option("PACKET_AUXDATA", SOL_PACKET, PACKET_AUXDATA, one, Integer.BYTES);
      if ((link.flags() & IFF_LOOPBACK) != 0) {
        // Each packet comes back in. Before Linux 4.20, which lacks the option, both are captured.
        set(SOL_PACKET, PACKET_IGNORE_OUTGOING, one, Integer.BYTES);
      }
      attach(filter);
      SlowCalls.make(
          () -> bind(link.index())); // the kernel waits until no processor uses the old binding
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Attaches the filter, of which the kernel takes no more than BPF_MAXINSNS instructions. */
  private void attach(List<Instruction> filter) {
    if (filter.size() > BPF_MAXINSNS) {
      throw tooLong(filter, EINVAL);
    }
    Memory program = Memory.allocate(filter.size() * INSTRUCTION);
    for (Instruction one : filter) {
      program.bytes().putShort((short) one.code()).put((byte) one.jt()).put((byte) one.jf());
      program.bytes().putInt(one.k());
    }
    Memory fprog = Memory.allocate(16);
    fprog.bytes().putShort(0, (short) filter.size()).putLong(8, program.address());
    int errno = set(SOL_SOCKET, SO_ATTACH_FILTER, fprog, 16);
    program.keep();
    if (errno == ENOMEM) {
      throw tooLong(filter, errno);
    }
    check("SO_ATTACH_FILTER", errno);
  }

  private Filter.LimitException tooLong(List<Instruction> filter, int errno) {
    String subject = "filter of " + filter.size() + " instructions on " + name;
    return new Filter.LimitException(
        Errno.LINUX.error("SO_ATTACH_FILTER", subject, errno),
        "the kernel takes at most "
            + BPF_MAXINSNS
            + " instructions, and memory of sysctl net.core.optmem_max; test a net in place of many"
            + " hosts, or start several captures");
  }

  private void option(String call, int level, int option, Memory value, int size) {
    check(call, set(level, option, value, size));
  }

  private int set(int level, int option, Memory value, int size) {
    int errno =
        socket.use(
            n ->
                Native.libc().setsockopt(n, level, option, value.address(), size) < 0
                    ? Native.errno()
                    : 0);
    value.keep();
    return errno;
  }

  private void bind(int index) {
    Memory address = Memory.allocate(SOCKADDR_LL);
    address.bytes().putShort(0, (short) AF_PACKET).put(3, (byte) ETH_P_ALL).putInt(4, index);
    int errno =
        socket.use(
            n -> Native.libc().bind(n, address.address(), SOCKADDR_LL) < 0 ? Native.errno() : 0);
    address.keep();
    check("bind", errno);
  }

  private void check(String call, int errno) {
    if (errno != 0) {
      throw KernelErrors.ofInterface(Errno.LINUX.error(call, "packet socket on " + name, errno));
    }
  }

  @Override
  public @Nullable CapturedPacket receive(Duration timeout) {
    try {
      return await(timeout);
    } catch (VnetException e) {
      if (isOpen()) {
        throw e;
      }
      return null; // it was closed between two calls
    }
  }

  private @Nullable CapturedPacket await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (isOpen()) {
      int length = socket.use(this::receive);
      if (length >= 0) {
        return packet(length);
      }
      // An interface that is set down reports ENETDOWN once; it may be set up again.
      if (length != -EAGAIN && length != -EINTR && length != -ENETDOWN) {
        check("recvmsg", -length);
      }
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        return null;
      }
      wakeup.awaitInput(socket, left.plusMillis(1));
    }
    return null;
  }

  private int receive(int number) {
    ByteBuffer bytes = header.bytes();
    bytes.putLong(MSG_IOV, header.address() + IOV).putLong(MSG_IOVLEN, 1);
    bytes.putLong(MSG_CONTROL, header.address() + CONTROL).putLong(MSG_CONTROLLEN, CONTROL_SIZE);
    bytes.putLong(IOV, data.address()).putLong(IOV + 8, data.bytes().capacity());
    long n = Native.libc().recvmsg(number, header.address(), MSG_DONTWAIT);
    return n < 0 ? -Native.errno() : (int) n;
  }

  private CapturedPacket packet(int length) {
    ByteBuffer bytes = header.bytes();
    Instant time = null;
    int whole = length;
    int end = CONTROL + (int) Math.min(CONTROL_SIZE, bytes.getLong(MSG_CONTROLLEN));
    for (int at = CONTROL; at + CMSG_HEADER <= end; ) {
      long size = bytes.getLong(at);
      int level = bytes.getInt(at + 8);
      int type = bytes.getInt(at + 12);
      if (size < CMSG_HEADER || size > end - at) {
        break;
      }
      int value = at + CMSG_HEADER;
      if (level == SOL_SOCKET && type == SO_TIMESTAMPNS) {
        time = Instant.ofEpochSecond(bytes.getLong(value), bytes.getLong(value + 8));
      } else if (level == SOL_PACKET && type == PACKET_AUXDATA) {
        whole = bytes.getInt(value + AUXDATA_LEN);
      }
      at += (int) (size + 7 & ~7);
    }
    byte[] kept = new byte[length];
    data.bytes().get(0, kept);
    return new CapturedPacket(time == null ? Instant.now() : time, whole, kept);
  }

  /**
   * Returns the total. Reading the kernel's counter resets it to zero, so the readings are summed.
   */
  @Override
  public synchronized long drops() {
    if (isOpen()) {
      readDrops();
    }
    return drops;
  }

  private void readDrops() {
    Memory two = Memory.allocate(16);
    two.bytes().putInt(8, 8);
    int rc =
        socket.use(
            n ->
                Native.libc()
                    .getsockopt(
                        n, SOL_PACKET, PACKET_STATISTICS, two.address(), two.address() + 8));
    drops += rc < 0 ? 0 : Integer.toUnsignedLong(two.bytes().getInt(4));
    two.keep();
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      synchronized (this) {
        readDrops();
      }
      wakeup.wake();
      SlowCalls.make(socket::close);
      wakeup.close();
      whenClosed.accept(this);
    }
  }
}
