// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.firewall.Rules;

/** Compares the codecs with the recorded dialogue between ipfw(8) and a kernel of FreeBSD 15.1. */
class IpfwCommandsTest {
  private final IpfwRuleCodec rules = new IpfwRuleCodec(IpfwVersion.V1);
  private final IpfwRangeCodec ranges = new IpfwRangeCodec(IpfwVersion.V1);

  private static JsonNode command(String text) {
    return IpfwFacts.lines("ipfw15-commands.jsonl").stream()
        .filter(line -> line.get("command").asText().equals(text))
        .findFirst()
        .orElseThrow();
  }

  /** Returns a command's last message in a direction: "get-in" or "get-out". */
  private static ByteBuffer message(JsonNode command, String direction) {
    ByteBuffer last = null;
    for (JsonNode io : command.get("io")) {
      if (io.get("dir").asText().equals(direction)) {
        last = IpfwFacts.bytes(io.get("bytes").asText());
      }
    }
    return java.util.Objects.requireNonNull(last);
  }

  private static List<String> prints(JsonNode command) {
    List<String> prints = new ArrayList<>();
    command.get("prints").forEach(line -> prints.add(line.asText()));
    return prints;
  }

  private static void sentAs(ByteBuffer request, String command) {
    assertThat(IpfwFacts.hex(request))
        .as(command)
        .isEqualTo(IpfwFacts.hex(message(command(command), "get-in")));
  }

  @Test
  void requests_are_what_ipfw_sends() {
    sentAs(ranges.zeroAll(), "ipfw zero");
    sentAs(ranges.delete(100, 100), "ipfw delete 100");
    sentAs(ranges.delete(200, 300), "ipfw -q -f delete 200-300");
    sentAs(ranges.flush(), "ipfw -f flush");
    sentAs(rules.add(0, 0, Rules.allow()), "ipfw add 0 allow ip from any to any");
    // The recording has the first 256 bytes of the buffer.
    sentAs(rules.list(true, false, 0, 0, 256), "ipfw list");
    sentAs(rules.list(true, true, 0, 0, 256), "ipfw -a list");
    sentAs(rules.list(true, true, 100, 100, 256), "ipfw show 100");
    sentAs(rules.list(false, false, 0, 0, 256), "ipfw set show");
  }

  @Test
  void the_answer_tells_how_many_rules_were_touched() {
    assertThat(ranges.touched(message(command("ipfw zero"), "get-out"))).isEqualTo(81);
    assertThat(ranges.touched(message(command("ipfw -f flush"), "get-out"))).isEqualTo(81);
    assertThat(ranges.touched(message(command("ipfw delete 100"), "get-out"))).isZero();
  }

  @Test
  void the_number_the_kernel_chose_is_read_from_its_answer() {
    ByteBuffer answer = message(command("ipfw add 0 allow ip from any to any"), "get-out");
    assertThat(rules.added(answer)).hasToString("01020 allow ip from any to any");
  }

  @Test
  void a_fresh_list_has_the_default_rule_and_nothing_else() {
    List<IpfwRule> listed = rules.listed(message(command("ipfw list"), "get-out"));
    assertThat(listed)
        .extracting(IpfwRule::toString)
        .containsExactly("65535 allow ip from any to any");
    assertThat(listed.get(0).set()).isEqualTo(31);
  }

