// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

/**
 * One instruction of classic BPF, {@code struct bpf_insn}.
 *
 * @param code the operation
 * @param jt number of instructions to skip if a test succeeds, 0 to 255
 * @param jf number of instructions to skip if a test fails, 0 to 255
 * @param k the operand
 */
public record Instruction(int code, int jt, int jf, int k) {}
