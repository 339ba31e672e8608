// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Filter;
import org.vnet4j.net.Shaping;

/** Runs the samples of the documentation unchanged and compares their output with the pages. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the pages show what Linux says")
@Timeout(240)
class DocsOutputTest {
  private static final Page README = Page.of("README.md");
  private static final Page WATCHING = Page.of("docs/watching.md");
  private static final Page FLEET = Page.of("docs/fleet.md");

  @TempDir Path temp;
  private Vnet vnet;
  private Jail jail;
  private Epair cable;

  @BeforeEach
  void open() {
    vnet = Sandboxes.open();
  }

  @AfterEach
  void close() {
    if (vnet != null) {
      vnet.close();
    }
  }

  private void joined(String name) {
    jail = vnet.host().jail(name).create();
    cable = vnet.host().epair().vnet(jail).create();
    cable.a().inet("192.0.2.1/24").up();
    cable.b().inet("192.0.2.2/24").up();
  }

  private Sample sample(Page page, String words) {
    return new Sample(page.sample(words)).given("vnet", vnet).given("host", vnet.host());
  }

  private void needs(Capability capability) {
    assumeTrue(vnet.has(capability), () -> vnet.kernelVersion() + " has no " + capability);
  }

  private static void until(BooleanSupplier done) throws InterruptedException {
    for (int i = 0; i < 1000 && !done.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(done.getAsBoolean()).isTrue();
  }

  @Test
  void rules_of_the_readme_are_listed_as_it_shows() throws Exception {
    needs(Capability.IPFW);
    joined("networkjail");
    String said = sample(README, "loadIpfw").given("jail", jail).run(temp);
    assertThat(said).startsWith("ping: sendto: Permission denied");
    // IPv6 sends a packet of its own now and then, which the last rule counts.
    String listed = said.substring(said.indexOf("00100"));
    README.shows(listed.replaceAll("65535 [0-9]+ [0-9]+", "65535 0 0"));
  }

  @Test
  void the_rehearsal_of_the_readme_reports_what_it_shows() {
    needs(Capability.IPFW);
    joined("fw");
    cable.b().vnet(vnet.host());
    cable.a().deleteAddress("192.0.2.1/24").vnet(jail);
    cable.a().inet("192.0.2.2/24").up();
    Sample sample = sample(README, "Rehearsal.of(jail)").given("jail", jail);
    List<String> said = new ArrayList<>();
    // The expectations fail, so the rules are not loaded into the stack.
    Exception refused = assertThrows(Exception.class, () -> said.add(sample.run(temp)));
    String report = refused.getMessage();
    README.shows(report.substring(report.indexOf("3 rules")));
  }

  @Test
  void the_shaping_of_the_page_is_read_as_it_shows() throws Exception {
    needs(Capability.SHAPE_RATE);
    joined("web");
    String shape = WATCHING.sample("iface.shaping()").lines().findFirst().orElseThrow();
    String said =
        new Sample(shape)
            .given("cable", cable)
            .then("System.out.println(cable.a().shaping());")
            .run(temp);
    WATCHING.shows(said);
  }

  @Test
  void what_a_kernel_lacks_is_said_as_the_page_shows() {
    try (Vnet poor = Vnet.builder().without(Capability.SHAPE_LOSS).sandbox()) {
      Exception lack =
          assertThrows(
              Vnet.UnsupportedException.class,
              () -> poor.host().iface("lo").shape(Shaping.NONE.loss(0.01)));
      WATCHING.shows(lack.toString().replace("org.vnet4j.", ""));
    }
  }

  @Test
  void a_name_in_a_filter_is_refused_as_the_page_shows() {
    Exception refused = assertThrows(RuntimeException.class, () -> Filter.parse("tcp port http"));
    WATCHING.shows(refused.getMessage());
  }

  @Test
  void the_events_of_a_cable_are_those_of_the_page() throws Exception {
    jail = vnet.host().jail("web").create();
    Ear<Object> ear = new Ear<>();
    sample(WATCHING, "vnet.events()").given("subscriber", ear).run(temp);
    until(() -> ear.begun.get() == 2);
    cable = vnet.host().epair().create();
    cable.b().vnet(jail);
    cable.b().up();
    until(() -> ear.said().contains("Vanished"));
    cable.a().inet("192.0.2.1/24").up();
    until(() -> ear.said().contains("Up[") && ear.said().contains("fe80"));
    WATCHING.showsInAnyOrder(ear.said());
  }

  @Test
  void rates_are_printed_as_the_page_shows() throws Exception {
    joined("web");
    Ear<Object> ear = new Ear<>();
    sample(WATCHING, "iface.rates").given("iface", cable.a()).given("subscriber", ear).run(temp);
    vnet.host().ping("192.0.2.2").count(2).run();
    until(() -> ear.heard.size() >= 3);
    WATCHING.showsButForNumbers(ear.said().lines().limit(3).reduce("", (a, b) -> a + b + "\n"));
  }

  @Test
  void meters_are_printed_as_the_page_shows() throws Exception {
    joined("web");
    vnet.host().ping("192.0.2.2").count(10).size(1000).run();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    String shown =
        sample(WATCHING, "VnetMetrics.of(vnet)")
            .given("registry", registry)
            .then("System.out.println(((" + SimpleMeterRegistry.class.getName() + ") registry)")
            .then(".getMetersAsString()); metrics.close();")
            .run(temp);
    Stream<String> some =
        shown.lines().filter(line -> line.contains("direction='in', interface='epair0b'"));
    Stream<String> first =
        shown.lines().filter(line -> line.contains("bytes") && line.contains("'out'"));
    List<String> lines =
        Stream.concat(first.filter(line -> line.contains("epair0a")), some.sorted()).toList();
    WATCHING.showsButForNumbers(String.join("\n", lines));
  }

  @Test
  void plans_of_a_part_are_those_of_the_page() throws Exception {
    needs(Capability.VXLAN);
    String page = FLEET.sample("Spread.of(lab)");
    String spread = page.substring(0, page.indexOf("Part part"));
    String plan = "System.out.println(spread.part(\"alpha\").plan(vnet));";
    String first = new Sample(spread).given("vnet", vnet).then(plan).run(temp);
    FLEET.shows(first);
    new Sample(spread)
        .given("vnet", vnet)
        .then("spread.part(\"alpha\").persist(vnet);" + plan)
        .run(temp);
    String moved = spread.replace("\"198.51.100.3\"", "\"198.51.100.4\"");
    FLEET.shows(new Sample(moved).given("vnet", vnet).then(plan).run(temp));
    org.vnet4j.topology.Part.destroy(vnet, "lab");
  }

  /** Subscribes to all events and keeps them as text. */
  private static final class Ear<E> implements Flow.Subscriber<E> {
    final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger begun = new AtomicInteger();

    String said() {
      return String.join("\n", List.copyOf(heard));
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      begun.incrementAndGet();
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(E event) {
      heard.add(event.toString());
    }

    @Override
    public void onError(Throwable error) {
      heard.add(error.toString());
    }

    @Override
    public void onComplete() {}
  }
}
