// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.util.ArrayList;

/** Programs with a part that no kernel has, as if its module were not there. */
public final class UnknownProgram {
  private UnknownProgram() {}

  /** Returns a program whose only rule has an expression of this name between two known ones. */
  public static NftProgram withExpression(String name) {
    NftProgram program = new NftProgram();
    NftExpressions rule = new NftExpressions().family(4).expression(name, x -> x.big(1, 1));
    program.add(new NftChain("lines").add(new NftExpressions().accept()).add(rule.drop()));
    return program;
  }

  /** Returns a program whose only rule jumps to a chain that is not there. */
  public static NftProgram withJump() {
    NftProgram program = new NftProgram();
    program.add(new NftChain("lines").add(new NftExpressions().jump("nowhere")));
    return program;
  }

  /** Returns a program whose only chain is of this type. */
  public static NftProgram withChain(String type) {
    NftProgram program = new NftProgram();
    program.add(new NftChain("hooked", new NftChain.Hook(type, 0, 0), new ArrayList<>()));
    return program;
  }
}
