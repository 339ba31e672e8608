// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.event.EventStream;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.InterfaceRates;

/** Rates of counters, as long as the interface exists. */
public abstract class RateContract extends Contract {
  private static final Duration OFTEN = Duration.ofMillis(20);

  @Test
  void rates_add_up_to_what_the_counters_counted() throws Exception {
    needsTraffic();
    NetInterface end = cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24").a();
    reaches(host, "192.0.2.2");
    InterfaceCounters before = end.counters();
    Reader reader = new Reader(end);

    assertThat(host.ping("192.0.2.2").count(10).size(1000).run().received()).isEqualTo(10);

    List<InterfaceRates> rates = new ArrayList<>();
    while (sum(rates, InterfaceRates::bytesOut) < 10_000
        || sum(rates, InterfaceRates::bytesIn) < 10_000) {
      rates.add(reader.next());
    }
    InterfaceCounters after = end.counters();
    assertThat(sum(rates, InterfaceRates::bytesIn))
        .isBetween(10_000.0, after.bytesIn() - before.bytesIn() + 0.5);
    assertThat(sum(rates, InterfaceRates::bytesOut))
        .isBetween(10_000.0, after.bytesOut() - before.bytesOut() + 0.5);
    assertThat(sum(rates, InterfaceRates::packetsIn))
        .isBetween(9.5, after.packetsIn() - before.packetsIn() + 0.5);
    assertThat(sum(rates, InterfaceRates::errorsIn)).isEqualTo(0, within(1e-6));
    reader.subscription.cancel();
  }

  @Test
  void rates_end_with_the_typed_error_when_the_interface_is_gone() throws Exception {
    NetInterface end = cable(host, host).a();
    Reader reader = new Reader(end);
    assertThat(reader.next().span()).isPositive();

    end.destroy();

    assertThat(reader.error()).isInstanceOf(NetInterface.NotFoundException.class);
    refused(NetInterface.NotFoundException.class, () -> new Reader(end), "c0a");
  }

  @Test
  void a_stream_of_rates_ends_with_the_typed_error_too() {
    NetInterface end = cable(host, host).a();
    try (EventStream<InterfaceRates> rates = end.rates(OFTEN).open()) {
      assertThat(rates.next(Duration.ofSeconds(10))).isPresent();

      end.destroy();

      assertThatThrownBy(() -> rates.await(one -> false, Duration.ofSeconds(10)))
          .isInstanceOf(NetInterface.NotFoundException.class);
    }
  }

  @Test
  void rates_follow_an_interface_into_a_jail_and_back() throws Exception {
    Jail jail = jail("web");
    Epair cable = cable(host, host);
    Reader reader = new Reader(cable.b());

    for (int i = 0; i < 5; i++) {
      cable.b().vnet(jail);
      assertThat(reader.fresh()).isNotNull();
      cable.b().reclaim();
      assertThat(reader.fresh()).isNotNull();
    }
    reader.subscription.cancel();
  }

  @Test
  void rates_follow_an_interface_home_when_its_jail_is_removed() throws Exception {
    for (int i = 0; i < 5; i++) {
      NetInterface lent = cable(host, host).b();
      lent.vnet(jail("web"));
      Reader reader = new Reader(lent, Duration.ofMillis(1));
      reader.next();

      vnet.findJail("web").orElseThrow().remove();

      assertThat(reader.fresh()).isNotNull();
      reader.subscription.cancel();
    }
  }

  @Test
  void rates_end_when_the_jail_goes_in_which_the_interface_was_made() throws Exception {
    Jail jail = jail("web");
    Reader reader = new Reader(cable(jail, jail).a());
    reader.next();

    jail.remove();

    assertThat(reader.error()).isInstanceOf(NetInterface.NotFoundException.class);
  }

  @Test
  void nothing_is_told_to_who_asks_for_nothing_and_then_one_mean() throws Exception {
    Reader reader = new Reader(cable(host, host).a(), OFTEN, 1);
    reader.next();
    Thread.sleep(200);
    assertThat(reader.told).isEmpty();

    reader.subscription.request(1);

    assertThat(reader.next().span()).isGreaterThan(Duration.ofMillis(190));
    reader.subscription.cancel();
  }

  @Test
  void rates_complete_when_all_is_closed() throws Exception {
    Reader reader = new Reader(cable(host, host).a());
    reader.next();

    vnet.close();

    assertThat(reader.error()).isNull();
  }

  @Test
  void a_time_between_looks_that_makes_no_sense_is_refused() {
    NetInterface end = cable(host, host).a();

    refused(IllegalArgumentException.class, () -> end.rates(Duration.ZERO), "PT0S");
    refused(IllegalArgumentException.class, () -> end.rates(Duration.ofDays(2)), "PT48H");
    refused(
        IllegalArgumentException.class, () -> end.rates(Duration.ofSeconds(Long.MIN_VALUE)), "PT");
  }

  private static double sum(List<InterfaceRates> rates, ToDoubleFunction<InterfaceRates> what) {
    return rates.stream()
        .mapToDouble(one -> what.applyAsDouble(one) * one.span().toNanos() / 1e9)
        .sum();
  }

  /** A subscriber that keeps the rates it receives; its demand is unlimited by default. */
  private static final class Reader implements Flow.Subscriber<InterfaceRates> {
    private final BlockingQueue<InterfaceRates> told = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    volatile Flow.Subscription subscription;

    private final long demand;

    Reader(NetInterface iface) {
      this(iface, OFTEN);
    }

    Reader(NetInterface iface, Duration every) {
      this(iface, every, Long.MAX_VALUE);
    }

    Reader(NetInterface iface, Duration every, long demand) {
      this.demand = demand;
      iface.rates(every).subscribe(this);
    }

    InterfaceRates next() throws InterruptedException {
      InterfaceRates one = told.poll(10, TimeUnit.SECONDS);
      assertThat(one).as("rates, %s", end).isNotNull();
      return one;
    }

    /** Waits for rates that are read from now on. */
    InterfaceRates fresh() throws InterruptedException {
      told.clear();
      next();
      return next();
    }

    /** Waits for the end; returns null if it was no error. */
    Throwable error() throws Exception {
      try {
        end.get(10, TimeUnit.SECONDS);
        return null;
      } catch (ExecutionException e) {
        return e.getCause();
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(demand);
    }

    @Override
    public void onNext(InterfaceRates rates) {
      told.add(rates);
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      end.complete(null);
    }
  }
}
