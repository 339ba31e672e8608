// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.net.Shaping;
import org.vnet4j.picture.Picture;
import org.vnet4j.probe.PingResult;

/** Shaped interfaces limit, delay and lose packets. */
public abstract class ShapingContract extends Contract {
  private static final Shaping SLOW = Shaping.bitsPerSecond(8_000_000);

  @Test
  void an_interface_that_was_not_shaped_says_so() {
    NetInterface end = host.epair().create().a();

    assertThat(end.shaping()).isEqualTo(Shaping.NONE);
    assertThat(end.unshape().shaping()).isEqualTo(Shaping.NONE);
  }

  @Test
  void a_rate_is_set_read_changed_and_ended() {
    needs(Capability.SHAPE_RATE);
    NetInterface end = host.epair().create().a();

    assertThat(end.shape(SLOW).shaping()).isEqualTo(SLOW);
    assertThat(end.shape(SLOW.queue(7)).shaping()).isEqualTo(SLOW.queue(7));
    Shaping fast = Shaping.bitsPerSecond(40_000_000_000L);
    try {
      assertThat(end.shape(fast).shaping()).isEqualTo(fast);
    } catch (Vnet.UnsupportedException e) { // dummynet(4) stores the rate in 32 bits
      assertThat(e).hasMessageContaining("40000000000");
      assertThat(end.shaping()).isEqualTo(SLOW.queue(7));
    }
    assertThat(end.shape(Shaping.NONE).shaping()).isEqualTo(Shaping.NONE);
  }

  @Test
  void all_that_may_be_wrong_with_a_line_is_read_as_it_was_set() {
    needs(Capability.SHAPE_RATE, Capability.SHAPE_DELAY, Capability.SHAPE_JITTER);
    needs(Capability.SHAPE_LOSS, Capability.SHAPE_DUPLICATION);
    NetInterface end = host.epair().create().a();
    Shaping bad =
        SLOW.delay(Duration.ofMillis(20))
            .jitter(Duration.ofMillis(2))
            .loss(0.01)
            .duplication(0.000001);

    assertThat(end.shape(bad).shaping()).isEqualTo(bad);
    assertThat(end.shape(SLOW).shaping()).isEqualTo(SLOW);
    assertThat(end.shape(bad.bandwidth(0)).shaping()).isEqualTo(bad.bandwidth(0));
    assertThat(end.unshape().shaping()).isEqualTo(Shaping.NONE);
  }

  @Test
  void a_picture_shows_what_is_shaped() {
    needs(Capability.SHAPE_RATE);
    Epair cable = cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");
    cable.b().shape(SLOW);

    assertThat(Picture.of(vnet).lines())
        .singleElement()
        .matches(line -> line.condition() == Picture.Condition.SHAPED)
        .matches(line -> line.endB().endsWith("\n" + SLOW) && !line.endA().contains("rate"));
    cable.a().down();
    assertThat(Picture.of(vnet).lines())
        .extracting(Picture.Edge::condition)
        .containsExactly(Picture.Condition.DOWN);
  }

  @Test
  void a_cable_is_shaped_each_way_and_a_move_ends_it() {
    needs(Capability.SHAPE_RATE);
    Epair cable = cable(host, jail("web")).shape(SLOW);
    Jail other = jail("other");

    assertThat(cable.a().shaping()).isEqualTo(SLOW);
    assertThat(cable.b().shaping()).isEqualTo(SLOW);

    cable.b().vnet(other);

    assertThat(cable.b().shaping()).isEqualTo(Shaping.NONE);
    assertThat(cable.a().shaping()).isEqualTo(SLOW);
  }

  @Test
  void what_the_kernel_cannot_do_changes_nothing() {
    needs(Capability.SHAPE_RATE);
    try (Vnet poor = sandbox(Capability.SHAPE_LOSS)) {
      Epair cable = poor.host().epair().create().shape(SLOW);

      assertThatThrownBy(() -> cable.shape(SLOW.loss(0.5)))
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("SHAPE_LOSS");
      assertThat(cable.a().shaping()).isEqualTo(SLOW);
      assertThat(cable.b().shaping()).isEqualTo(SLOW);
    }
  }

