// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.JailEvent;
import org.vnet4j.NetInterface;
import org.vnet4j.Route;
import org.vnet4j.StackEvent;
import org.vnet4j.StackEvent.AddressAdded;
import org.vnet4j.StackEvent.AddressRemoved;
import org.vnet4j.StackEvent.Appeared;
import org.vnet4j.StackEvent.Down;
import org.vnet4j.StackEvent.Missed;
import org.vnet4j.StackEvent.Renamed;
import org.vnet4j.StackEvent.RouteAdded;
import org.vnet4j.StackEvent.RouteRemoved;
import org.vnet4j.StackEvent.Up;
import org.vnet4j.StackEvent.Vanished;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.event.EventStream;
import org.vnet4j.event.Events;
import org.vnet4j.net.Cidr;

/** Changes in a stack are reported to its listeners. */
public abstract class EventContract extends Contract {
  private static final Cidr ADDRESS = Cidr.parse("192.0.2.1/24");
  private static final int FLOOD = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void an_interface_is_told_from_its_making_to_its_end() {
    Heard<StackEvent> ear = new Heard<>(host.events());

    Epair cable = host.epair().create();
    ear.hears(new Appeared(cable.a().name()), new Appeared(cable.b().name()));

    NetInterface end = cable.a().rename("left");
    ear.hears(new Renamed("epair0a", "left"));

    end.inet("192.0.2.1/24").up();
    ear.hears(new AddressAdded("left", ADDRESS), new Up("left"));

    end.deleteAddress("192.0.2.1/24");
    ear.hears(new AddressRemoved("left", ADDRESS));

    end.down();
    ear.hears(new Down("left"));

    end.rename("other");
    ear.hears(new Renamed("left", "other"));

    end.destroy();
    ear.hears(new Vanished("other"), new Vanished("epair0b"));
  }

  @Test
  void routes_are_told_also_those_that_go_with_their_interface() {
    NetInterface end = host.epair().names("left", "right").create().a().inet("192.0.2.1/24").up();
    Heard<StackEvent> ear = new Heard<>(host.events());

    host.routes().add("198.51.100.0/24", "192.0.2.9");
    Route route = Objects.requireNonNull(route());
    ear.hears(new RouteAdded(route));

    host.routes().delete("198.51.100.0/24");
    ear.hears(new RouteRemoved(route));

    host.routes().add("198.51.100.0/24", "192.0.2.9");
    ear.hears(new RouteAdded(route));
    end.destroy();
    ear.hears(new Vanished("left"), new RouteRemoved(route));
  }

  /**
   * Linux deletes a route by a gateway when the link is down, FreeBSD when the address is removed.
   */
  @Test
  void a_route_that_goes_with_the_link_or_the_address_is_told_and_one_that_stays_is_not() {
    NetInterface end = host.epair().names("left", "right").create().a().inet("192.0.2.1/24").up();
    host.routes().add("198.51.100.0/24", "192.0.2.9");
    Route route = Objects.requireNonNull(route());
    Heard<StackEvent> ear = new Heard<>(host.events());

    end.down();
    ear.hears(new Down("left"));
    boolean stays = route() != null;
    if (!stays) {
      ear.hears(new RouteRemoved(route));
    }
    assertThat(end.addresses()).contains(ADDRESS);
    assertThat(ear.events).doesNotContain(new AddressRemoved("left", ADDRESS));

    end.deleteAddress("192.0.2.1/24");
    ear.hears(new AddressRemoved("left", ADDRESS));
    if (stays) {
      assertThat(route()).isNull();
      assertThat(ear.events).doesNotContain(new RouteRemoved(route));
      ear.hears(new RouteRemoved(route));
    }
  }

  private @Nullable Route route() {
    return host.routes().list().stream()
        .filter(one -> one.destination().equals(Cidr.parse("198.51.100.0/24")))
        .findFirst()
        .orElse(null);
  }

