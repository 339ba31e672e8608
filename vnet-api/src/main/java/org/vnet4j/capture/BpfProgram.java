// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import java.util.ArrayList;
import java.util.List;

/**
 * Assembles a classic BPF program for Ethernet frames from its last instruction to its first, so
 * that the target of each jump is known. FreeBSD and Linux run the same programs. See bpf(4).
 */
final class BpfProgram {
  static final int LD_W = 0x20;
  static final int LD_H = 0x28;
  static final int LD_B = 0x30;
  static final int LD_H_X = 0x48;
  static final int LDX_MSH = 0xb1;
  static final int AND_K = 0x54;
  static final int JEQ = 0x15;
  static final int JSET = 0x45;
  private static final int JA = 0x05;
  private static final int RET = 0x06;
  private static final int MOST_JUMP = 255;

  /** The instructions from the last to the first. */
  private final List<Instruction> backwards = new ArrayList<>();

  /** Compiles a filter. The program keeps the first {@code snaplen} bytes of a matching frame. */
  static List<Instruction> of(Filter filter, int snaplen) {
    BpfProgram program = new BpfProgram();
    int reject = program.put(new Instruction(RET, 0, 0, 0));
    int accept = program.put(new Instruction(RET, 0, 0, snaplen));
    program.jumpTo(filter.compile(program, accept, reject));
    List<Instruction> forwards = new ArrayList<>(program.backwards);
    java.util.Collections.reverse(forwards);
    return forwards;
  }

  private int put(Instruction instruction) {
    backwards.add(instruction);
    return backwards.size() - 1;
  }

  /** Adds an instruction before all others; returns its position, counted from the end. */
  int step(int code, int k) {
    return put(new Instruction(code, 0, 0, k));
  }

  /** Adds a test before all other instructions; returns its position, counted from the end. */
  int test(int code, int k, int ifTrue, int ifFalse) {
    int far = Math.max(backwards.size() - 1 - ifTrue, backwards.size() - 1 - ifFalse);
    if (far <= MOST_JUMP) {
      return put(new Instruction(code, distance(ifTrue), distance(ifFalse), k));
    }
    int no = put(new Instruction(JA, 0, 0, distance(ifFalse)));
    int yes = put(new Instruction(JA, 0, 0, distance(ifTrue)));
    return put(new Instruction(code, distance(yes), distance(no), k));
  }

  /** Adds a jump before all other instructions; returns its position, counted from the end. */
  int jump(int target) {
    return put(new Instruction(JA, 0, 0, distance(target)));
  }

  private void jumpTo(int target) {
    if (target != backwards.size() - 1) {
      put(new Instruction(JA, 0, 0, distance(target)));
    }
  }

  private int distance(int target) {
    return backwards.size() - 1 - target;
  }
}
