// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vnet4j.Route;
import org.vnet4j.linux.netlink.Netlink;
import org.vnet4j.linux.netlink.NetlinkMessages;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.registry.JailRecord;
import org.vnet4j.linux.rtnetlink.AddressMessages;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.linux.rtnetlink.NamespaceMessages;
import org.vnet4j.linux.rtnetlink.RouteMessages;
import org.vnet4j.linux.rtnetlink.Rtnetlink;

/**
 * Decodes arbitrary bytes in place of a netlink socket's: each message is decoded, or reported as
 * cut off.
 */
class NetlinkFuzzTest {
  private static final Map<Integer, String> NAMES = Map.of(1, "lo", 2, "epair0a");

  @FuzzTest(maxDuration = "5m")
  void an_answer_is_decoded_or_said_to_be_cut_off(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    buffer.put(0, bytes);
    NetlinkMessages in =
        new NetlinkMessages(buffer, bytes.length, Rtnetlink::headerSize, "RTM_GETLINK", "all");
    int messages = 0;
    try {
      while (in.next()) {
        assertThat(++messages).isLessThanOrEqualTo(bytes.length / Netlink.HEADER);
        in.interrupted();
        if (in.type() == Netlink.NLMSG_ERROR || in.type() == Netlink.NLMSG_DONE) {
          in.error();
        }
        in.decode(NetlinkFuzzTest::decode);
      }
    } catch (NetlinkSocket.LostException e) {
      assertThat(e).hasMessageContaining("RTM_GETLINK all").hasMessageContaining("cut off");
    }
  }

  private static Object decode(int type, ByteBuffer buffer, int from, int to) {
    return switch (type) {
      case Rtnetlink.RTM_NEWLINK -> {
        LinkState link = LinkState.decode(buffer, from, to);
        assertThat(link.mark().text()).isNotNull();
        assertThat(LinuxInterfaces.counters(type, buffer, from, to)).isNotSameAs(link);
        yield link.name().isEmpty() ? link : link.info(List.of(), null);
      }
      case Rtnetlink.RTM_NEWADDR -> {
        AddressMessages.index(buffer, from);
        yield AddressMessages.decode(buffer, from, to);
      }
      case Rtnetlink.RTM_NEWROUTE -> {
        List<Route> routes = new ArrayList<>();
        RouteMessages.decode(buffer, from, to, NAMES::get, routes::add);
        yield routes;
      }
      case Rtnetlink.RTM_NEWNEIGH -> LinuxBridges.learned(NAMES, buffer, from, to);
      case Rtnetlink.RTM_NEWNSID -> NamespaceMessages.decode(type, buffer, from, to);
      default -> null;
    };
  }

  /** A decoded event names an interface by its index, and its addresses are valid. */
  @FuzzTest(maxDuration = "5m")
  void an_event_is_told_left_out_or_said_to_be_cut_off(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    buffer.put(0, bytes);
    NetlinkMessages in =
        new NetlinkMessages(buffer, bytes.length, Rtnetlink::headerSize, "recv", "event socket");
    HeardEvents heard = new HeardEvents();
    try {
      while (in.next()) {
        in.decode((type, all, from, to) -> LinuxEvents.tell(heard, type, all, from, to));
      }
    } catch (NetlinkSocket.LostException e) {
      assertThat(e).hasMessageContaining("cut off");
    }
    assertThat(heard.events()).doesNotContain("");
  }

  @FuzzTest(maxDuration = "5m")
  void a_record_of_the_registry_is_read_or_said_to_be_damaged(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    JailRecord record;
    try {
      record = JailRecord.parse(text.lines().toList());
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(JailRecord.parse(record.lines())).isEqualTo(record);
  }
}
