// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.JailEvent;
import org.vnet4j.JailInfo;
import org.vnet4j.Modules;
import org.vnet4j.NetInterface;
import org.vnet4j.Route;
import org.vnet4j.Transaction;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.contract.memory.MemoryKernel;
import org.vnet4j.firewall.Action;
import org.vnet4j.net.Shaping;
import org.vnet4j.spi.PacketSource;
import org.vnet4j.spi.StackParts;
import org.vnet4j.topology.Plan;
import org.vnet4j.topology.Topology;

/** Tests that an operation that fails halfway restores the former state. */
class RollbackTest {
  private static final String DEFAULT = "net.inet.ip.fw.default_to_accept";

  private final MemoryKernel kernel = new MemoryKernel();
  private final Vnet vnet = StackParts.vnet(kernel);
  private final Host host = vnet.host();

  @AfterEach
  void close() {
    vnet.close();
  }

  private String picture() {
    List<String> lines = new ArrayList<>();
    host.interfaces().forEach(one -> lines.add(one + " " + one.shaping()));
    lines.addAll(host.routes().list().stream().map(Route::toString).sorted().toList());
    return String.join("\n", lines).replaceAll("index \\d+", "");
  }

  /** The first interface has all that a move takes away; the second refuses to move. */
  private void refusesTheSecond(NetInterface first, ThrowingCallable action) {
    first.inet("192.0.2.1/24").up();
    first.shape(Shaping.bitsPerSecond(8_000_000));
    host.routes().add("198.51.100.0/24", "192.0.2.9");
    host.routes().add("default", "192.0.2.8");
    kernel.refuseToMove("second");
    List<String> before = picture().lines().sorted().toList();

    assertThatThrownBy(action).isInstanceOf(VnetException.class).hasNoSuppressedExceptions();

    assertThat(first.stack()).isSameAs(host);
    assertThat(picture().lines().sorted().toList()).isEqualTo(before);
  }

  @Test
  void of_interfaces_given_to_a_jail_all_come_or_none() {
    Jail jail = host.jail("web").create();
    Epair cable = host.epair().names("first", "second").create();

    refusesTheSecond(cable.a(), () -> jail.vnet(cable.a(), cable.b()));

    assertThat(jail.ifconfig()).hasSize(1);
  }

  @Test
  void a_jail_that_cannot_have_all_its_interfaces_is_not_made() {
    Epair cable = host.epair().names("first", "second").create();

    refusesTheSecond(
        cable.a(), () -> host.jail("web").vnet(cable.a(), cable.b()).persist().create());

    assertThat(vnet.jls()).isEmpty();
  }

  @Test
  void a_stack_forwards_both_ip_versions_or_neither() {
    kernel.refuseToForwardIpv6();

    assertThatThrownBy(() -> host.forwarding(true))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("ip6.forwarding")
        .hasNoSuppressedExceptions();

    assertThat(host.forwarding()).isFalse();
  }

  @Test
  void when_ipfw_cannot_be_loaded_its_default_is_as_it_was() {
    assertThatThrownBy(() -> vnet.modules().loadIpfw(Action.Plain.ALLOW))
        .isInstanceOf(Modules.NotFoundException.class);
    assertThat(vnet.kenv().get(DEFAULT)).isEmpty();

    vnet.kenv().set(DEFAULT, "0");
    assertThatThrownBy(() -> vnet.modules().loadIpfw(Action.Plain.ALLOW))
        .isInstanceOf(Modules.NotFoundException.class);
    assertThat(vnet.kenv().get(DEFAULT)).contains("0");
  }

  @Test
  void a_plan_that_is_out_of_date_does_not_undo_what_another_made() {
    Topology two = Topology.named("two").hosts("a", "b").link("a", "b").build();
    Plan late = two.addressed("10.0.0.0/16").plan(vnet);
    two.addressed("10.0.0.0/16").apply(vnet);

    assertThatThrownBy(late::apply).isInstanceOf(Plan.StaleException.class);

    assertThat(vnet.jls()).extracting(JailInfo::name).containsExactly("two", "two.a", "two.b");
  }

  @Test
  void an_undo_that_ends_in_an_error_of_the_machine_does_not_keep_the_others() {
    assertThatThrownBy(
            () -> {
              try (Transaction tx = vnet.transaction()) {
                tx.made(host.jail("web").create());
                tx.onUndo(
                    "bad",
                    () -> {
                      throw new StackOverflowError();
                    });
              }
            })
        .isInstanceOf(Transaction.UndoException.class)
        .hasCauseInstanceOf(StackOverflowError.class);

    assertThat(vnet.jls()).isEmpty();
  }

  @Test
  void a_subscriber_that_leaves_its_thread_interrupted_is_told_and_ends() throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    vnet.events()
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                thread.complete(Thread.currentThread());
                subscription.request(Long.MAX_VALUE);
                Thread.currentThread().interrupt();
              }

              @Override
              public void onNext(JailEvent event) {}

              @Override
              public void onError(Throwable error) {
                end.complete(error);
              }

              @Override
              public void onComplete() {
                end.complete(new AssertionError("completed"));
              }
            });

    assertThat(end.get(10, TimeUnit.SECONDS))
        .isInstanceOf(Vnet.InterruptException.class)
        .hasMessage("interrupted while waiting for events");
    thread.get().join(10_000);
    assertThat(thread.get().isAlive()).isFalse();
  }

  /** A packet source without packets. */
  private static final class Silence implements PacketSource {
    @Override
    public CapturedPacket receive(Duration timeout) {
      assertThat(timeout).isLessThanOrEqualTo(Duration.ofMillis(100));
      return null;
    }

    @Override
    public long drops() {
      return 0;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void an_interrupt_ends_the_wait_for_a_packet_and_stays() {
    Capture capture = StackParts.capture("em0", (filter, snaplen) -> new Silence()).start();
    Thread.currentThread().interrupt();

    assertThatThrownBy(capture::next)
        .isInstanceOf(Vnet.InterruptException.class)
        .hasMessage("interrupted while waiting for packets on em0");

    assertThat(Thread.interrupted()).isTrue();
  }
}