  @Test
  void an_interface_that_moves_vanishes_here_and_appears_there() {
    Jail jail = jail("web");
    Epair cable = host.epair().names("left", "right").create();
    Heard<StackEvent> here = new Heard<>(host.events());
    Heard<StackEvent> there = new Heard<>(jail.events());

    cable.b().vnet(jail);

    here.hears(new Vanished("right"));
    there.hears(new Appeared("right"));
  }

  @Test
  void two_who_listen_hear_the_same_and_one_who_cancels_hears_no_more() throws Exception {
    Ear<StackEvent> one = listen(host.events());
    Ear<StackEvent> other = listen(host.events());
    host.epair().create();
    one.hears(new Appeared("epair0a"));
    other.hears(new Appeared("epair0a"));

    one.subscription.cancel();
    host.iface("epair0a").up();

    other.hears(new Up("epair0a"));
    assertThat(one.fresh).doesNotContain(new Up("epair0a"));
  }

  @Test
  void who_listens_is_told_when_the_jail_or_all_is_gone() throws Exception {
    Jail jail = jail("web");
    Ear<StackEvent> inJail = listen(jail.events());
    Ear<StackEvent> onHost = listen(host.events());
    Ear<JailEvent> ofJails = listen(vnet.events());

    jail.remove();
    assertThat(inJail.ended.await(10, TimeUnit.SECONDS)).as("the jail's").isTrue();

    vnet.close();
    assertThat(onHost.ended.await(10, TimeUnit.SECONDS)).as("the host's").isTrue();
    assertThat(ofJails.ended.await(10, TimeUnit.SECONDS)).as("that of jails").isTrue();
    assertThat(List.of(inJail.errors, onHost.errors, ofJails.errors)).allMatch(List::isEmpty);
  }

  @Test
  void an_overrun_is_told_and_what_is_there_then_is_told_too() throws Exception {
    NetInterface end = host.epair().names("left", "right").create().a();
    Ear<StackEvent> ear = new Ear<>(0);
    subscribe(host.events(), ear);
    for (int i = 0; i < 600; i++) {
      end.up().down(); // more events than the kernel's buffer holds
    }
    end.inet("192.0.2.1/24").up();

    ear.subscription.request(Long.MAX_VALUE);

    ear.hears(new Missed());
    ear.hears(new AddressAdded("left", ADDRESS));
    ear.ends(new Up("left"), new Down("left"));
  }

  @Test
  void after_an_overrun_nothing_older_than_it_is_told() throws Exception {
    NetInterface end = host.epair().names("left", "right").create().a();
    Ear<StackEvent> ear = new Ear<>(0);
    subscribe(host.events(), ear);
    flood(end, "192.0.2.1/24"); // the additions fill the buffer, so the removals are lost

    ear.subscription.request(Long.MAX_VALUE);

    assertThat(ear.addresses(end)).containsExactly(ADDRESS);
    assertThat(ear.events).contains(new Missed());
  }

