// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;

/**
 * A change of a large firewall does not wait for a program that changes other tables all the time.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "nf_tables is Linux's")
class LinuxBusyWriterTest {
  private static final int RULES = 5_000;
  private static final int ADDS = 21;

  /** Creates and deletes a table of its own without end, and counts aloud. */
  private static final String WRITER =
      """
      import socket, struct
      s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
      s.bind((0, 0))
      def message(kind, flags, family, resource, body=b""):
          return struct.pack("=IHHII", 20 + len(body), kind, flags, 1, 0) \\
              + struct.pack(">BBH", family, 0, resource) + body
      name = struct.pack("=HH", 9, 1) + b"busy\\0" + b"\\0" * 3
      def batch(kind, flags):
          return message(16, 1, 0, 10) + message(kind, flags | 5, 1, 0, name) + message(17, 1, 0, 10)
      made, gone = batch(10 << 8 | 0, 0x400), batch(10 << 8 | 2, 0)
      count = 0
      while True:
          for change in (made, gone):
              s.send(change)
              reply = s.recv(4096)
              assert struct.unpack("=i", reply[16:20])[0] == 0, reply
          count += 1
          if count % 10 == 0:
              print(count, flush=True)
      """;

  @Test
  @Timeout(240)
  void one_rule_among_thousands_is_added_beside_a_busy_writer_of_another_table() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "an ordinary user's messages are too short for this");
    try (Vnet vnet = Vnet.sandbox()) {
      vnet.modules().loadIpfw(Action.Plain.ALLOW);
      Jail jail = vnet.host().jail("wall").create();
      StringBuilder text = new StringBuilder();
      for (int i = 1; i <= RULES; i++) {
        text.append(i).append(" allow tcp from 10.0.").append(i / 250).append('.');
        text.append(i % 250).append(" to any 22\n");
      }
      jail.ipfw().load(RuleSet.parse(text + "65535 allow ip from any to any\n"));
      add(jail.ipfw(), 0);
      long quiet = add(jail.ipfw(), 100);

      Process writer = jail.exec("python3", "-c", WRITER).start();
      BufferedReader counts = writer.inputReader();
      assertThat(counts.readLine()).as("the writer").isEqualTo("10");
      long busy = add(jail.ipfw(), 200);
      String alive = counts.readLine();
      writer.destroy();

      System.out.printf("LinuxBusyWriterTest: quiet %d us, busy %d us%n", quiet, busy);
      assertThat(alive).as("the writer was busy").isNotNull();
      assertThat(busy).as("us, quiet %d", quiet).isLessThan(20 * quiet + 50_000);
      assertThat(jail.ipfw().list()).hasSize(RULES + 3 * ADDS + 1);
    }
  }

  /** Adds rules one by one; returns the median of the times, in microseconds. */
  private static long add(Ipfw ipfw, int from) {
    long[] micros = new long[ADDS];
    for (int i = 0; i < ADDS; i++) {
      Rule rule = Rule.parse("deny udp from any to any " + (from + i + 1));
      long begin = System.nanoTime();
      ipfw.add(30_000 + from + i, rule);
      micros[i] = (System.nanoTime() - begin) / 1_000;
    }
    Arrays.sort(micros);
    return micros[ADDS / 2];
  }
}