  @Test
  void a_long_list_is_printed_as_ipfw_prints_it() {
    JsonNode command = command("ipfw -a list");
    ByteBuffer answer = message(command, "get-out");
    List<IpfwRule> listed = rules.listed(answer);
    List<String> printed = new ArrayList<>(prints(command));
    printed.removeIf(line -> line.contains("orphaned"));
    assertThat(listed).hasSameSizeAs(printed);
    List<Integer> notNeutral = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      IpfwRule rule = listed.get(i);
      String shown = "%05d %d %d ".formatted(rule.number(), rule.packets(), rule.bytes());
      assertThat(printed.get(i)).startsWith(shown);
      if (rule.neutral().isPresent()) {
        assertThat(shown + rule.neutral().get()).isEqualTo(printed.get(i));
      } else {
        assertThat(rule.unsupported()).as(printed.get(i)).isNotEmpty();
        notNeutral.add(rule.number());
      }
    }
    // dscp, layer2, MAC, uid, verrevpath, antispoof, fwd twice, divert, tee, nat, reass, prob,
    // tagged, setfib.
    assertThat(notNeutral)
        .containsExactly(560, 570, 580, 590, 610, 620, 640, 650, 660, 670, 830, 840, 850, 870, 880);
    assertThat(IpfwRuleCodec.neededSize(answer)).isEqualTo(answer.limit());
    assertThat(IpfwRuleCodec.enabledSets(answer)).isEqualTo(-1);
  }

  @Test
  void a_list_of_one_rule_leaves_out_the_one_the_kernel_adds() {
    JsonNode command = command("ipfw show 100");
    assertThat(rules.listed(message(command, "get-out")))
        .singleElement()
        .hasToString("00100 allow ip from any to any");
  }

  @Test
  void counters_are_read_for_each_rule() {
    ByteBuffer answer = message(command("ipfw show 100"), "get-out");
    int counter = IpfwAbi.CFG_SIZE + IpfwAbi.CTLV_SIZE + IpfwAbi.TLV_SIZE;
    answer
        .putLong(counter + IpfwAbi.BCOUNTER_PCNT, 7)
        .putLong(counter + IpfwAbi.BCOUNTER_BCNT, 1L << 40);
    IpfwRule rule = rules.listed(answer).get(0);
    assertThat(rule.packets()).isEqualTo(7);
    assertThat(rule.bytes()).isEqualTo(1L << 40);
    assertThat(rule.id()).isEqualTo(3);
  }

  @Test
  void a_damaged_answer_is_refused() {
    ByteBuffer answer = message(command("ipfw list"), "get-out");
    answer.putInt(IpfwAbi.CFG_SIZE + IpfwAbi.TLV_LENGTH, 0);
    assertThatThrownBy(() -> rules.listed(answer)).hasMessageContaining("a part of 0 bytes");
    answer.putInt(IpfwAbi.CFG_SIZE + IpfwAbi.TLV_LENGTH, 4000);
    assertThatThrownBy(() -> rules.listed(answer)).hasMessageContaining("a part of 4000 bytes");
  }

  @Test
  void sets_are_swapped_moved_and_enabled_in_both_versions() {
    assertThat(IpfwFacts.hex(ranges.swapSets(1, 2)))
        .isEqualTo(
            "6700010000000000"
                + "090000001c000000"
                + "00000000"
                + "0000000000000000"
                + "0100000002000000");
    assertThat(IpfwFacts.hex(ranges.enableSets(1 << 3, 1 << 5)))
        .isEqualTo(
            "6900010000000000"
                + "090000001c000000"
                + "00000000"
                + "0000000000000000"
                + "0800000020000000");
    assertThat(IpfwFacts.hex(ranges.moveSet(4, 5))).startsWith("6800").endsWith("0400000005000000");
    assertThat(IpfwFacts.hex(ranges.move(100, 200, 5)))
        .isEqualTo(
            "6400010000000000"
                + "090000001c000000"
                + "01000000"
                + "64000000c8000000"
                + "0000000005000000");
    assertThat(IpfwFacts.hex(ranges.deleteSet(7))).startsWith("6300").endsWith("0700000000000000");
    IpfwRangeCodec old = new IpfwRangeCodec(IpfwVersion.V0);
    assertThat(IpfwFacts.hex(old.delete(200, 300)))
        .isEqualTo(
            "6300000000000000" + "0900000018000000" + "01000000" + "c8002c01" + "0000000000000000");
    assertThat(IpfwFacts.hex(old.swapSets(1, 2)))
        .isEqualTo(
            "6700000000000000" + "0900000018000000" + "00000000" + "00000000" + "0100000002000000");
  }

  @Test
  void numbers_and_sets_out_of_range_are_refused() {
    assertThatThrownBy(() -> rules.add(65535, 0, Rules.allow())).hasMessageContaining("65535");
    assertThatThrownBy(() -> rules.add(-1, 0, Rules.allow())).hasMessageContaining("-1");
    assertThatThrownBy(() -> rules.add(1, 32, Rules.allow())).hasMessageContaining("set 32");
    assertThatThrownBy(() -> ranges.delete(0, 0)).hasMessageContaining("0-0");
    assertThatThrownBy(() -> ranges.swapSets(0, 32)).hasMessageContaining("set 32");
    assertThatThrownBy(() -> ranges.enableSets(1, 1)).hasMessageContaining("same set");
    assertThatThrownBy(() -> ranges.enableSets(1 << 31, 0)).hasMessageContaining("31");
  }
}
