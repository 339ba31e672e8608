// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.freebsd.sys.KernelAbi;

/**
 * Compiles {@code src-c/abi/abi-dump.c} with this system's headers and compares the numbers it
 * prints with the constants in Java.
 */
class AbiDumpTest {
  private static final Path SOURCE = Path.of("..", "src-c", "abi");

  /** Constants in Java that no FreeBSD header defines under that name. */
  private static final Set<String> IN_NO_HEADER = Set.of("JAIL_ERRMSGLEN", "ETHERTYPE_QINQ");

  @Test
  void the_freebsd_half_asks_for_every_number_the_java_side_has() throws Exception {
    Set<String> asked = new TreeSet<>();
    Pattern line = Pattern.compile("([CSO])\\((\\w+)(?:, (\\w+))?\\)");
    for (String text : Files.readAllLines(SOURCE.resolve("abi-freebsd.h"))) {
      Matcher matcher = line.matcher(text);
      if (matcher.matches()) {
        asked.add(
            switch (matcher.group(1)) {
              case "C" -> matcher.group(2);
              case "S" -> matcher.group(2).toUpperCase() + "_SIZE";
              default -> (matcher.group(2) + "_" + matcher.group(3)).toUpperCase();
            });
      }
    }
    Set<String> declared = new TreeSet<>(AbiTest.declared().keySet());
    declared.removeAll(IN_NO_HEADER);
    // freebsd-abi.json has this size; the Java side computes it from the last field.
    declared.add("KLD_FILE_STAT_SIZE");

    assertThat(asked).containsExactlyInAnyOrderElementsOf(declared);
  }

  @Test
  void what_this_system_s_headers_say_is_what_the_java_side_has(@TempDir Path directory)
      throws Exception {
    Path program = directory.resolve("abi-dump");
    run(
        List.of(
            "cc",
            "-std=c11",
            "-Wall",
            "-Wextra",
            "-Wstrict-prototypes",
            "-Werror",
            "-o",
            program.toString(),
            SOURCE.resolve("abi-dump.c").toString()),
        directory);
    JsonNode dump = new ObjectMapper().readTree(run(List.of(program.toString()), directory));

    Map<String, Long> printed = new TreeMap<>();
    dump.get("constants").properties().forEach(e -> printed.put(e.getKey(), e.getValue().asLong()));
    dump.get("sizes")
        .properties()
        .forEach(e -> printed.put(e.getKey().toUpperCase() + "_SIZE", e.getValue().asLong()));
    dump.get("offsets")
        .properties()
        .forEach(
            e -> printed.put(e.getKey().replace('.', '_').toUpperCase(), e.getValue().asLong()));
    if (System.getProperty("os.name").equals("FreeBSD")) {
      Map<String, Long> declared = AbiTest.declared();
      assertThat(printed.remove("KLD_FILE_STAT_SIZE"))
          .isEqualTo(KernelAbi.KLD_FILE_STAT_PATHNAME + KernelAbi.MAXPATHLEN);
      // Headers before FreeBSD 15 lack jail descriptors, so the program does not print those.
      printed.keySet().forEach(name -> assertThat(declared).containsKey(name));
      assertThat(declared).containsAllEntriesOf(printed);
    } else {
      // RFC 3549: length, type, flags, sequence number and sender.
      assertThat(printed)
          .containsEntry("NLMSGHDR_SIZE", 16L)
          .containsEntry("NLMSGHDR_NLMSG_TYPE", 4L)
          .containsEntry("NLMSGHDR_NLMSG_FLAGS", 6L)
          .containsEntry("NLMSGHDR_NLMSG_SEQ", 8L)
          .containsEntry("NLMSGHDR_NLMSG_PID", 12L);
    }
  }

  private static String run(List<String> command, Path directory)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command.toString()).isTrue();
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
