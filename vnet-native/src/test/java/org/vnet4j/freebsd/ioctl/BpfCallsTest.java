// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.posix.libc.Memory;

/**
 * Tests the decoding of bytes that a kernel's packet filter device returned, and the end of a
 * device.
 */
class BpfCallsTest {

  /**
   * Returns the bytes of a read on FreeBSD 15.1. Its times are in microseconds, at the same
   * offsets.
   */
  private static byte[] recorded() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                BpfCallsTest.class.getResourceAsStream("/freebsd/freebsd15-events.jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = new ObjectMapper().readTree(line);
        if (node.path("call").asText().equals("bpf-read")) {
          return HexFormat.of().parseHex(node.get("out").asText());
        }
      }
    }
    throw new AssertionError("no bpf-read in the recording");
  }

  @Test
  void what_a_kernel_gave_is_taken_apart_packet_by_packet() throws Exception {
    byte[] bytes = recorded();
    List<CapturedPacket> packets = BpfCalls.decode(Memory.of(bytes), bytes.length);

    assertThat(packets).hasSizeGreaterThanOrEqualTo(4);
    assertThat(packets).extracting(CapturedPacket::length).startsWith(42, 42, 53, 81);
    for (CapturedPacket packet : packets) {
      assertThat(packet.bytes()).hasSize(packet.length());
      assertThat(packet.bytes()[12]).as("an EtherType").isEqualTo((byte) 8);
      assertThat(packet.time().getEpochSecond()).isEqualTo(packets.get(0).time().getEpochSecond());
    }
    assertThat(packets.get(2).bytes()[14 + 9]).as("UDP").isEqualTo((byte) 17);
    assertThat(new String(packets.get(2).bytes(), 42, 11)).isEqualTo("hello, jail");
  }

  @Test
  void a_packet_that_is_cut_off_ends_the_list() throws Exception {
    byte[] bytes = recorded();

    assertThat(BpfCalls.decode(Memory.of(bytes), 26 + 41)).isEmpty();
    assertThat(BpfCalls.decode(Memory.of(bytes), 26 + 42)).hasSize(1);
    assertThat(BpfCalls.decode(Memory.of(bytes), 26 + 42 + 4 + 20)).hasSize(1);
  }

  @Test
  void a_capture_ends_when_its_interface_leaves_and_pins_no_jail() {
    SimMachine machine = new SimMachine();
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("web").create();
      NetInterface end = vnet.host().epair().vnet(jail).create().b();
      try (Capture capture = end.capture().duration(Duration.ofSeconds(20)).start()) {
        end.reclaim();

        assertThat(capture.next()).isNull();
      }
      Capture forgotten = end.vnet(jail).capture().start();
      jail.remove();

      assertThat(forgotten.next()).isNull();
      assertThat(machine.kernel.jails()).doesNotContain("web");
    }
    assertThat(machine.kernel.openDescriptors()).isZero();
  }

  @Test
  void an_interface_without_ethernet_headers_is_refused_with_the_reason() {
    SimMachine machine = new SimMachine();
    try (Vnet vnet = machine.sandbox()) {
      Capture.Builder builder = vnet.host().iface("lo0").capture();

      assertThatThrownBy(builder::start)
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("lo0")
          .hasMessageContaining("Ethernet");
    }
    assertThat(machine.kernel.openDescriptors()).isZero();
  }
}
