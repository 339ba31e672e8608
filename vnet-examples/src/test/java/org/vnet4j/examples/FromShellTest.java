// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/** Compiles the Java of the page "From shell to Java" and runs it from top to bottom. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the other kernel is the simulated one")
@Timeout(240)
class FromShellTest {
  private static final Page PAGE = Page.of("docs/from-shell.md");

  /** A row: what to do, and a cell of code for Linux, FreeBSD and Java; or a heading. */
  private static final Pattern ROW =
      Pattern.compile(
          "^(?:## (.*)|\\| ([^|`]+) \\| `([^`]+)` \\| `([^`]+)` \\| `([^`]+)` \\|)$",
          Pattern.MULTILINE);

  private static final Pattern DECLARATION = Pattern.compile("[A-Z]\\w+ \\w+ = .*");

  @TempDir Path temp;

  record Row(String section, String task, String linux, String freebsd, String java) {
    boolean isForLinux() {
      return !linux.equals("-") || freebsd.equals("-");
    }

    boolean isForFreeBsd() {
      return !freebsd.equals("-") || linux.equals("-");
    }
  }

  @Test
  void every_line_of_the_tables_is_a_row() {
    long lines = PAGE.text().lines().filter(line -> line.matches("\\|.*`.*")).count();
    assertThat(rows()).hasSize((int) lines).hasSizeGreaterThanOrEqualTo(25);
  }

  @Test
  void the_java_of_the_page_runs_on_linux() throws Exception {
    try (Vnet vnet = Sandboxes.open()) {
      Steps steps = run(vnet, Row::isForLinux);
      assertThat(steps.skipped).hasSizeLessThan(6);
      assertThat(vnet.jls()).isEmpty();
    }
  }

  @Test
  void what_has_a_command_of_freebsd_runs_on_the_simulated_kernel() throws Exception {
    assumeTrue(SimMachine.lacks().isEmpty(), () -> "no programs: " + SimMachine.lacks().get());
    try (Vnet vnet = new SimMachine().sandbox()) {
      Steps steps = run(vnet, row -> row.isForFreeBsd() && !row.section().equals("pf"));
      assertThat(steps.skipped).hasSizeLessThan(6);
    }
  }

  private Steps run(Vnet vnet, Predicate<Row> which) throws Exception {
    String head = PAGE.blocks("java").get(0);
    StringBuilder code = new StringBuilder(head.replaceFirst("Vnet vnet = .*", ""));
    for (Row row : rows()) {
      if (which.test(row)) {
        String what = "\"" + row.section() + ": " + row.task() + "\"";
        code.append(
            DECLARATION.matcher(row.java()).matches()
                ? row.java() + ";\n"
                : "steps.step(" + what + ", () -> " + row.java() + ");\n");
      }
    }
    Steps steps = new Steps();
    Sample program = new Sample(code.toString()).given("vnet", vnet).given("dir", temp);
    program.given("steps", steps).run(temp);
    System.out.println(steps.done.size() + " steps done, skipped " + steps.skipped);
    return steps;
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    String section = "";
    for (MatchResult match : ROW.matcher(PAGE.text()).results().toList()) {
      if (match.group(1) != null) {
        section = match.group(1);
      } else {
        rows.add(new Row(section, match.group(2), match.group(3), match.group(4), match.group(5)));
      }
    }
    return rows;
  }
}
