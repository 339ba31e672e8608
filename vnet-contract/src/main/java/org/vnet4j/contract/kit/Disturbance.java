// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnet4j.firewall.Rules.allow;
import static org.vnet4j.firewall.Rules.any;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Routes;
import org.vnet4j.StackEvent;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Capture;
import org.vnet4j.firewall.Ipfw;

/**
 * One thread makes and removes a jail, to which a cable is lent; all others work in that jail, and
 * learn of its end by errors only.
 */
public final class Disturbance {
  /** The errors that the loser of a race may get; any other is a defect. */
  private static final Set<Class<? extends VnetException>> ALLOWED =
      Set.of(
          Jail.NotFoundException.class, // the jail was removed
          Jail.NameTakenException.class, // another thread created that child
          NetInterface.NotFoundException
              .class, // the interface was removed with the jail, or returned home
          NetInterface.AddressNotFoundException.class, // the interface lost its addresses in a move
          NetInterface.BusyException.class, // the interface is there already
          NetInterface.NameTakenException.class, // another thread's interface has that name
          Routes.ExistsException.class, // another thread added that route
          Routes.NotFoundException.class, // another thread deleted it
          Routes.UnreachableException
              .class, // the interface in the gateway's network no longer exists
          Ipfw.RuleNotFoundException.class); // another thread deleted that rule

  private final Vnet vnet;
  private final Vnet remover;
  private final boolean programs;
  private final Map<String, AtomicInteger> told = new ConcurrentHashMap<>();
  private final Set<String> unexpected = ConcurrentHashMap.newKeySet();
  private final AtomicInteger done = new AtomicInteger();
  private volatile Jail target;
  private volatile Epair cable;
  private Runnable afterRemoval = () -> {};
  private int removals;
  private Duration longest = Duration.ZERO;

  /**
   * Prepares a disturbance.
   *
   * @param vnet creates the jail and works in it
   * @param remover removes the jail
   * @param programs whether programs and sockets work
   */
  public Disturbance(Vnet vnet, Vnet remover, boolean programs) {
    this.vnet = vnet;
    this.remover = remover;
    this.programs = programs;
  }

  /**
   * Sets a check to be made after each removal.
   *
   * @param check throws if something is wrong
   * @return this
   */
  public Disturbance afterRemoval(Runnable check) {
    afterRemoval = check;
    return this;
  }

  /**
   * Disturbs for a while, and asserts that only allowed errors occurred.
   *
   * @param threads how many, one of which makes and removes
   * @param seed of their choices
   * @throws Exception what a thread threw
   */
  public void run(int threads, long seed) throws Exception {
    cable = vnet.host().epair().create();
    target = make();
    long end = System.nanoTime() + ParallelThreads.RACE;
    ParallelThreads.work(
        threads,
        ParallelThreads.RACE,
        number ->
            () -> {
              Random random = new Random(seed + number);
              while (System.nanoTime() < end) {
                if (number == 0) {
                  removeAndMakeAgain(random);
                } else {
                  disturb(random);
                }
              }
              return null;
            });
    target.close();
    assertThat(cable.b().exists()).isTrue();
    cable.destroy();
    assertThat(unexpected).isEmpty();
  }

  private Jail make() {
    return vnet.host().jail("target").childrenMax(3).vnet(cable.b()).create();
  }

  private void removeAndMakeAgain(Random random) throws InterruptedException {
    Thread.sleep(random.nextInt(15));
    long start = System.nanoTime();
    remover.findJail(target.jid()).orElseThrow().remove();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    longest = took.compareTo(longest) > 0 ? took : longest;
    removals++;
    afterRemoval.run();
    assertThat(vnet.host().iface(cable.b().name()).exists()).as("at home").isTrue();
    if (remover != vnet) { // the handles of this Vnet do not follow the removal
      cable.destroy();
      cable = vnet.host().epair().create();
    }
    target = make();
  }

  private void disturb(Random random) {
    Jail jail = target;
    try {
      step(random, jail, cable.b());
      done.incrementAndGet();
    } catch (VnetException e) {
      told.computeIfAbsent(name(e), key -> new AtomicInteger()).incrementAndGet();
      if (!ALLOWED.contains(e.getClass())) {
        unexpected.add(e.toString());
      }
    } catch (InterruptedException | RuntimeException e) {
      unexpected.add(e + " at " + e.getStackTrace()[0]);
    }
  }

  private static String name(VnetException e) {
    return e.getClass().getName().replaceAll(".*\\.", "").replace('$', '.');
  }

  private void step(Random random, Jail jail, NetInterface end) throws InterruptedException {
    switch (random.nextInt(programs ? 12 : 9)) {
      case 0 -> end.inet("192.0.2.1/24").up().mtu(1400).description("disturbed");
      case 1 -> end.inet("192.0.2.1/24").deleteAddress("192.0.2.1/24");
      case 2 -> jail.routes().add("198.51.100.0/24", "192.0.2.9").delete("198.51.100.0/24");
      case 3 -> {
        if (vnet.has(Capability.IPFW)) {
          jail.ipfw().add(100, allow().ip().from(any()).to(any()));
          jail.ipfw().list();
          jail.ipfw().delete(100);
        }
      }
      case 4 -> jail.events().subscribe(new Listener());
      case 5 -> {
        jail.epair().create().a().up();
        jail.bridge().create();
      }
      case 6 -> jail.jail("in").create().ifconfig();
      case 7 -> jail.hostname("disturbed").info();
      case 8 -> {
        if (vnet.has(Capability.FORWARDING)) {
          jail.forwarding(true);
        }
        jail.ifconfig();
        jail.children();
      }
      case 9 -> jail.ping("127.0.0.1").count(1).timeout(Duration.ofMillis(20)).run();
      case 10 -> {
        Process process = jail.exec("true").start();
        process.waitFor();
      }
      default -> {
        try (Capture capture = loopback(jail).capture().duration(Duration.ofMillis(5)).start()) {
          while (capture.next() != null) {
            done.incrementAndGet();
          }
        } catch (Vnet.UnsupportedException e) {
          assertThat(e).hasMessageContaining("capture");
        }
      }
    }
  }

  private static NetInterface loopback(Jail jail) {
    return jail.interfaces().stream()
        .filter(one -> one.name().startsWith("lo"))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Describes the run.
   *
   * @return the number of removals, of the steps done, and of the errors of each kind
   */
  @Override
  public String toString() {
    return removals
        + " removals in "
        + longest.toMillis()
        + " ms at most, "
        + done
        + " steps done, told: "
        + new TreeMap<>(told);
  }

  /** Counts the events of a jail; its subscription ends when the jail is removed. */
  private final class Listener implements Flow.Subscriber<StackEvent> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(StackEvent event) {
      done.incrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
      unexpected.add("events: " + error);
    }

    @Override
    public void onComplete() {
      done.incrementAndGet();
    }
  }
}
