// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.nio.ByteBuffer;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.UserMemory;

/**
 * Runs BPF filter programs as net/bpf_filter.c does. It knows the instructions that the filter
 * compiler emits; any other makes the program invalid.
 */
final class BpfMachine {
  private static final long WHOLE = 0xffffffffL;
  private static final int MOST = 512;

  /** Keeps every packet whole: the state of a device without a filter. */
  static final BpfMachine ALL = new BpfMachine(new byte[0]);

  private final byte[] code;

  private BpfMachine(byte[] code) {
    this.code = code;
  }

  static BpfMachine load(int length, long address) {
    if (length < 1 || length > MOST) {
      throw new SysError("EINVAL");
    }
    int size = FreeBsdAbi.size("bpf_insn");
    BpfMachine machine = new BpfMachine(UserMemory.copyIn(address, length * size));
    for (int pc = 0; pc < length; pc++) {
      Struct one = machine.at(pc);
      boolean known =
          switch (one.getShort("code")) {
            case 0x05 -> pc + 1L + Integer.toUnsignedLong(one.getInt("k")) < length;
            case 0x15, 0x45 -> pc + 1 + Math.max(one.getByte("jt"), one.getByte("jf")) < length;
            case 0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0xb1, 0x54, 0x06 -> true;
            default -> false;
          };
      if (!known) {
        throw new SysError("EINVAL");
      }
    }
    if (machine.at(length - 1).getShort("code") != 0x06) {
      throw new SysError("EINVAL");
    }
    return machine;
  }

  private Struct at(int pc) {
    return new Struct("bpf_insn", code, pc * FreeBsdAbi.size("bpf_insn"));
  }

  /** Returns the number of bytes to keep; 0 if the program reads beyond the packet. */
  long run(byte[] packet) {
    if (code.length == 0) {
      return WHOLE;
    }
    try {
      return decide(ByteBuffer.wrap(packet));
    } catch (IndexOutOfBoundsException e) {
      return 0;
    }
  }

  private long decide(ByteBuffer bytes) {
    int a = 0;
    int x = 0;
    for (int pc = 0; ; pc++) {
      Struct one = at(pc);
      int k = one.getInt("k");
      switch (one.getShort("code")) {
        case 0x20 -> a = bytes.getInt(k);
        case 0x28 -> a = bytes.getShort(k) & 0xffff;
        case 0x30 -> a = bytes.get(k) & 0xff;
        case 0x40 -> a = bytes.getInt(x + k);
        case 0x48 -> a = bytes.getShort(x + k) & 0xffff;
        case 0x50 -> a = bytes.get(x + k) & 0xff;
        case 0xb1 -> x = 4 * (bytes.get(k) & 0xf);
        case 0x54 -> a &= k;
        case 0x05 -> pc += k;
        case 0x15 -> pc += a == k ? one.getByte("jt") : one.getByte("jf");
        case 0x45 -> pc += (a & k) != 0 ? one.getByte("jt") : one.getByte("jf");
        default -> {
          return Integer.toUnsignedLong(k);
        }
      }
    }
  }
}
