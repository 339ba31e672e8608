// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.vnet4j.Epair;
import org.vnet4j.NetworkStack;
import org.vnet4j.StackEvent;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Capture;
import org.vnet4j.net.Shaping;
import org.vnet4j.posix.fault.FaultScenarios.Removal;
import org.vnet4j.posix.fault.FaultScenarios.Run;
import org.vnet4j.posix.fault.FaultScenarios.Step;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Topology;

/** The scenarios of events, captures, shaping and whole networks. */
final class NetworkScenarios {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Limit of waits that end earlier unless something is wrong. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final Shaping SLOW = Shaping.bitsPerSecond(8_000_000);

  private NetworkScenarios() {}

  static Map<String, List<Step>> all() {
    Map<String, List<Step>> all = new LinkedHashMap<>();
    all.put("events", events());
    all.put("capture", capture());
    all.put("shaping", shaping());
    all.put("topology", topology());
    return all;
  }

  private static Step step(FaultScenarios.Deed deed) {
    return FaultScenarios.step(deed);
  }

  private static List<Step> events() {
    return List.of(
        step(
            run -> {
              Ear ear = new Ear();
              run.vnet.host().events().subscribe(ear);
              run.keep("ear", ear);
            }),
        step(run -> run.cable(run.vnet.host(), "left", "right")),
        step(run -> run.get("ear", Ear.class).hears("left")),
        step(run -> run.end("left").destroy()),
        step(run -> run.get("ear", Ear.class).stop()));
  }

  /** Waits for an event, or for the error in its place; after an error there are no more events. */
  private static final class Ear implements Flow.Subscriber<StackEvent> {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private volatile Flow.Subscription subscription;
    private boolean failed;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(StackEvent event) {
      heard.add(event);
    }

    @Override
    public void onError(Throwable error) {
      heard.add(error);
    }

    @Override
    public void onComplete() {
      heard.add("the end");
    }

    void hears(String name) throws IOException {
      while (!failed) {
        Object next;
        try {
          next = heard.poll(LONG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        if (next instanceof VnetException e) {
          failed = true;
          throw e;
        }
        if (next == null) {
          throw new IllegalStateException("nothing was told of " + name);
        }
        if (next.toString().contains(name)) {
          return;
        }
      }
    }

    void stop() {
      subscription.cancel();
    }
  }

  private static List<Step> capture() {
    return List.of(
        step(run -> run.vnet.host().iface("lo").inet("127.0.0.1/8").up()),
        step(
            run ->
                run.keep(
                    "capture",
                    run.vnet.host().iface("lo").capture().snaplen(100).duration(LONG).start())),
        step(NetworkScenarios::ping),
        run -> run.get("capture", Capture.class).next() != null,
        run -> run.get("capture", Capture.class).drops(),
        step(run -> run.get("capture", Capture.class).close()));
  }

  /** Sends a packet, and repeats that if there was no room for it. */
  private static void ping(Run run) {
    for (int i = 0; i < 5; i++) {
      if (run.vnet.host().ping("127.0.0.1").count(1).timeout(PATIENCE).run().received() == 1) {
        return;
      }
    }
    throw new IllegalStateException("127.0.0.1 does not answer");
  }

  private static List<Step> shaping() {
    return List.of(
        step(
            run -> {
              Epair cable = run.vnet.host().epair().names("left", "right").create();
              run.keep("cable", cable);
              run.keep("left", cable.a());
            }),
        step(run -> run.end("left").shape(Shaping.bitsPerSecond(1_000_000))),
        step(run -> run.get("cable", Epair.class).shape(SLOW)),
        run -> run.end("left").shaping().toString(),
        step(run -> run.end("left").unshape()),
        step(run -> run.get("cable", Epair.class).shape(Shaping.NONE)));
  }

  static String shaping(NetworkStack stack) {
    return stack.interfaces().stream()
        .map(one -> one.name() + " " + one.shaping())
        .sorted()
        .collect(Collectors.joining("\n  ", "  ", "\n"));
  }

  private static List<Step> topology() {
    Topology small = complete(Topology.named("net").hosts("a").routers("r").link("a", "r"));
    Topology larger =
        complete(
            Topology.named("net")
                .hosts("a", "b")
                .routers("r")
                .switches("s")
                .link(Link.between("a", "r").mtu(1400))
                .link("r", "s")
                .link("b", "s"));
    return List.of(
        step(run -> small.apply(run.vnet)),
        step(run -> run.keep("net", run.vnet.findJail("net").orElseThrow())),
        step(run -> larger.apply(run.vnet)),
        run -> larger.plan(run.vnet).isEmpty(),
        new Removal("net"));
  }

  private static Topology complete(Topology.Builder builder) {
    return builder.build().addressed("10.0.0.0/16").routed();
  }
}