  @Test
  void the_rate_holds_for_a_stream() throws Exception {
    needsTime();
    needsTraffic();
    needs(Capability.SHAPE_RATE);
    Jail jail = jail("web");
    Epair cable = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    cable.b().shape(SLOW);
    reaches(host, "192.0.2.2");
    int bytes = 1_000_000; // 1 s at 8 Mbit/s
    int burst = 64_000; // passes at once
    double best = 0;
    try (ServerSocketChannel server = jail.sockets().listen("192.0.2.2", 80);
        SocketChannel client = host.sockets().connect("192.0.2.2", 80, Duration.ofSeconds(2));
        SocketChannel peer = server.accept()) {
      InputStream in = client.socket().getInputStream();
      // A busy machine may slow a stream down, so the best of them counts; the rate is wrong if
      // none ever comes near it. Nothing may make a stream faster.
      while (best < SLOW.bandwidth() * 0.85) {
        long start = System.nanoTime();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> write(peer, bytes));
        assertThat(in.readNBytes(bytes)).hasSize(bytes);
        double seconds = (System.nanoTime() - start) / 1e9;
        sent.join();
        assertThat((bytes - burst) * 8 / seconds).isLessThan(SLOW.bandwidth());
        best = Math.max(best, bytes * 8 / seconds);
      }
    }
  }

  @Test
  void what_is_sent_faster_than_the_rate_waits_in_the_queue_or_is_dropped() throws Exception {
    needsTime();
    needsTraffic();
    needs(Capability.SHAPE_RATE);
    Jail jail = jail("web");
    Epair cable = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    reaches(host, "192.0.2.2");
    cable.a().shape(Shaping.bitsPerSecond(800_000).queue(10));
    InetSocketAddress target = new InetSocketAddress("192.0.2.2", 9);
    long most = Long.MAX_VALUE;
    try (DatagramChannel sender = host.sockets().udp();
        DatagramChannel receiver = jail.sockets().bind("192.0.2.2", 9)) {
      receiver.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
      receiver.configureBlocking(false);
      for (byte attempt = 1; most >= 95; attempt++) { // the last was too slow to need a queue
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
          sender.send(datagram(1400, attempt), target);
        }
        double sending = (System.nanoTime() - start) / 1e9;
        // A first burst where the kernel has one (ten), the queue (ten), and the packets sent
        // meanwhile: 70 a second.
        most = 25 + Math.round(70 * sending);
        assertThat(passed(receiver, attempt, sender, target)).isBetween(10L, most);
      }
    }
  }

  private static ByteBuffer datagram(int length, byte content) {
    return ByteBuffer.allocate(length).put(0, content);
  }

  /**
   * Counts the datagrams of one content that arrive before one that is sent after them: the queue
   * keeps their order. Repeats the latter, as a full queue drops it.
   */
  private static long passed(
      DatagramChannel receiver, byte content, DatagramChannel sender, InetSocketAddress target) {
    AtomicLong passed = new AtomicLong();
    ByteBuffer data = ByteBuffer.allocate(1500);
    Await.until(
        "the queue is empty",
        () -> {
          sender.send(datagram(1, (byte) -content), target);
          byte first = content;
          while (first == content && receiver.receive(data.clear()) != null) {
            first = data.get(0);
            passed.addAndGet(first == content ? 1 : 0);
          }
          return first == -content;
        });
    return passed.get();
  }

  @Test
  void a_delay_holds_for_each_packet() {
    needsTraffic();
    needs(Capability.SHAPE_DELAY);
    Jail jail = jail("web");
    Epair cable = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    reaches(host, "192.0.2.2");
    cable.shape(Shaping.NONE.delay(Duration.ofMillis(50)));

    PingResult result = host.ping("192.0.2.2").count(3).run();

    assertThat(result.received()).isEqualTo(3);
    // FreeBSD may shorten each way by a tick, which is 10 ms in a virtual machine.
    assertThat(result.min()).isGreaterThanOrEqualTo(Duration.ofMillis(80));
  }

  @Test
  void half_of_the_packets_are_lost() {
    needsTraffic();
    needs(Capability.SHAPE_LOSS);
    Jail jail = jail("web");
    Epair cable = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    reaches(host, "192.0.2.2");
    cable.a().shape(Shaping.NONE.loss(0.5));

    PingResult result =
        host.ping("192.0.2.2")
            .count(100)
            .interval(Duration.ofMillis(10))
            .timeout(Duration.ofMillis(100))
            .run();

    assertThat(result.received()).isBetween(20, 80);
  }

  private static void write(SocketChannel channel, int bytes) {
    try {
      ByteBuffer data = ByteBuffer.allocate(bytes);
      while (data.hasRemaining()) {
        channel.write(data);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
