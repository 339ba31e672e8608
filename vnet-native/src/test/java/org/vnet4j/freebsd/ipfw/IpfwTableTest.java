// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.net.Cidr;

class IpfwTableTest {
  private static final String ZEROES = "00".repeat(64);
  private static final String BLOCKED = "626c6f636b6564" + "00".repeat(57);
  private final IpfwTableCodec codec = new IpfwTableCodec(IpfwVersion.V1);
  private final IpfwTableCodec old = new IpfwTableCodec(IpfwVersion.V0);

  /**
   * Returns a message of the recorded "ipfw table all list", which lists the tables, then the
   * entries of each.
   */
  private static ByteBuffer recorded(int index) {
    JsonNode command =
        IpfwFacts.lines("ipfw15-commands.jsonl").stream()
            .filter(line -> line.get("command").asText().equals("ipfw table all list"))
            .findFirst()
            .orElseThrow();
    return IpfwFacts.bytes(command.get("io").get(index).get("bytes").asText());
  }

  @Test
  void tables_are_asked_for_as_ipfw_asks() {
    int room = recorded(0).getInt(IpfwAbi.LHEADER_NEEDED);
    assertThat(IpfwFacts.hex(codec.tables(room).limit(256))).isEqualTo(IpfwFacts.hex(recorded(0)));
    assertThat(IpfwFacts.hex(codec.list("1", 256))).isEqualTo(IpfwFacts.hex(recorded(2)));
    assertThat(IpfwFacts.hex(codec.list("blocked", 256))).isEqualTo(IpfwFacts.hex(recorded(4)));
  }

  @Test
  void the_kernels_tables_are_read() {
    assertThat(codec.tables(recorded(1)))
        .containsExactly(
            new IpfwTable("1", 0, IpfwAbi.IPFW_TABLE_ADDR, 0, 0, 296, "addr:radix"),
            new IpfwTable("blocked", 0, IpfwAbi.IPFW_TABLE_ADDR, 0, 0, 296, "addr:radix"));
    assertThat(codec.listed(recorded(3))).isEmpty();
  }

  @Test
  void a_table_is_named_in_both_versions() {
    String name = "01000000" + "50000000";
    assertThat(IpfwFacts.hex(codec.destroy("blocked")))
        .isEqualTo("5a00010000000000" + "0100000000000000" + name + "0100000000000000" + BLOCKED);
    assertThat(IpfwFacts.hex(old.destroy("blocked")))
        .isEqualTo("5a00000000000000" + "0000000001000000" + name + "0100000000000000" + BLOCKED);
    assertThat(IpfwFacts.hex(codec.flush("blocked"))).startsWith("5e000100").endsWith(BLOCKED);
    assertThat(IpfwFacts.hex(old.list("blocked", 96))).startsWith("59000100");
  }

  @Test
  void a_table_of_addresses_is_made() {
    String request = IpfwFacts.hex(codec.create("blocked"));
    assertThat(request)
        .startsWith("5f000100")
        .hasSize(2 * (96 + 200))
        .contains("010000000000000000000000ffffffff")
        .endsWith("616464723a7261646978" + "00".repeat(54) + "00".repeat(32));
  }

  @Test
  void entries_are_added_all_or_none() {
    List<Cidr> prefixes = List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::1/128"));
    String request = IpfwFacts.hex(codec.add("blocked", prefixes));
    assertThat(request)
        .hasSize(2 * (96 + 16 + 2 * 120))
        .startsWith(
            "5600010000000000" + "0100000000000000" + "0100000050000000" + "0100000000010000")
        .contains(BLOCKED + "0000000000010000" + "02000000" + "00000001")
        .contains("0000000078000000" + "02180000" + "01000000" + "c0000200" + "00".repeat(100))
        .endsWith(
            "0000000078000000"
                + "1c800000"
                + "01000000"
                + "20010db8000000000000000000000001"
                + ZEROES
                + "00".repeat(24));
    assertThat(IpfwFacts.hex(old.delete("blocked", prefixes)))
        .startsWith(
            "5700010000000000" + "0000000001000000" + "0100000050000000" + "0100000100000000");
    assertThatThrownBy(() -> codec.add("blocked", List.of())).hasMessageContaining("no addresses");
    assertThatThrownBy(() -> codec.add("no blanks", prefixes)).hasMessageContaining("no blanks");
  }

  @Test
  void the_entries_of_a_table_are_read() {
    List<Cidr> prefixes = List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::/32"));
    // The kernel lists entries in the form in which they were added.
    ByteBuffer added = codec.add("blocked", prefixes);
    int entries = IpfwAbi.OBJ_SIZE + IpfwAbi.CTLV_SIZE;
    byte[] body = new byte[2 * IpfwAbi.TENTRY_SIZE];
    added.get(entries, body);
    int head = IpfwAbi.OBJ_SIZE + IpfwAbi.XTABLE_SIZE;
    ByteBuffer answer = ByteBuffer.allocate(head + body.length).order(ByteOrder.nativeOrder());
    answer.putInt(IpfwAbi.OBJ_SIZE + IpfwAbi.XTABLE_BYTES, answer.limit()).put(head, body);
    assertThat(codec.listed(answer)).isEqualTo(prefixes);
    answer.putInt(head + IpfwAbi.TLV_LENGTH, 0);
    assertThatThrownBy(() -> codec.listed(answer)).hasMessageContaining("an entry of 0 bytes");
  }

  @Test
  void a_damaged_list_of_tables_is_refused() {
    ByteBuffer answer = recorded(1).putInt(IpfwAbi.LHEADER_COUNT, 1000);
    assertThatThrownBy(() -> codec.tables(answer)).hasMessageContaining("1000 tables");
  }
}
