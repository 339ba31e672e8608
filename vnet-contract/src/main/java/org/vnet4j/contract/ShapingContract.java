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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    needs(Capability.SHAPE_RATE);
    holdsTheRate(SLOW);
  }

  @Test
  void the_rate_holds_for_a_stream_that_is_delayed_too() throws Exception {
    needs(Capability.SHAPE_RATE, Capability.SHAPE_DELAY);
    holdsTheRate(SLOW.delay(Duration.ofMillis(1)));
  }

  private void holdsTheRate(Shaping shaping) throws Exception {
    needsTime();
    needsTraffic();
    Jail jail = jail("web");
    Epair cable = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    cable.b().shape(shaping);
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
            .timeout(Duration.ofSeconds(1))
            .run();

    // Of 100 packets, fewer than 20 or more than 80 with a probability below 3e-10.
    assertThat(result.received()).isBetween(20, 80);
  }

  @Test
  void each_packet_is_lost() {
    needsTraffic();
    needs(Capability.SHAPE_LOSS);
    Epair cable = cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");
    reaches(host, "192.0.2.2");
    cable.a().shape(Shaping.NONE.loss(1));

    doesNotReach(host, "192.0.2.2");

    cable.a().unshape();
    reaches(host, "192.0.2.2");
  }

  @Test
  void jitter_reorders_what_a_delay_alone_keeps_in_order() throws Exception {
    needsTraffic();
    needs(Capability.SHAPE_DELAY, Capability.SHAPE_JITTER);
    try (Line line = new Line()) {
      Duration delay = Duration.ofMillis(600);
      int count = 100;

      List<Integer> steady = line.carried(Shaping.NONE.delay(delay), count, count);
      assertThat(steady).isEqualTo(numbers(count));
      assertThat(line.shortest).isGreaterThanOrEqualTo(delay);

      // Each delay is 200 to 1000 ms. Of two packets sent at most 100 ms apart, the second comes
      // first with a probability above 0.38. With 50 such pairs, none does with one below 1e-10.
      Duration jitter = Duration.ofMillis(400);
      List<Integer> shuffled = line.carried(Shaping.NONE.delay(delay).jitter(jitter), count, count);
      assertThat(shuffled).isNotEqualTo(numbers(count));
      assertThat(shuffled).containsExactlyInAnyOrderElementsOf(numbers(count));
      assertThat(line.shortest).isGreaterThanOrEqualTo(delay.minus(jitter));
    }
  }

  @Test
  void each_packet_or_a_share_of_them_is_duplicated_or_lost() throws Exception {
    needsTraffic();
    needs(Capability.SHAPE_LOSS, Capability.SHAPE_DUPLICATION);
    try (Line line = new Line()) {
      int count = 200;
      Map<Integer, Long> twice =
          numbers(count).stream().collect(Collectors.toMap(Function.identity(), number -> 2L));
      assertThat(times(line.carried(Shaping.NONE.duplication(1), count, 2 * count)))
          .isEqualTo(twice);

      // Of 200 packets, fewer than 55 or more than 145 with a probability below 3e-10.
      List<Integer> some = line.carried(Shaping.NONE.duplication(0.5), count, count);
      assertThat(some.size() - count).isBetween(55, 145);
      assertThat(times(some).values()).hasSize(count).allMatch(times -> times <= 2);

      List<Integer> rest = line.carried(Shaping.NONE.loss(0.5), count, 0);
      assertThat(rest.size()).isBetween(55, 145);
      assertThat(rest).isSorted().doesNotHaveDuplicates();
    }
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static Map<Integer, Long> times(List<Integer> numbers) {
    return numbers.stream()
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  /** A cable, and sockets at its ends, through which numbered datagrams are sent. */
  private final class Line implements AutoCloseable {
    /**
     * What the last datagram of a run passes: it comes after all others. Of the same discipline,
     * which then keeps what is queued.
     */
    private static final Shaping PLAIN = Shaping.NONE.delay(Duration.ofNanos(1000));

    private static final int LAST = -1;

    private final Jail jail = jail("web");
    private final Epair cable = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    private final InetSocketAddress target = new InetSocketAddress("192.0.2.2", 9);
    private final DatagramChannel receiver;
    private final DatagramChannel sender;
    private final ByteBuffer data = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);
    private Duration shortest = Duration.ofDays(1);

    Line() throws IOException {
      reaches(host, "192.0.2.2");
      receiver = jail.sockets().bind("192.0.2.2", 9);
      receiver.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
      receiver.configureBlocking(false);
      sender = host.sockets().udp();
    }

    /**
     * Sends datagrams; returns the numbers of those that arrive, in the order in which they do.
     *
     * @param least how many must arrive
     */
    List<Integer> carried(Shaping shaping, int count, int least) throws IOException {
      List<Integer> arrived = new ArrayList<>();
      shortest = Duration.ofDays(1);
      cable.a().shape(shaping);
      for (int number = 0; number < count; number++) {
        send(number);
        receive(arrived);
      }
      Await.until(
          least + " datagrams arrived",
          () -> {
            receive(arrived);
            return arrived.size() >= least;
          });
      cable.a().shape(PLAIN);
      send(LAST);
      Await.until("the last datagram arrived", () -> receive(arrived));
      return arrived;
    }

    private void send(int number) throws IOException {
      sender.send(data.clear().putInt(number).putLong(System.nanoTime()).flip(), target);
    }

    /** Receives what has arrived; returns whether the last was among it. */
    private boolean receive(List<Integer> arrived) throws IOException {
      while (receiver.receive(data.clear()) != null) {
        int number = data.flip().getInt();
        if (number == LAST) {
          return true;
        }
        Duration time = Duration.ofNanos(System.nanoTime() - data.getLong());
        shortest = time.compareTo(shortest) < 0 ? time : shortest;
        arrived.add(number);
      }
      return false;
    }

    @Override
    public void close() throws IOException {
      receiver.close();
      sender.close();
    }
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
