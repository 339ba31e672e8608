// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

/**
 * One instruction of classic BPF, {@code struct bpf_insn}.
 *
 * @param code what to do
 * @param jt how many instructions to skip if a test holds, 0 to 255
 * @param jf how many to skip if it does not
 * @param k its operand
 */
public record Instruction(int code, int jt, int jf, int k) {}
