// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;

/** Tests the meters with interfaces of a real kernel. */
class VnetMetricsTest {
  private static final Duration OFTEN = Duration.ofMillis(20);

  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private Vnet vnet;
  private Host host;

  @BeforeEach
  void open_a_sandbox() {
    try {
      vnet = Vnet.sandbox();
      host = vnet.host();
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      abort(e.getMessage());
    }
  }

  @AfterEach
  void close_it() throws InterruptedException {
    if (vnet != null) {
      vnet.close();
      eventually(() -> registry.getMeters().isEmpty());
    }
  }

  @Test
  void what_goes_by_is_counted() throws Exception {
    Jail web = host.jail("web").create();
    Epair cable = host.epair().vnet(web).create();
    cable.a().inet("192.0.2.1/24").up();
    cable.b().inet("192.0.2.2/24").up();
    eventually( // the link is ready some time after it is set up
        () -> host.ping("192.0.2.2").count(1).timeout(Duration.ofMillis(500)).run().isAnswered());
    VnetMetrics metrics = VnetMetrics.of(vnet);
    metrics.tags(Tags.of("lab", "one")).every(OFTEN).bindTo(registry);
    long earlier = cable.a().counters().bytesOut();
    double before = count("bytes", "host", cable.a().name(), "out");

    assertThat(host.ping("192.0.2.2").count(3).size(1000).run().received()).isEqualTo(3);

    assertThat(count("bytes", "host", cable.a().name(), "out"))
        .as("less than a second old")
        .isEqualTo(before);
    clock.add(Duration.ofSeconds(1));
    double counted = count("bytes", "host", cable.a().name(), "out") - before;
    assertThat(counted)
        .isBetween(3000.0, (double) (cable.a().counters().bytesOut() - earlier)); // the kernel's
    assertThat(count("packets", "web", cable.b().name(), "in")).isGreaterThanOrEqualTo(3);
    assertThat(count("errors", "web", cable.b().name(), "in")).isZero();
    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getTag("lab"))
        .containsOnly("one");
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
    assertThatThrownBy(() -> metrics.bindTo(registry)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void without_a_thread_nothing_is_registered_and_it_may_be_tried_again() {
    AtomicBoolean full = new AtomicBoolean(true);
    VnetMetrics metrics =
        new VnetMetrics(
            () -> VnetMetrics.places(host),
            work -> {
              if (full.get()) {
                throw new Vnet.NoThreadException("meters", new OutOfMemoryError());
              }
              Thread thread = new Thread(work, "meters");
              thread.setDaemon(true);
              thread.start();
              return thread;
            });

    assertThatThrownBy(() -> metrics.bindTo(registry)).isInstanceOf(Vnet.NoThreadException.class);
    assertThat(registry.getMeters()).isEmpty();

    full.set(false);
    metrics.bindTo(registry);
    assertThat(registry.getMeters()).isNotEmpty();
  }

  @Test
  void meters_come_and_go_with_jails_and_interfaces() throws Exception {
    try (VnetMetrics metrics = VnetMetrics.of(vnet).every(OFTEN)) {
      metrics.bindTo(registry);
      Set<String> alone = Set.copyOf(interfaces());

      Jail web = host.jail("web").create();
      Epair cable = host.epair().names("left", "right").vnet(web).create();
      eventually(() -> interfaces().containsAll(Set.of("host left", "web right")));

      cable.b().reclaim();
      eventually(() -> interfaces().contains("host right") && !interfaces().contains("web right"));
      cable.a().rename("renamed");
      eventually(
          () -> interfaces().contains("host renamed") && !interfaces().contains("host left"));

      cable.destroy();
      web.remove();
      eventually(() -> interfaces().equals(alone));
    }
  }

  @Test
  void meters_of_one_jail_go_with_it() throws Exception {
    Jail web = host.jail("web").create();
    VnetMetrics metrics = VnetMetrics.of(web).every(OFTEN);
    metrics.bindTo(registry);
    assertThat(interfaces()).allMatch(name -> name.startsWith("web ")).isNotEmpty();

    web.remove();

    eventually(() -> registry.getMeters().isEmpty());
    assertThatThrownBy(() -> VnetMetrics.of(web).bindTo(registry))
        .isInstanceOf(Jail.NotFoundException.class);
  }

  @Test
  void a_counter_does_not_go_back_when_another_program_makes_an_interface_anew() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/sbin/ip")) || Files.isExecutable(Path.of("/usr/sbin/ip")),
        "ip(8) is not here");
    String remake = "ip link del left && ip link add left type veth peer name right";
    Epair cable = host.epair().names("left", "right").create();
    cable.a().inet6("2001:db8::1/64").up();
    cable.b().up();
    eventually(() -> cable.a().counters().bytesOut() > 0);
    VnetMetrics metrics = VnetMetrics.of(vnet).every(Duration.ofHours(1)); // it scans only once
    metrics.bindTo(registry);
    clock.add(Duration.ofSeconds(1));
    double before = count("bytes", "host", "left", "out");
    assertThat(before).isPositive();

    host.exec("sh", "-c", remake).run(Duration.ofSeconds(10));

    assertThat(host.iface("left").counters().bytesOut()).isZero();
    clock.add(Duration.ofSeconds(1));
    assertThat(count("bytes", "host", "left", "out")).isGreaterThanOrEqualTo(before);
    metrics.close();
  }

  @Test
  void a_time_that_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> VnetMetrics.of(vnet).every(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }

  private double count(String what, String jail, String iface, String direction) {
    return registry
        .get("vnet.interface." + what)
        .tags("jail", jail, "interface", iface, "direction", direction)
        .functionCounter()
        .count();
  }

  private Set<String> interfaces() {
    Set<String> names = new TreeSet<>();
    for (Meter meter : registry.getMeters()) {
      names.add(meter.getId().getTag("jail") + " " + meter.getId().getTag("interface"));
    }
    return names;
  }

  private static void eventually(BooleanSupplier what) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!what.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not happen in 10 s").isLessThan(deadline);
      Thread.sleep(10);
    }
  }
}
