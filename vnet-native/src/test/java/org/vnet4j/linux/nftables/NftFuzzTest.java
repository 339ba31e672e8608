// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.linux.netlink.NetlinkMessages;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.rtnetlink.QdiscMessages;
import org.vnet4j.linux.rtnetlink.Rtnetlink;
import org.vnet4j.net.Cidr;

/**
 * Decodes arbitrary bytes in place of nf_tables' answers and of what other programs put into the
 * library's tables.
 */
class NftFuzzTest {
  private final List<NftRequests.Counter> counters = new ArrayList<>();
  private final List<NftRequests.MapElement> elements = new ArrayList<>();

  @FuzzTest(maxDuration = "5m")
  void an_answer_is_decoded_or_said_to_be_cut_off(byte[] bytes) {
    counters.clear();
    elements.clear();
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    buffer.put(0, bytes);
    NetlinkMessages in =
        new NetlinkMessages(buffer, bytes.length, Nft::headerSize, "NFT_MSG_GETOBJ", "table");
    try {
      while (in.next()) {
        in.decode(this::decode);
      }
    } catch (NetlinkSocket.LostException e) {
      assertThat(e).hasMessageContaining("NFT_MSG_GETOBJ table").hasMessageContaining("cut off");
    }
    for (NftRequests.MapElement element : elements) {
      state(element);
      address(element.key());
    }
    try {
      FirewallModel model = FirewallStore.model(0, counters, table -> List.of());
      assertThat(model.entries()).hasSizeLessThanOrEqualTo(counters.size());
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private Object decode(int type, ByteBuffer buffer, int from, int to) {
    if (type == Nft.message(Nft.NFT_MSG_NEWOBJ)) {
      counters.add(NftRequests.counter(buffer, from, to));
    } else if (type == Nft.message(Nft.NFT_MSG_NEWSETELEM)) {
      elements.addAll(NftRequests.elements(buffer, from, to));
    } else if (type == Rtnetlink.RTM_NEWQDISC) {
      QdiscMessages.Root root = QdiscMessages.decode(buffer, from, to, 1500);
      assertThat(root.toString()).isNotEmpty();
    }
    return true;
  }

  private static void state(NftRequests.MapElement element) {
    try {
      FirewallState state = NftStates.decode(element);
      assertThat(state.toString()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static void address(byte[] key) {
    try {
      Cidr address = NftAddresses.decode(key);
      assertThat(Cidr.parse(address.toString())).isEqualTo(address);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /**
   * The stored text of a rule must be the same after decoding, or the table is reported as damaged.
   */
  @FuzzTest(maxDuration = "5m")
  void what_a_table_keeps_is_read_back_or_said_to_be_damaged(byte[] bytes) {
    List<NftRequests.Counter> kept = new ArrayList<>();
    for (String line : text(bytes).split("\n")) {
      String[] words = line.split("=", 2);
      String text = words.length < 2 ? "" : words[1];
      String said = NftUserData.read(NftUserData.comment(text));
      assertThat(text).startsWith(said.stripTrailing());
      kept.add(new NftRequests.Counter(words[0], NftCounts.NONE, said));
    }
    try {
      FirewallModel model = FirewallStore.model(0, kept, table -> List.of());
      for (StoredRule entry : model.entries()) {
        assertThat(StoredRule.read(entry.id(), entry.text()).text()).isEqualTo(entry.text());
      }
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** Stored texts have ASCII characters only. */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII).replace('\ufffd', '?');
  }
}
