// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.probe.Ping;
import org.vnet4j.probe.PingResult;

/** Pings and their results. */
public abstract class PingContract extends Contract {

  @BeforeEach
  void needs_traffic() {
    needsTraffic();
  }

  @Test
  void a_neighbour_answers_every_request() {
    neighbours();

    PingResult result = host.ping("192.0.2.2").count(3).interval(Duration.ofMillis(10)).run();

    assertThat(result.isAnswered()).isTrue();
    assertThat(result.sent()).isEqualTo(3);
    assertThat(result.received()).isEqualTo(3);
    assertThat(result.duplicates()).isZero();
    assertThat(result.problem()).isEmpty();
    assertThat(result.destination()).isEqualTo("192.0.2.2");
    assertThat(result.roundTrips()).hasSize(3).allMatch(time -> time.toNanos() > 0);
    assertThat(result.min()).isLessThanOrEqualTo(result.avg());
    assertThat(result.avg()).isLessThanOrEqualTo(result.max());
    assertThat(result.toString())
        .matches(
            "3 packets transmitted, 3 packets received, 0\\.0% packet loss\n"
                + "round-trip min/avg/max/stddev = [0-9.]+/[0-9.]+/[0-9.]+/[0-9.]+ ms");
  }

  @Test
  void the_host_answers_itself() {
    neighbours();

    assertThat(host.ping("192.0.2.1").count(1).run().isAnswered()).isTrue();
    assertThat(host.ping("127.0.0.1").count(1).run().isAnswered()).isTrue();
  }

  @Test
  void nobody_answers_for_an_address_nobody_has() {
    neighbours();

    PingResult result =
        host.ping("192.0.2.77")
            .count(2)
            .interval(Duration.ofMillis(50))
            .timeout(Duration.ofMillis(300))
            .run();

    assertThat(result.sent()).isEqualTo(2);
    assertThat(result.received()).isZero();
    assertThat(result.isAnswered()).isFalse();
    assertThat(result.roundTrips()).isEmpty();
    assertThat(result.toString())
        .contains("2 packets transmitted, 0 packets received, 100.0% packet loss");
  }

  @Test
  void nothing_is_sent_without_a_route_and_the_result_says_why() {
    Jail jail = jail("alone");

    PingResult result = jail.ping("198.51.100.1").count(2).interval(Duration.ZERO).run();

    assertThat(result.sent()).isZero();
    assertThat(result.received()).isZero();
    assertThat(result.isAnswered()).isFalse();
    assertThat(result.problem().get()).matches("sendto: (Network is unreachable|No route to host)");
    assertThat(result.toString()).startsWith("ping: sendto: ");
  }

  @Test
  void a_router_that_knows_no_way_says_so() {
    needs(Capability.FORWARDING);
    Jail left = jail("left");
    Jail router = jail("router");
    cable(router, left, "192.0.2.1/24", "192.0.2.2/24");
    left.routes().add("default", "192.0.2.1");
    router.forwarding(true);
    reaches(left, "192.0.2.1");

    PingResult result = left.ping("198.51.100.1").count(1).timeout(Duration.ofSeconds(2)).run();

    assertThat(result.sent()).isEqualTo(1);
    assertThat(result.received()).isZero();
    assertThat(result.problem().get()).matches("(network|host) unreachable from 192\\.0\\.2\\.1");
  }

  @Test
  void packets_lost_on_the_way_are_counted() {
    NetInterface far = neighbours();
    far.down();

    PingResult result =
        host.ping("192.0.2.2")
            .count(2)
            .interval(Duration.ZERO)
            .timeout(Duration.ofMillis(200))
            .run();

    assertThat(result.received()).isZero();
    far.up();
    reaches(host, "192.0.2.2");
  }

  @Test
  void without_an_interval_each_request_waits_for_the_answer_to_the_one_before() {
    neighbours();
    long start = System.nanoTime();

    PingResult result = host.ping("192.0.2.2").count(50).interval(Duration.ZERO).run();

    Duration all = Duration.ofNanos(System.nanoTime() - start);
    assertThat(result.received()).isEqualTo(50);
    assertThat(result.roundTrips().stream().reduce(Duration.ZERO, Duration::plus))
        .as("one after the other")
        .isLessThanOrEqualTo(all);
  }

  @Test
  void without_an_interval_a_request_nobody_answers_is_waited_for_until_its_timeout() {
    neighbours().down();
    long start = System.nanoTime();

    PingResult result =
        host.ping("192.0.2.2")
            .count(3)
            .interval(Duration.ZERO)
            .timeout(Duration.ofMillis(100))
            .run();

    assertThat(result.sent()).isEqualTo(3);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void requests_come_in_all_sizes() {
    neighbours();

    for (int size : new int[] {0, 1, 1472, 1473, 20_000}) {
      PingResult result = host.ping("192.0.2.2").count(1).size(size).run();
      assertThat(result.isAnswered()).as("%d bytes: %s", size, result).isTrue();
    }
  }

  @Test
  void requests_come_from_the_address_that_is_asked_for() {
    Jail jail = jail("peer");
    NetInterface near = cable(host, jail, "192.0.2.1/24", "192.0.2.2/24").a();
    near.inet("198.51.100.1/32");
    jail.routes().add("198.51.100.1/32", "192.0.2.1");
    reaches(host, "192.0.2.2");

    Ping ping = host.ping("192.0.2.2").source("198.51.100.1").count(1);
    assertThat(ping.run().isAnswered()).isTrue();
    jail.routes().delete("198.51.100.1/32");
    isUnanswered(ping);

    assertThatThrownBy(() -> host.ping("192.0.2.2").source("192.0.2.77").run())
        .isInstanceOf(NetInterface.AddressNotFoundException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host.ping("192.0.2.2").source("2001:db8::1"))
        .withMessageContaining("another IP version");
  }

  @Test
  void a_stack_answers_itself() {
    Jail jail = jail("alone");
    loopback(jail);

    assertThat(jail.ping("127.0.0.1").count(1).run().isAnswered()).isTrue();
  }

  @Test
  void ipv6_is_pinged_alike() {
    needs(Capability.IPV6);
    Jail jail = jail("web");
    cable(host, jail, "2001:db8::1/64", "2001:db8::2/64");
    reaches(host, "2001:db8::2");

    PingResult result =
        host.ping("2001:db8::2").count(2).interval(Duration.ofMillis(10)).size(1000).run();

    assertThat(result.received()).isEqualTo(2);
    assertThat(result.duplicates()).isZero();
    assertThat(result.destination()).isEqualTo("2001:db8::2");
  }

  @Test
  void pings_of_several_threads_do_not_mix_up_their_answers() throws InterruptedException {
    neighbours();
    PingResult[] results = new PingResult[8];
    Thread[] threads = new Thread[results.length];
    for (int i = 0; i < threads.length; i++) {
      int number = i;
      threads[i] =
          new Thread(
              () ->
                  results[number] =
                      host.ping("192.0.2.2").count(5).interval(Duration.ofMillis(5)).run());
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.received()).isEqualTo(5);
              assertThat(result.duplicates()).isZero();
            });
  }

  @Test
  void a_removed_jail_pings_no_more() {
    Jail jail = jail("web");
    var ping = jail.ping("192.0.2.1");
    jail.remove();

    assertThatThrownBy(ping::run).isInstanceOf(Jail.NotFoundException.class);
  }

  /** Connects host and jail, and waits until the link works; returns the jail's end. */
  private NetInterface neighbours() {
    NetInterface far = cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24").b();
    reaches(host, "192.0.2.2");
    return far;
  }
}
