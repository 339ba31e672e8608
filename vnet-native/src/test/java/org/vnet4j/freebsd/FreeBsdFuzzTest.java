// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.firewall.Rule;
import org.vnet4j.freebsd.ioctl.BpfCalls;
import org.vnet4j.freebsd.ioctl.ListCalls;
import org.vnet4j.freebsd.ipfw.DummynetAbi;
import org.vnet4j.freebsd.ipfw.DummynetCodec;
import org.vnet4j.freebsd.ipfw.IpfwAbi;
import org.vnet4j.freebsd.ipfw.IpfwRule;
import org.vnet4j.freebsd.ipfw.IpfwRuleCodec;
import org.vnet4j.freebsd.ipfw.IpfwTableCodec;
import org.vnet4j.freebsd.ipfw.IpfwVersion;
import org.vnet4j.freebsd.ipfw.ShapingRules;
import org.vnet4j.freebsd.ipfw.UnsupportedRuleException;
import org.vnet4j.freebsd.route.RouteCodec;
import org.vnet4j.freebsd.route.RouteMessage;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Memory;

/**
 * Decodes arbitrary bytes in place of a FreeBSD kernel's answers: each is decoded, skipped or
 * refused with a clear error.
 */
class FreeBsdFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void route_messages_are_decoded_or_left_out(byte[] bytes) {
    List<RouteMessage> messages = RouteCodec.decode(Memory.of(bytes), bytes.length);
    assertThat(messages).hasSizeLessThanOrEqualTo(bytes.length / 4 + 1);
    for (RouteMessage message : messages) {
      assertThat(message.toString()).isNotEmpty();
      if (message instanceof RouteMessage.AddressChange change) {
        FreeBsdEvents.address(change)
            .ifPresent(one -> assertThat(Cidr.parse(one.toString())).isEqualTo(one));
      }
    }
  }

  @FuzzTest(maxDuration = "5m")
  void captured_packets_are_taken_apart_as_far_as_they_go(byte[] bytes) {
    List<CapturedPacket> packets = BpfCalls.decode(Memory.of(bytes), bytes.length);
    assertThat(packets.stream().mapToInt(packet -> packet.bytes().length).sum())
        .isLessThanOrEqualTo(bytes.length);
  }

  @FuzzTest(maxDuration = "5m")
  void lists_of_interfaces_are_decoded_or_end_early(byte[] bytes) {
    assertThat(ListCalls.decode(Memory.of(bytes), bytes.length))
        .hasSizeLessThanOrEqualTo(bytes.length / 32 + 1);
  }

  @FuzzTest(maxDuration = "5m")
  void captured_packets_are_taken_apart_or_left_out(byte[] bytes) {
    assertThat(BpfCalls.decode(Memory.of(bytes), bytes.length))
        .hasSizeLessThanOrEqualTo(bytes.length / 32 + 1);
  }

  @FuzzTest(maxDuration = "5m")
  void pipes_and_the_rules_to_them_are_read_or_clearly_refused(byte[] bytes) {
    DummynetCodec.pipes(buffer(bytes, DummynetAbi.DN_ID_SIZE))
        .forEach(pipe -> assertThat(pipe.flowSet().length).isLessThanOrEqualTo(bytes.length));
    try {
      new ShapingRules(IpfwVersion.V1)
          .listed(buffer(bytes, IpfwAbi.CFG_SIZE))
          .forEach(rule -> assertThat(rule.toString()).isNotEmpty());
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** A decoded rule must be the same after it is encoded and decoded again. */
  @FuzzTest(maxDuration = "5m")
  void listings_of_ipfw_are_read_or_clearly_refused(byte[] bytes) {
    for (IpfwVersion version : IpfwVersion.values()) {
      ByteBuffer answer = buffer(bytes, IpfwAbi.CFG_SIZE);
      List<IpfwRule> rules;
      try {
        rules = new IpfwRuleCodec(version).listed(answer);
      } catch (IllegalArgumentException e) {
        continue;
      }
      for (IpfwRule one : rules) {
        assertThat(one.toString()).isNotEmpty();
        one.neutral().ifPresent(rule -> sentAgain(version, rule));
      }
    }
  }

  private static void sentAgain(IpfwVersion version, Rule rule) {
    ByteBuffer request;
    try {
      request = new IpfwRuleCodec(version).add(1, 0, rule);
    } catch (IllegalArgumentException | UnsupportedRuleException e) {
      return; // too long for one rule, or a name that ipfw(8) refuses
    }
    assertThat(new IpfwRuleCodec(version).added(request).neutral()).contains(rule);
  }

  @FuzzTest(maxDuration = "5m")
  void tables_of_ipfw_are_read_or_clearly_refused(byte[] bytes) {
    for (IpfwVersion version : IpfwVersion.values()) {
      IpfwTableCodec codec = new IpfwTableCodec(version);
      ByteBuffer answer = buffer(bytes, IpfwAbi.OBJ_SIZE + IpfwAbi.XTABLE_SIZE);
      try {
        assertThat(codec.tables(answer)).hasSizeLessThanOrEqualTo(bytes.length);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
      try {
        assertThat(codec.listed(answer)).hasSizeLessThanOrEqualTo(bytes.length);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  /**
   * Returns a buffer as the kernel fills it: the request's own, with room for the header at least.
   */
  private static ByteBuffer buffer(byte[] bytes, int least) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(bytes.length, least));
    return buffer.order(ByteOrder.nativeOrder()).put(0, bytes);
  }
}
