// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.contract.kit.Programs;

/** Counts what each operation costs in system calls, the same on every machine. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the calls are Linux's")
@Timeout(240)
class OperationCostTest {
  /** The width of the helper's columns. */
  private static final int HELPER = 15;

  /**
   * The costs: calls of this JVM to libc, requests to the helper, waits of this JVM for another
   * process, system calls of the helper and of its children before their execve(2), and how often
   * the helper is woken.
   */
  private static final String COSTS =
      """
      operation                        calls  requests  waits  helper  wakes
      read one interface                   5         0      0       0      0
      list 7 interfaces                    6         0      0       0      0
      add and remove an address            6         0      0       0      0
      add and delete a member             10         0      0       0      0
      create and destroy an epair          9         0      0       0      0
      give an interface and reclaim it    16         0      0       0      0
      create and remove a jail            17         1      0       8      1
      ping                                 3         0      0       0      0
      add and delete a rule beside 500     8         0      0       0      0
      build and remove a star of 10      397        11      0       -      -
      ping 10 at once                     21         0      0       0      0
      start a program, await its end      26         1      4      42      2
      """;

  @Test
  void each_operation_makes_the_system_calls_that_the_table_says() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "the helper of an ordinary user does more");
    Programs.need("strace");
    List<String> lines = Jvm.linesOf(Jvm.start(CostArena.class));
    System.out.println(String.join("\n", lines));
    boolean traced = !lines.get(1).endsWith("-");
    assertThat(lines.stream().map(line -> compared(line, traced)))
        .as("the costs: a lower number is a gain, enter it in the table")
        .isEqualTo(COSTS.lines().map(line -> compared(line, traced)).toList());
  }

  /** Returns a line without the helper's columns where the kernel forbids to trace it. */
  private static String compared(String line, boolean traced) {
    return traced ? line : line.substring(0, line.length() - HELPER);
  }
}
