// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the description of the method: the machine, the versions, and how the measurement works.
 */
final class Method {
  private static final String HOW =
      """

      ## How

      - One command, one run: `./mvnw -q -Pbench verify` (a short set), with `-Dbench.full` all.
      - Each contender, this library too, is a process of its own, and measures itself. The
        processes of all contenders run side by side and take turns, a sample each, so that what
        else the machine does meets all alike. A row has ten samples or more, in two sets of processes
        where that is cheap; the tools, to which no target is a ratio, have fewer, and the limit is
        in the full set only.
      - A sample is as many repetitions as take 50 ms, and the mean of them. Before its first sample
        the JVM works for 2.5 s. A star is one sample of three rows: its build, the pings of the
        hub to all, its removal. The JVM has built stars of 1,000 jails together before. A cold row
        is the first operation of a process; each sample is a process.
      - Tables show medians. The number in parentheses is the median of the ratios of neighbouring
        samples, the library's time divided by the contender's: below 1 the library is faster. The
        interval contains that median with a confidence of 95 %, by order statistics. A target is
        missed only where the interval lies above it. `ours minus C` is the median difference.
      - Each process has a network stack of its own, which ends with it. The kernel takes such
        stacks apart in its own time; the next turn waits for that.
      - The heap of the JVM, 256 MB, is touched beforehand.
      - The short set begins nothing new after 9 minutes (`-Dbench.minutes`). A process that fails,
        or takes longer than that (20 minutes in the full set), is ended; the table says
        `failed`, and the reason is below it.
      - `C loop` is the C program as of commit 1eebd31, in `src/main/c/frozen`, which does not
        change. It makes the requests that the library made then, in its order. It enters stacks
        itself, where the library asks the helper, a process; it does not ask whether the host's
        firewall denies by default, which a new jail inherits; it keeps no records of jails and
        owners. Rows that did not exist then are made of its functions, in `bench-rows.c`.
      - `limit` is C with every trick that the library knows, and some that it may not use because
        it checks more: indices chosen in advance, one send for what belongs together, several
        answers in one receive, namespaces without names or made ahead. It is shown, and no target.
      - `ip` starts one process for each command, `ip -batch` gives one process all commands of a
        sample. The tools check and mark less than the library and the C loop do.
      - `createJailEvery20ms`: the creation alone is measured. The removal follows at once. The
        JVM warms up without the pauses.
      - `buildMany`, `jailBeside`: the largest has 10,000 jails, or as many as the limit of
        descriptors allows: two for each jail.
      - `jailBeside`: outside a sandbox, on a stack and a `/run` of its own, with the registry of
        jails in files. The rows take turns in two rounds.
      - `ping`: the library and the C loop keep the socket from one probe to the next, and empty it
        before each. The command opens one each time.
      - `starPingAll` begins when all links have their carrier. The library calls `pingAll`; the C
        loop pings one after the other, the limit keeps 32 requests on their way. `allPairs`: the C
        program keeps 32 on their way, for each jail in turn. What is lost is repeated after a
        second; below the table stands how often. The kernel's own limits are too low, so they are
        raised while measuring, see above: 1,024 neighbours for all stacks together, and 1,000
        waiting packets, where one question is copied to as many members of the bridge.
      - `starBuild`: all contenders bring the ends at the bridge up last, when all else is made.
      - `starTearDown`: the library removes the jail that all the others are in. It and the C loop
        destroy all epairs in one request and then drop the namespaces; the tools delete link by
        link.
      - `addDeleteRule`, `loadRules`: `nft` has one rule, counted, at one hook of a table of its
        own. The library reads the rule's words, translates ipfw to nf_tables, keeps the words in
        the kernel with the rule, and filters packets where they come in and where they leave.
        `loadRules` replaces all rules by as many others in one transaction.
      - `ruleBesideWriter`: while another program changes another table of the same stack each
        20 ms.
      - `platformThreads`, `virtualThreads`: 200 threads, of which each pings, reads interfaces, and
        talks with a program, ten times; on the newest JDK that is found.

      """;

  private Method() {}

  static String markdown(List<Contender> contenders, String load, String limits) {
    StringBuilder out = new StringBuilder("# Method\n\n");
    String date =
        ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm"));
    row(out, "date", date + " UTC");
    row(out, "machine", machine());
    row(out, "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    row(
        out,
        "JVM",
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    row(out, "revision", output("git", "rev-parse", "--short", "HEAD"));
    row(out, "load before, after (1 minute)", load);
    row(out, "limits raised while measuring", limits);
    row(out, "C compiler", output("cc", "--version"));
    row(out, "ip", output("ip", "-V"));
    row(out, "nft", output("nft", "--version"));
    row(out, "ping", output("ping", "-V"));
    row(out, "pyroute2", version("python3-pyroute2"));
    row(out, "Go", output("go", "version"));
    row(out, "netlink", version("golang-github-vishvananda-netlink-dev"));
    out.append(HOW);
    for (Contender one : contenders) {
      out.append("- ").append(one.name()).append(": ").append(one.how());
      out.append(one.absent() == null ? "" : "; ABSENT: " + one.absent()).append('\n');
    }
    return out.toString();
  }

  private static void row(StringBuilder out, String what, String value) {
    out.append("- ").append(what).append(": ").append(value).append('\n');
  }

  /** Returns a sentence about the date and the machine. */
  static String summary() {
    return "Measured on "
        + ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ISO_LOCAL_DATE)
        + ": "
        + machine()
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + ", JDK "
        + Runtime.version().feature()
        + ".";
  }

  static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    } catch (IOException e) {
      return "?";
    }
  }

  private static String machine() {
    int processors = Runtime.getRuntime().availableProcessors();
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return processors
          + " x "
          + lines
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 2))
              .findFirst()
              .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return processors + " x " + System.getProperty("os.arch");
    }
  }

  private static String version(String debian) {
    return output("dpkg-query", "-W", "-f=${Version}", debian);
  }

  /** Returns the first line that a program prints. */
  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0
          ? out.lines().limit(1).collect(Collectors.joining())
          : "not installed";
    } catch (IOException e) {
      return "not installed";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
