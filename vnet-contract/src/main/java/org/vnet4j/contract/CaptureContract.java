// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Filter;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;

/** A capture has the packets that pass its interface. */
public abstract class CaptureContract extends Contract {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int HEADERS = 14 + 20 + 8;

  @TempDir Path temp;
  private Jail jail;
  private Epair cable;

  @BeforeEach
  void lay_a_cable() {
    needsTraffic();
    needs(Capability.CAPTURE);
    jail = jail("web");
    cable = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    reaches(host, "192.0.2.2");
  }

  @Test
  void a_ping_is_seen_at_both_ends_with_its_time_and_length() {
    Instant before = Instant.now().minusSeconds(1);
    try (Capture here = icmp(cable.a().capture()).start();
        Capture there = icmp(cable.b().capture()).start()) {
      host.ping("192.0.2.2").count(1).size(100).run();

      for (Capture capture : List.of(here, there)) {
        List<CapturedPacket> packets = new ArrayList<>();
        capture.forEach(packets::add);
        assertThat(packets).hasSize(2);
        assertThat(packets.get(0).length()).isEqualTo(HEADERS + 100);
        assertThat(packets.get(0).bytes()).hasSize(HEADERS + 100);
        assertThat(packets.get(0).bytes()[HEADERS - 8]).as("echo request").isEqualTo((byte) 8);
        assertThat(packets.get(1).bytes()[HEADERS - 8]).as("echo reply").isEqualTo((byte) 0);
        assertThat(packets.get(0).time()).isBetween(before, Instant.now().plusSeconds(1));
        assertThat(packets.get(1).time()).isAfterOrEqualTo(packets.get(0).time());
        assertThat(capture.drops()).isZero();
      }
    }
  }

  private static Capture.Builder icmp(Capture.Builder builder) {
    return builder.filter(Filter.icmp()).packets(2).duration(WAIT);
  }

  @Test
  void a_filter_keeps_what_it_says_and_no_more() throws Exception {
    Filter filter = Filter.udp().and(Filter.port(7)).and(Filter.host("192.0.2.1"));
    try (Capture capture = cable.b().capture().filter(filter).duration(WAIT).packets(2).start();
        DatagramChannel udp = host.sockets().udp()) {
      for (int port : new int[] {9, 7, 8, 7}) {
        udp.send(ByteBuffer.allocate(port), new java.net.InetSocketAddress("192.0.2.2", port));
      }
      host.ping("192.0.2.2").count(1).run();

      List<Integer> lengths = new ArrayList<>();
      capture.forEach(packet -> lengths.add(packet.length()));
      assertThat(lengths).containsExactly(HEADERS + 7, HEADERS + 7);
    }
  }

  @Test
  void a_filter_is_written_as_for_tcpdump() {
    String text = "icmp and src host 192.0.2.2 and not dst net 198.51.100.0/24";
    try (Capture capture =
        cable.b().capture().filter(Filter.parse(text)).duration(WAIT).packets(2).start()) {
      host.ping("192.0.2.2").count(2).run();

      for (CapturedPacket packet : capture) {
        assertThat(packet.bytes()[HEADERS - 8]).as("echo reply").isEqualTo((byte) 0);
      }
    }
  }