  @Test
  void what_is_told_in_a_flood_adds_up_to_what_is_there() throws Exception {
    NetInterface left = host.epair().names("left", "right").create().a();
    Ear<StackEvent> ear = listen(host.events());
    Thread lists =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                host.ifconfig();
              }
            });
    lists.start();
    try {
      flood(left, "192.0.2.1/24");
    } finally {
      lists.interrupt();
      lists.join();
    }

    assertThat(ear.addresses(left)).containsExactly(ADDRESS);
    assertThat(ear.errors).isEmpty();
  }

  /** Adds and removes hundreds of addresses, then adds the last. */
  private static void flood(NetInterface end, String last) {
    for (int i = 0; i < FLOOD; i++) {
      end.inet("10.1." + i / 200 + "." + (1 + i % 200) + "/32");
    }
    for (int i = 0; i < FLOOD; i++) {
      end.deleteAddress("10.1." + i / 200 + "." + (1 + i % 200) + "/32");
    }
    end.inet(last);
  }

  @Test
  void jails_that_come_and_go_are_told() {
    Heard<JailEvent> ear = new Heard<>(vnet.events());

    Jail jail = jail("web");
    ear.hears(new JailEvent.Created(jail.jid(), "web"));

    jail.remove();
    ear.hears(new JailEvent.Removed(jail.jid(), "web"));
  }

  @Test
  void who_waits_for_an_event_gets_the_first_that_fits() {
    EventStream<StackEvent> events = opened(host.events());
    NetInterface end = host.epair().names("left", "right").create().a();
    end.up().down().up();

    assertThat(events.await(Down.class::isInstance, PATIENCE)).isEqualTo(new Down("left"));
    assertThat(events.await(Up.class::isInstance, PATIENCE)).isEqualTo(new Up("left"));
    assertThatThrownBy(() -> events.await(Down.class::isInstance, Duration.ofMillis(50)))
        .isInstanceOf(EventStream.TimeoutException.class)
        .hasMessageContaining("host within 50 ms");
    end.rename("other");
    assertThatThrownBy(() -> events.await(Down.class::isInstance, Duration.ofSeconds(1)))
        .hasMessageContaining("left"); // the event in its place
    events.close();
  }

  @Test
  void a_loop_over_events_ends_with_the_jail() {
    Jail jail = jail("web");
    EventStream<StackEvent> events = opened(jail.events());
    Thread remover = new Thread(jail::remove);
    jail.epair().create();
    List<StackEvent> heard = new ArrayList<>();

    for (StackEvent event : events) {
      heard.add(event);
      if (heard.size() == 2) {
        remover.start();
      }
    }

    assertThat(heard).contains(new Appeared("epair0a"), new Appeared("epair0b"));
    assertThat(events.next(Duration.ZERO)).isEmpty();
    assertThatThrownBy(() -> events.await(event -> true, PATIENCE))
        .isInstanceOf(EventStream.EndedException.class);
    assertThat(events).hasToString("events of web (ended)");
  }

  @Test
  void closing_a_stream_wakes_who_waits_in_it() throws Exception {
    EventStream<JailEvent> events = opened(vnet.events());
    FutureTask<Boolean> loop = new FutureTask<>(() -> events.iterator().hasNext());
    FutureTask<JailEvent> wait =
        new FutureTask<>(() -> events.await(event -> true, Duration.ofDays(1)));
    for (Thread thread : List.of(new Thread(loop), new Thread(wait))) {
      thread.start();
      Await.untilWaiting(thread);
    }

    events.close();
    events.close();

    assertThat(loop.get()).isFalse();
    assertThatThrownBy(wait::get).hasCauseInstanceOf(EventStream.EndedException.class);
    jail("web");
    assertThat(events.next(Duration.ofMillis(50))).isEmpty();
  }

  @Test
  void who_is_interrupted_while_waiting_for_an_event_is_told_and_may_go_on() {
    try (EventStream<JailEvent> events = opened(vnet.events())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> events.await(event -> true, PATIENCE))
          .isInstanceOf(Vnet.InterruptException.class);
      assertThat(Thread.interrupted()).isTrue();

      Jail jail = jail("web");

      assertThat(events.await(event -> true, PATIENCE))
          .isEqualTo(new JailEvent.Created(jail.jid(), "web"));
    }
  }

  @Test
  void a_stream_that_is_not_read_tells_of_what_was_lost_and_adds_up() {
    NetInterface end = host.epair().names("left", "right").create().a();
    try (EventStream<StackEvent> events = opened(host.events())) {
      for (int i = 0; i < 2 * EventStream.CAPACITY; i++) {
        end.up().down();
      }
      end.up();
      boolean up = false;
      for (Optional<StackEvent> event = events.next(PATIENCE);
          event.isPresent();
          event = events.next(up ? Duration.ofMillis(500) : PATIENCE)) {
        up = event.get().equals(new Up("left")) || up && !event.get().equals(new Down("left"));
      }
      assertThat(up).isTrue();
    }
  }

  private static <E> EventStream<E> opened(Events<E> events) {
    try {
      return events.open();
    } catch (Vnet.UnsupportedException e) {
      return abort(e.getMessage());
    }
  }

  /** The events read from a stream. */
  private static final class Heard<E> {
    final List<E> events = new ArrayList<>();
    private final EventStream<E> stream;

    Heard(Events<E> of) {
      stream = opened(of);
    }

    /** Asserts that these events arrive, in any order and among any others. */
    void hears(Object... expected) {
      List<Object> missing = new ArrayList<>(List.of(expected));
      while (!missing.isEmpty()) {
        E event = stream.await(one -> events.add(one) && missing.contains(one), PATIENCE);
        missing.remove(event);
      }
    }
  }

  private static <E> Ear<E> listen(Flow.Publisher<E> publisher) throws InterruptedException {
    Ear<E> ear = new Ear<>(Long.MAX_VALUE);
    subscribe(publisher, ear);
    return ear;
  }

  @Test
  void nobody_cannot_subscribe() {
    NetInterface end = cable(host, jail("web")).a();

    for (Flow.Publisher<?> events :
        List.of(host.events(), vnet.events(), end.rates(Duration.ofSeconds(1)))) {
      assertThatThrownBy(() -> events.subscribe(null)).isInstanceOf(NullPointerException.class);
    }
  }

  private static <E> void subscribe(Flow.Publisher<E> publisher, Ear<E> ear)
      throws InterruptedException {
    try {
      publisher.subscribe(ear);
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage());
    }
    assertThat(ear.begun.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** A subscriber that keeps the events it receives. */
  private static final class Ear<E> implements Flow.Subscriber<E> {
    final long request;
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    final BlockingQueue<E> fresh = new LinkedBlockingQueue<>();
    final List<E> events = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    volatile Flow.Subscription subscription;

    Ear(long request) {
      this.request = request;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      if (request > 0) {
        given.request(request);
      }
      begun.countDown();
    }

    @Override
    public void onNext(E event) {
      fresh.add(event);
    }

    @Override
    public void onError(Throwable error) {
      errors.add(error);
      ended.countDown();
    }

    @Override
    public void onComplete() {
      ended.countDown();
    }

    /** Asserts that these events arrive, in any order and among any others. */
    final void hears(Object... expected) throws InterruptedException {
      List<Object> missing = new ArrayList<>(List.of(expected));
      List<E> heard = new ArrayList<>();
      while (!missing.isEmpty()) {
        E event = fresh.poll(10, TimeUnit.SECONDS);
        assertThat(event).as("missing %s, heard %s, %s", missing, heard, errors).isNotNull();
        heard.add(event);
        events.add(event);
        missing.remove(event);
      }
    }

    /** Returns an interface's addresses according to the events, once no more events arrive. */
    final Set<Cidr> addresses(NetInterface of) throws InterruptedException {
      Set<Cidr> addresses = new HashSet<>();
      for (E event = next(10_000); event != null; event = next(500)) {
        events.add(event);
        if (event instanceof AddressAdded added && added.name().equals(of.name())) {
          addresses.add(added.address());
        } else if (event instanceof AddressRemoved removed && removed.name().equals(of.name())) {
          addresses.remove(removed.address());
        }
      }
      return addresses;
    }

    private @Nullable E next(int milliseconds) throws InterruptedException {
      return fresh.poll(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** Asserts that of two events the first arrives last. */
    final void ends(E last, E other) throws InterruptedException {
      E now = events.contains(last) || events.contains(other) ? null : other;
      for (E event : events) {
        now = event.equals(last) || event.equals(other) ? event : now;
      }
      while (!last.equals(now)) {
        E event = fresh.poll(10, TimeUnit.SECONDS);
        assertThat(event).as("%s after %s", last, events).isNotNull();
        events.add(event);
        now = event.equals(last) || event.equals(other) ? event : now;
      }
    }
  }
}
