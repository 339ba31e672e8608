// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.BpfAbi.*;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Instruction;

/** What a packet filter device can be told and asked, see bpf(4). */
final class BpfCalls {
  private static final int HEADER = BPF_XHDR_BH_HDRLEN + Short.BYTES;
  private static final long NANOS = 1_000_000_000L;

  private final FreeBsdKernel kernel;

  BpfCalls(FreeBsdKernel kernel) {
    this.kernel = kernel;
  }

  /** Reads of which kind the link is, DLT_EN10MB for Ethernet. */
  int link(int device, String name) {
    return number(device, BIOCGDLT, "BIOCGDLT", name);
  }

  /** Reads how many bytes a buffer of the device has; exactly so many are to be asked for. */
  int room(int device, String name) {
    return number(device, BIOCGBLEN, "BIOCGBLEN", name);
  }

  private int number(int device, long request, String call, String name) {
    Memory value = Memory.allocate(Integer.BYTES);
    kernel.ioctl(device, request, call, name, value);
    return value.getInt(0);
  }

  /** Says that a packet is there to be read at once, and that its time is in nanoseconds. */
  void atOnce(int device, String name) {
    kernel.ioctl(device, BIOCIMMEDIATE, "BIOCIMMEDIATE", name, Memory.ofInt(1));
    kernel.ioctl(device, BIOCSTSTAMP, "BIOCSTSTAMP", name, Memory.ofInt(BPF_T_NANOTIME));
  }

  /** Sets the filter, and throws away what came before. */
  void filter(int device, String name, List<Instruction> program) {
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
    kernel.ioctl(device, BIOCSETF, "BIOCSETF", subject, request);
  }

  /** Counts packets that found no room. */
  long drops(int device, String name) {
    Memory statistics = Memory.allocate(BPF_STAT_SIZE);
    kernel.ioctl(device, BIOCGSTATS, "BIOCGSTATS", name, statistics);
    return Integer.toUnsignedLong(statistics.getInt(BPF_STAT_BS_DROP));
  }

  /** Reads what is there, perhaps nothing; ENXIO once the interface has left. */
  List<CapturedPacket> read(int device, String name, Memory buffer) {
    long length =
        kernel.attempt(() -> kernel.libc().read(device, buffer.address(), buffer.size()), buffer);
    if (length == -FreeBsdErrno.EAGAIN) {
      return List.of();
    }
    if (length < 0) {
      throw FreeBsdKernel.refusal("read", "bpf on " + name, (int) -length, null);
    }
    return decode(buffer, (int) length);
  }

  /** Takes the packets apart; what is no packet ends the list. */
  static List<CapturedPacket> decode(Memory buffer, int length) {
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
