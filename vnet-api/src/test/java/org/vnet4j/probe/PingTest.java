// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.VnetException;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.probe.FakeNetwork.Packet;

@Timeout(240)
class PingTest {
  private FakeNetwork network =
      new FakeNetwork((n, request) -> List.of(FakeNetwork.reply(request)));

  private Ping ping(String destination) {
    return new Ping(family -> network, destination)
        .interval(Duration.ofMillis(5))
        .timeout(Duration.ofMillis(60));
  }

  @AfterEach
  void the_socket_is_closed_whatever_happened() {
    assertThat(network.requests.isEmpty() || network.closed).isTrue();
  }

  @Test
  void all_requests_are_answered() {
    PingResult result = ping("192.0.2.2").count(4).run();

    assertThat(result.sent()).isEqualTo(4);
    assertThat(result.received()).isEqualTo(4);
    assertThat(result.duplicates()).isZero();
    assertThat(result.isAnswered()).isTrue();
    assertThat(result.problem()).isEmpty();
    assertThat(result.roundTrips()).hasSize(4);
  }

  @Test
  void the_last_answer_ends_the_wait() {
    ping("192.0.2.2").count(1).timeout(Duration.ofSeconds(15)).run();

    assertThat(network.silences).isZero();
  }

  @Test
  void requests_carry_numbers_and_as_much_data_as_asked_for() {
    ping("192.0.2.2").count(3).size(100).run();

    assertThat(network.requests).allMatch(request -> request.length == 108);
    assertThat(network.requests).extracting(request -> (int) request[7]).containsExactly(0, 1, 2);
    assertThat(network.requests).extracting(request -> (int) request[0]).containsOnly(8);
  }

  @Test
  void lost_requests_are_counted() {
    network =
        new FakeNetwork((n, request) -> n == 1 ? List.of() : List.of(FakeNetwork.reply(request)));

    PingResult result = ping("192.0.2.2").count(3).run();

    assertThat(result.sent()).isEqualTo(3);
    assertThat(result.received()).isEqualTo(2);
    assertThat(result.isAnswered()).isFalse();
    assertThat(result.toString()).contains("33.3% packet loss");
  }

  @Test
  void a_full_table_of_neighbours_explains_what_was_lost_meanwhile() {
    InetAddress lost = IpLiteral.parse("192.0.2.3");
    network =
        new FakeNetwork(
            (n, request) -> {
              network.refusedNeighbours++;
              return n == 0 ? List.of(FakeNetwork.reply(request)) : List.of();
            });
    network.refusedNeighbours = 7;
    PingAll all = new PingAll(family -> network, List.of(FakeNetwork.PEER, lost));

    Map<InetAddress, PingResult> results = all.timeout(Duration.ofMillis(20)).run();

    assertThat(results.get(FakeNetwork.PEER).problem()).isEmpty();
    assertThat(results.get(lost).problem())
        .contains(
            "no answer; this machine's table of neighbours was full, see sysctl"
                + " net.ipv4.neigh.default.gc_thresh3");

    network = new FakeNetwork((n, request) -> List.of());
    network.refusedNeighbours = 7;
    all = new PingAll(family -> network, List.of(lost));
    assertThat(all.timeout(Duration.ofMillis(20)).run().get(lost).problem()).isEmpty();
  }

  @Test
  void both_versions_of_ip_are_asked_before_any_answer_is_waited_for() {
    FakeNetwork ipv4 = new FakeNetwork((n, request) -> List.of());
    FakeNetwork ipv6 = new FakeNetwork((n, request) -> List.of());
    List<Integer> asked = new ArrayList<>();
    ipv4.whenAwaited = () -> asked.add(ipv4.requests.size() + ipv6.requests.size());
    ipv6.whenAwaited = () -> asked.add(-1);
    InetAddress peer6 = IpLiteral.parse("2001:db8::2");
    PingAll all =
        new PingAll(
            family -> family == StandardProtocolFamily.INET6 ? ipv6 : ipv4,
            List.of(FakeNetwork.PEER, peer6));

    Map<InetAddress, PingResult> results = all.timeout(Duration.ofMillis(20)).run();

    assertThat(asked.get(0)).isEqualTo(2);
    assertThat(asked).doesNotContain(-1);
    assertThat(results.get(FakeNetwork.PEER).sent()).isEqualTo(3);
    assertThat(results.get(peer6).sent()).isEqualTo(3);
    assertThat(ipv4.closed && ipv6.closed).isTrue();
  }

  @Test
  void answers_that_are_there_are_not_waited_for() {
    List<InetAddress> many = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      many.add(IpLiteral.parse("198.51.100." + i));
    }
    network =
        new FakeNetwork(
            (n, request) -> List.of(new Packet(many.get(n), FakeNetwork.reply(request).message())));

    Map<InetAddress, PingResult> results = new PingAll(family -> network, many).run();

