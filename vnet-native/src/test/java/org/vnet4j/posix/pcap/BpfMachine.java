// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pcap;

import java.nio.ByteBuffer;
import java.util.List;
import org.vnet4j.capture.Instruction;

/**
 * Runs classic BPF programs as a kernel does, see bpf(4): a read beyond the packet ends the
 * program.
 */
final class BpfMachine {
  private BpfMachine() {}

  /** Returns the number of bytes to keep. */
  static int run(List<Instruction> program, byte[] packet) {
    ByteBuffer bytes = ByteBuffer.wrap(packet);
    int[] memory = new int[16];
    int a = 0;
    int x = 0;
    try {
      for (int pc = 0; ; pc++) {
        Instruction one = program.get(pc);
        int k = one.k();
        switch (one.code()) {
          case 0x00 -> a = k;
          case 0x01 -> x = k;
          case 0x02 -> memory[k] = a;
          case 0x03 -> memory[k] = x;
          case 0x60 -> a = memory[k];
          case 0x61 -> x = memory[k];
          case 0x20 -> a = bytes.getInt(k);
          case 0x28 -> a = bytes.getShort(k) & 0xffff;
          case 0x30 -> a = bytes.get(k) & 0xff;
          case 0x40 -> a = bytes.getInt(x + k);
          case 0x48 -> a = bytes.getShort(x + k) & 0xffff;
          case 0x50 -> a = bytes.get(x + k) & 0xff;
          case 0x80 -> a = packet.length;
          case 0xb1 -> x = 4 * (bytes.get(k) & 0xf);
          case 0x04 -> a += k;
          case 0x0c -> a += x;
          case 0x14 -> a -= k;
          case 0x54 -> a &= k;
          case 0x64 -> a <<= k;
          case 0x74 -> a >>>= k;
          case 0x07 -> x = a;
          case 0x87 -> a = x;
          case 0x05 -> pc += k;
          case 0x15 -> pc += a == k ? one.jt() : one.jf();
          case 0x25 -> pc += Integer.compareUnsigned(a, k) > 0 ? one.jt() : one.jf();
          case 0x35 -> pc += Integer.compareUnsigned(a, k) >= 0 ? one.jt() : one.jf();
          case 0x45 -> pc += (a & k) != 0 ? one.jt() : one.jf();
          case 0x06 -> {
            return k;
          }
          default -> throw new AssertionError("instruction " + one);
        }
      }
    } catch (IndexOutOfBoundsException e) {
      return 0;
    }
  }
}
