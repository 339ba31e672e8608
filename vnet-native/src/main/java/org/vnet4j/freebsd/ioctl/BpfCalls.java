// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.BpfAbi.*;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Filter;
import org.vnet4j.capture.Instruction;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Errno;
import org.vnet4j.posix.libc.Memory;

/**
 * The ioctl requests and reads of a packet filter device, see bpf(4). Each method makes one system
 * call, or two that belong together, on an open descriptor.
 */
public final class BpfCalls {
  private static final int HEADER = BPF_XHDR_BH_HDRLEN + Short.BYTES;
  private static final long NANOS = 1_000_000_000L;

  private final Syscalls kernel;

  public BpfCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Returns the data link type; DLT_EN10MB is Ethernet. */
  public int link(int device, String name) {
    return number(device, BIOCGDLT, "BIOCGDLT", name);
  }

  /** Returns the size of the device's buffer in bytes. read(2) accepts only this size. */
  public int room(int device, String name) {
    return number(device, BIOCGBLEN, "BIOCGBLEN", name);
  }

  private int number(int device, long request, String call, String name) {
    Memory value = Memory.allocate(Integer.BYTES);
    kernel.ioctl(device, request, call, name, value);
    return value.getInt(0);
  }

  /**
   * Switches immediate mode on, so that each packet can be read as soon as it arrives, and switches
   * timestamps to nanoseconds.
   */
  public void atOnce(int device, String name) {
    kernel.ioctl(device, BIOCIMMEDIATE, "BIOCIMMEDIATE", name, Memory.ofInt(1));
    kernel.ioctl(device, BIOCSTSTAMP, "BIOCSTSTAMP", name, Memory.ofInt(BPF_T_NANOTIME));
  }

  /** Sets the filter program and discards the packets captured before. */
  public void filter(int device, String name, List<Instruction> program) {
    Memory code = Memory.allocate(program.size() * BPF_INSN_SIZE);
    for (int i = 0; i < program.size(); i++) {
      Instruction one = program.get(i);
      int at = i * BPF_INSN_SIZE;
      code.putShort(at + BPF_INSN_CODE, one.code()).putInt(at + BPF_INSN_K, one.k());
      code.putByte(at + BPF_INSN_JT, one.jt()).putByte(at + BPF_INSN_JF, one.jf());
    }
    Memory request = Memory.allocate(BPF_PROGRAM_SIZE).point(BPF_PROGRAM_BF_INSNS, code);
    request.putInt(BPF_PROGRAM_BF_LEN, program.size());
    String subject = name + " filter of " + program.size() + " instructions";
    try {
      kernel.ioctl(device, BIOCSETF, "BIOCSETF", subject, request);
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElseThrow(() -> e);
      throw e.isErrno(Errno.EINVAL)
          ? new Filter.LimitException(
              error,
              "a filter has at most as many instructions as sysctl net.bpf.maxinsns: raise that")
          : e;
    }
  }

  /** Returns the number of packets dropped because the buffer was full. */
  public long drops(int device, String name) {
    Memory statistics = Memory.allocate(BPF_STAT_SIZE);
    kernel.ioctl(device, BIOCGSTATS, "BIOCGSTATS", name, statistics);
    return Integer.toUnsignedLong(statistics.getInt(BPF_STAT_BS_DROP));
  }

  /**
   * Reads the packets in the buffer; the list may be empty. Fails with ENXIO once the interface has
   * left the stack.
   */
  public List<CapturedPacket> read(int device, String name, Memory buffer) {
    long length =
        kernel.attempt(() -> kernel.libc().read(device, buffer.address(), buffer.size()), buffer);
    if (length == -FreeBsdErrno.EAGAIN) {
      return List.of();
    }
    if (length < 0) {
      throw Syscalls.refusal("read", "bpf on " + name, (int) -length, null);
    }
    return decode(buffer, (int) length);
  }

  /** Decodes the packets of a buffer. Decoding stops at the first malformed packet. */
  public static List<CapturedPacket> decode(Memory buffer, int length) {
    List<CapturedPacket> packets = new ArrayList<>();
    for (int at = 0; at + HEADER <= length; ) {
      long seconds = buffer.getLong(at + BPF_XHDR_BH_TSTAMP + BPF_TS_BT_SEC);
      long nanos = buffer.getLong(at + BPF_XHDR_BH_TSTAMP + BPF_TS_BT_FRAC);
      long kept = Integer.toUnsignedLong(buffer.getInt(at + BPF_XHDR_BH_CAPLEN));
      int header = buffer.getShort(at + BPF_XHDR_BH_HDRLEN);
      boolean isTime =
          seconds >= 0 && seconds <= Instant.MAX.getEpochSecond() && nanos >= 0 && nanos < NANOS;
      if (header < HEADER || header + kept > length - at || !isTime) {
        break;
      }
      packets.add(
          new CapturedPacket(
              Instant.ofEpochSecond(seconds, nanos),
              buffer.getInt(at + BPF_XHDR_BH_DATALEN),
              buffer.get(at + header, (int) kept)));
      at += header + (int) kept + BPF_ALIGNMENT - 1 & -BPF_ALIGNMENT;
    }
    return packets;
  }
}