    assertThat(results.values()).allMatch(PingResult::isAnswered);
    assertThat(network.silences).isZero();
  }

  @Test
  void second_answers_are_duplicates() {
    network =
        new FakeNetwork(
            (n, request) -> List.of(FakeNetwork.reply(request), FakeNetwork.reply(request)));

    PingResult result = ping("192.0.2.2").count(2).run();

    assertThat(result.received()).isEqualTo(2);
    assertThat(result.duplicates()).isPositive();
    assertThat(result.roundTrips()).hasSize(2);
  }

  @Test
  void packets_of_others_are_passed_over() {
    network =
        new FakeNetwork(
            (n, request) -> {
              byte[] foreign = request.clone();
              foreign[4] ^= 0x55;
              byte[] namesake = request.clone();
              namesake[8] ^= 0x55;
              byte[] beyond = request.clone();
              beyond[6] = 0x7f;
              byte[] itself = request.clone();
              return List.of(
                  FakeNetwork.reply(foreign),
                  FakeNetwork.reply(namesake),
                  FakeNetwork.reply(beyond),
                  new Packet(FakeNetwork.PEER, itself),
                  new Packet(FakeNetwork.PEER, new byte[0]),
                  FakeNetwork.error(3, 1, foreign),
                  FakeNetwork.reply(request));
            });

    PingResult result = ping("192.0.2.2").count(2).run();

    assertThat(result.received()).isEqualTo(2);
    assertThat(result.duplicates()).isZero();
    assertThat(result.problem()).isEmpty();
  }

  @Test
  void an_answer_before_its_request_is_not_believed() {
    network =
        new FakeNetwork(
            (n, request) -> {
              byte[] next = request.clone();
              next[7]++;
              return List.of(
                  FakeNetwork.reply(next),
                  FakeNetwork.error(3, 1, next),
                  FakeNetwork.reply(request));
            });

    long start = System.nanoTime();
    PingResult result = ping("192.0.2.2").count(2).run();
    Duration all = Duration.ofNanos(System.nanoTime() - start);

    assertThat(result.received()).isEqualTo(2);
    assertThat(result.duplicates()).isZero();
    assertThat(result.problem()).isEmpty();
    assertThat(result.roundTrips()).allMatch(time -> time.compareTo(all) <= 0);
  }

  @Test
  void a_router_that_knows_no_way_is_quoted_and_ends_the_wait() {
    network = new FakeNetwork((n, request) -> List.of(FakeNetwork.error(3, 1, request)));

    PingResult result =
        ping("198.51.100.1").interval(Duration.ZERO).count(2).timeout(Duration.ofSeconds(15)).run();

    assertThat(result.sent()).isEqualTo(2);
    assertThat(result.received()).isZero();
    assertThat(result.problem()).contains("host unreachable from 192.0.2.254");
    assertThat(network.silences).isZero();
  }

  @Test
  void a_request_given_up_by_a_router_and_answered_all_the_same_counts_once() {
    network =
        new FakeNetwork(
            (n, request) ->
                n == 0
                    ? List.of(FakeNetwork.error(3, 1, request), FakeNetwork.reply(request))
                    : List.of(FakeNetwork.reply(request)));

    assertThat(ping("192.0.2.2").count(2).run().received()).isEqualTo(2);
  }

  @Test
  void what_the_kernel_refuses_to_send_is_not_sent() {
    network.refusedFrom = 0;

    PingResult result = ping("192.0.2.2").count(2).run();

    assertThat(result.sent()).isZero();
    assertThat(result.received()).isZero();
    assertThat(result.problem()).contains("sendto: Permission denied");
    assertThat(result)
        .hasToString("ping: sendto: Permission denied\n0 packets transmitted, 0 packets received");
  }

  @Test
  void a_refusal_on_the_way_leaves_the_answers_before_it() {
    network.refusedFrom = 2;

    PingResult result = ping("192.0.2.2").count(3).run();

    assertThat(result.sent()).isEqualTo(2);
    assertThat(result.received()).isEqualTo(2);
    assertThat(result.problem()).contains("sendto: Permission denied");
  }

  @Test
  void ipv6_is_asked_with_its_own_types_and_its_zone() {
    PingResult result = ping("fe80::2%epair0a").count(1).run();

    assertThat(network.requests.get(0)[0]).isEqualTo((byte) 128);
    assertThat(network.zone).isEqualTo("epair0a");
    assertThat(result.isAnswered()).isTrue();
    assertThat(result.destination()).isEqualTo("fe80::2%epair0a");
  }

  @Test
  void an_interrupt_ends_the_probe_and_stays_set() {
    network = new FakeNetwork((n, request) -> List.of());
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> ping("192.0.2.2").count(2).timeout(Duration.ofSeconds(15)).run())
        .isInstanceOf(VnetException.class)
        .hasMessage("interrupted while pinging 192.0.2.2");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(network.closed).isTrue();
  }

  @Test
  void what_cannot_be_asked_is_refused_before_a_socket_is_opened() {
    for (String bad : List.of("", "example.org", "192.0.2.1/24", "fe80::1%a/b")) {
      assertThatThrownBy(() -> ping(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ping("fe80::1")).hasMessageContaining("fe80::1%epair0a");
    Ping ping = ping("192.0.2.2");
    assertThatThrownBy(() -> ping.count(0)).hasMessageContaining("count 0");
    assertThatThrownBy(() -> ping.count(65536)).hasMessageContaining("65536");
    assertThatThrownBy(() -> ping.size(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> ping.interval(Duration.ofMillis(-1))).hasMessageContaining("interval");
    assertThatThrownBy(() -> ping.timeout(Duration.ZERO)).hasMessageContaining("timeout");
    assertThat(network.requests).isEmpty();
  }
}
