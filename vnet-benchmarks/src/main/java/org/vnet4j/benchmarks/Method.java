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
      - For each operation there are rounds, 3 in the short set and 10 in the full one; for a star 2
        and 10, with 1,000 jails 1 and 5 (2 one by one). In a round each contender has its turn, so that
        what else the machine does meets all alike. Tables show medians of all samples.
      - In a round this library runs in a JVM of its own, forked by JMH: 3 s to warm up, then 3
        samples of 0.2 s; a star is built once, after ten small ones for warming up. Its heap of
        128 MB is touched beforehand. Each contender runs in a process of its own, as often as takes
        0.1 s, 3 times after a trial, and measures itself.
      - Each has a network stack of its own, thrown away with the process. The kernel takes such
        stacks apart in its own time; the next turn waits for that.
      - The short set begins nothing new after 9 minutes (`-Dbench.minutes`). A turn that fails, or
        takes longer than a fifth of that (5 minutes in the full set), is ended; the table says
        `failed` and the reason is told below it.
      - The number in parentheses is the library's time divided by the contender's: below 1 the
        library is faster.
      - `C loop` makes the requests of the library, in its order, from C, with the same options, as
        many in one send, one acknowledgement for all of them. What it does not do: it enters
        stacks itself, where the library asks the helper, a process (two exchanges for a jail
        that comes and goes, one for a program); it does not ask whether the host's firewall
        denies by default, which a new jail inherits; it keeps no books of jails and owners.
      - `ip` starts one process for each command, `ip -batch` gives one process all commands of a
        sample.
      - The tools check and mark less than the library and the C loop do: no owner's mark on what is
        made, no look whether a member is in another bridge.
      - `ping`: the library and the C loop keep the socket from one probe to the next, and empty it
        before each. The command opens one each time.
      - `starPingAll` begins when all links have their carrier. For 1,000 jails the kernel's own
        limits are too low, so they are raised while measuring, see above: 1,024 neighbours for all
        stacks together, where 2,000 come to be, and 1,000 packets that may wait, where one question
        goes to as many members of the bridge. What is lost is asked again a second later, by
        the C loop too.
      - `starBuild`: all contenders bring the ends at the bridge up last, when all else is made.
      - `addDeleteRule`: `nft` says one rule, counted, at one hook of a table of its own. The library
        reads the rule's words, translates ipfw to nf_tables, keeps the words in the kernel with
        the rule, and looks at packets where they come in and where they go out.
      - `loadRules(1000)` replaces 1,000 rules by 1,000 others in one transaction, from text: here
        `ip` stands for one `nft -f` each. There is no C loop of firewalls, nor do `ip -batch`,
        pyroute2's and netlink's programs do any: `-` in the table.
      - `starTearDown`: the library is told to remove the jail that all the others are in. It and
        the C loop destroy all cables in one request and then drop the namespaces; the others, and
        `starTearDownOneByOne`, delete link by link.

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