  @Test
  void a_filter_of_libpcap_runs_in_the_kernel() {
    Filter filter;
    try {
      filter = Filter.pcap("icmp[icmptype] == icmp-echo and ip[2:2] = 128");
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage());
      return;
    }
    try (Capture capture = cable.b().capture().filter(filter).duration(WAIT).packets(1).start()) {
      host.ping("192.0.2.2").count(1).size(99).run();
      host.ping("192.0.2.2").count(1).size(100).run();

      CapturedPacket packet = capture.next();
      assertThat(packet.length()).isEqualTo(HEADERS + 100);
      assertThat(packet.bytes()[HEADERS - 8]).as("echo request").isEqualTo((byte) 8);
    }
  }

  @Test
  void a_capture_keeps_the_beginning_and_ends_after_its_time() {
    Duration time = Duration.ofMillis(500);
    List<CapturedPacket> packets = capturedIn(time);
    while (packets.size() < 2
        && time.compareTo(WAIT) < 0) { // the machine was too busy for the ping
      time = time.multipliedBy(4);
      packets = capturedIn(time);
    }

    assertThat(packets).as("request and reply").hasSize(2);
    assertThat(packets.get(0).bytes()).hasSize(34);
    assertThat(packets.get(0).length()).isEqualTo(HEADERS + 100);
  }

  /**
   * Captures the beginnings of a ping's packets, and checks that the capture ends when its time is
   * up.
   */
  private List<CapturedPacket> capturedIn(Duration time) {
    List<CapturedPacket> packets = new ArrayList<>();
    long start = System.nanoTime();
    try (Capture capture =
        cable.a().capture().filter(Filter.icmp()).snaplen(34).duration(time).start()) {
      host.ping("192.0.2.2").count(1).size(100).run();
      capture.forEach(packets::add);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(time);
    return packets;
  }

  @Test
  void closing_ends_a_wait_and_so_does_the_end_of_the_jail() throws Exception {
    Capture onHost = cable.a().capture().filter(Filter.port(4711)).start();
    Capture inJail = cable.b().capture().filter(Filter.port(4711)).start();
    CompletableFuture<CapturedPacket> one = next(onHost);
    CompletableFuture<CapturedPacket> other = next(inJail);

    onHost.close();
    jail.remove();

    assertThat(one.get()).isNull();
    assertThat(other.get()).isNull();
  }

  /** Waits for a packet in a thread of its own, and returns as soon as that thread waits. */
  private static CompletableFuture<CapturedPacket> next(Capture capture) {
    CompletableFuture<CapturedPacket> next = new CompletableFuture<>();
    Thread thread = new Thread(() -> next.complete(capture.next()));
    thread.start();
    Await.untilIn(thread, "next");
    return next;
  }

  @Test
  void what_nobody_takes_in_time_is_counted() throws Exception {
    try (Capture capture = cable.b().capture().filter(Filter.port(9)).start();
        DatagramChannel udp = host.sockets().udp()) {
      long deadline = System.nanoTime() + WAIT.toNanos();
      while (capture.drops() == 0 && System.nanoTime() < deadline) {
        for (int i = 0; i < 100; i++) {
          udp.send(ByteBuffer.allocate(1400), new java.net.InetSocketAddress("192.0.2.2", 9));
        }
      }

      assertThat(capture.drops()).isPositive();
      assertThat(capture.next().length()).isEqualTo(HEADERS + 1400);
    }
  }

  @Test
  void a_filter_that_is_too_long_for_the_kernel_is_refused_and_nothing_left_open() {
    Filter many = Filter.host("203.0.113.0");
    for (int i = 1; i < 10_000; i++) {
      many = many.or(Filter.host("198.51." + i / 256 + "." + i % 256));
    }
    Capture.Builder builder = cable.a().capture().filter(many);

    assertThatThrownBy(builder::start)
        .isInstanceOf(Filter.LimitException.class)
        .hasMessageContaining("instructions")
        .hasMessageContaining("sysctl");
  }

  @Test
  void a_packet_to_this_stack_is_captured_once() throws Exception {
    NetInterface loopback = loopback(jail);
    Capture capture;
    try {
      capture = loopback.capture().filter(Filter.udp()).packets(2).duration(WAIT).start();
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage());
      return;
    }
    try (capture;
        DatagramChannel receiver = jail.sockets().bind("127.0.0.1", 0);
        DatagramChannel udp = jail.sockets().udp()) {
      udp.send(ByteBuffer.allocate(1), receiver.getLocalAddress());
      udp.send(ByteBuffer.allocate(2), receiver.getLocalAddress());

      List<Integer> lengths = new ArrayList<>();
      capture.forEach(packet -> lengths.add(packet.length()));
      assertThat(lengths).containsExactly(HEADERS + 1, HEADERS + 2);
    }
  }

  @Test
  void a_file_is_written_that_tcpdump_reads() throws Exception {
    Programs.need("tcpdump");
    Path file = temp.resolve("ping.pcapng");
    try (Capture capture = icmp(cable.a().capture()).start()) {
      host.ping("192.0.2.2").count(1).run();

      assertThat(capture.writeTo(file)).isEqualTo(2);
    }
    Process tcpdump =
        new ProcessBuilder("tcpdump", "-n", "-r", file.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(tcpdump.getInputStream().readAllBytes());

    assertThat(text)
        .contains("192.0.2.1 > 192.0.2.2: ICMP echo request")
        .contains("192.0.2.2 > 192.0.2.1: ICMP echo reply");
  }
}
