// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.net.Errno.ENXIO;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Instruction;
import org.vnet4j.freebsd.ioctl.BpfAbi;
import org.vnet4j.freebsd.ioctl.BpfCalls;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.spi.PacketSource;

/**
 * A packet source that reads from a bpf(4) device bound to one interface. The kernel unbinds the
 * device when the interface leaves the stack; the source then closes itself.
 */
final class BpfDevice implements PacketSource {
  /** Size in bytes of each of the two kernel buffers. The largest possible packet fits. */
  static final int ROOM = 262144;

  /**
   * Interval in milliseconds at which a wait checks whether the source was closed. Closing the
   * device does not wake a waiting thread.
   */
  private static final int SLICE = 100;

  private final BpfCalls calls;
  private final SocketCalls descriptors;
  private final Fd device;
  private final String name;
  private final Runnable whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Queue<CapturedPacket> ready = new ArrayDeque<>();
  private Memory buffer = Memory.allocate(0);
  private volatile long drops;

  /** Takes ownership of a device that the helper bound to an interface. */
  BpfDevice(Syscalls kernel, Fd device, String name, Runnable whenClosed) {
    this.calls = new BpfCalls(kernel);
    this.descriptors = new SocketCalls(kernel);
    this.device = device;
    this.name = name;
    this.whenClosed = whenClosed;
  }

  /** Sets the filter and starts the capture. Closes the device if that fails. */
  BpfDevice begin(List<Instruction> program) {
    try {
      buffer = Memory.allocate(device.use(fd -> prepare(fd, program)));
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private int prepare(int fd, List<Instruction> program) {
    int link = calls.link(fd, name);
    if (link != BpfAbi.DLT_EN10MB) {
      throw new Vnet.UnsupportedException(
          "capture on "
              + name
              + ": its packets have no Ethernet header (data link type "
              + link
              + "), which filters and files here are made for");
    }
    calls.atOnce(fd, name);
    calls.filter(fd, name, program);
    return calls.room(fd, name);
  }

  @Override
  public @Nullable CapturedPacket receive(Duration timeout) {
    try {
      return await(System.nanoTime() + timeout.toNanos());
    } catch (VnetException e) {
      boolean left = e.isErrno(ENXIO);
      if (isOpen() && !left) {
        throw e;
      }
      close();
      return null;
    }
  }

  private @Nullable CapturedPacket await(long deadline) {
    while (isOpen()) {
      CapturedPacket packet = ready.poll();
      if (packet != null) {
        return packet;
      }
      long left = Math.max(0, (deadline - System.nanoTime() + 999_999) / 1_000_000);
      if (device.use(fd -> descriptors.readable(fd, (int) Math.min(left, SLICE)))) {
        ready.addAll(device.use(fd -> calls.read(fd, name, buffer)));
      } else if (left == 0) {
        return null;
      }
    }
    return null;
  }

  @Override
  public long drops() {
    if (isOpen()) {
      try {
        drops = device.use(fd -> calls.drops(fd, name));
      } catch (VnetException e) {
        if (isOpen()) {
          throw e;
        }
      }
    }
    return drops;
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      device.close();
      whenClosed.run();
    }
  }
}
