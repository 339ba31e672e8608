// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.micrometer.InterfaceMeters.Place;

/**
 * Meters for the interfaces of stacks: counters {@code vnet.interface.bytes}, {@code .packets},
 * {@code .errors} and {@code .drops}, tagged {@code jail} (its full name, or the host's), {@code
 * interface} and {@code direction} ({@code in} or {@code out}).
 *
 * <p>Reading a meter reads the kernel's counters, at most once a second for all meters of an
 * interface. A counter never decreases, even if the kernel's does. A daemon thread scans every 5
 * seconds for new and removed interfaces and jails, and removes the meters of those that no longer
 * exist. An interface that moves to another stack continues as another meter. {@link #close()}
 * removes all meters, and so does closing the {@link Vnet}.
 *
 * <p>Usable from any thread.
 */
public final class VnetMetrics implements MeterBinder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VnetMetrics.class);

  private final Supplier<Set<Place>> places;
  private final Function<Runnable, Thread> threads;
  private final List<InterfaceMeters> bound = new ArrayList<>();
  private Tags tags = Tags.empty();
  private Duration every = Duration.ofSeconds(5);
  private boolean closed;
  private @Nullable Thread watcher;

  private VnetMetrics(Supplier<Set<Place>> places) {
    this(places, VnetMetrics::start);
  }

  /**
   * Creates meters whose scans run in a thread of the caller's choice.
   *
   * @param threads starts a thread, or throws {@link Vnet.NoThreadException}
   */
  VnetMetrics(Supplier<Set<Place>> places, Function<Runnable, Thread> threads) {
    this.places = places;
    this.threads = threads;
  }

  /**
   * Creates meters for the host and all jails, including those of other programs.
   *
   * @param vnet the stacks
   * @return meters to be bound
   */
  public static VnetMetrics of(Vnet vnet) {
    return new VnetMetrics(
        () -> {
          Set<Place> all = new LinkedHashSet<>(places(vnet.host()));
          for (Jail jail : vnet.jails()) {
            try {
              all.addAll(places(jail));
            } catch (Jail.NotFoundException e) {
              continue; // a removed jail has no interfaces
            }
          }
          return all;
        });
  }

  /**
   * Creates meters for one stack.
   *
   * @param stack the host or a jail; when the jail is removed, so are its meters
   * @return meters to be bound
   */
  public static VnetMetrics of(NetworkStack stack) {
    return new VnetMetrics(() -> places(stack));
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "vnet4j meters");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // pthread_create(3) returned EAGAIN
      throw new Vnet.NoThreadException(thread.getName(), e);
    }
    return thread;
  }

  static Set<Place> places(NetworkStack stack) {
    Set<Place> places = new LinkedHashSet<>();
    for (NetInterface iface : stack.interfaces()) {
      try {
        places.add(new Place(stack, iface, iface.name()));
      } catch (NetInterface.NotFoundException e) {
        continue; // destroyed since the list was read
      }
    }
    return places;
  }

  /**
   * Adds tags to all meters of registries that are bound later.
   *
   * @param more tags added to each meter's own
   * @return this
   */
  public synchronized VnetMetrics tags(Iterable<Tag> more) {
    tags = tags.and(more);
    return this;
  }

  /**
   * Sets the interval of the scans for new and removed interfaces and jails; 5 s by default.
   *
   * @param time 10 milliseconds to 1 hour
   * @return this
   */
  public synchronized VnetMetrics every(Duration time) {
    if (time.compareTo(Duration.ofMillis(10)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("look every " + time + ": not in 10 ms..1 h");
    }
    every = time;
    notifyAll();
    return this;
  }

  /**
   * Registers meters for each existing interface, and from now on for new ones.
   *
   * @param registry one of several, or the only one
   * @throws IllegalStateException if this was closed
   * @throws Vnet.ClosedException if the {@link Vnet} was closed
   * @throws Jail.NotFoundException if these are the meters of one jail, and it was removed
   * @throws Vnet.NoThreadException if the system cannot create another thread (EAGAIN); no meter
   *     was registered
   * @throws VnetException if the kernel's counters cannot be read
   */
  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    if (closed) {
      throw new IllegalStateException("these meters were closed; make others");
    }
    Set<Place> now = places.get();
    if (watcher == null) {
      watcher = threads.apply(this::watch); // it waits until this method returns
    }
    InterfaceMeters meters = new InterfaceMeters(registry, tags);
    meters.show(now);
    bound.add(meters);
  }

  private synchronized void watch() {
    try {
      while (!closed) {
        wait(every.toMillis());
        if (!closed) {
          look();
        }
      }
    } catch (Vnet.ClosedException | Jail.NotFoundException | InterruptedException e) {
      close(); // nothing is left to scan
    }
  }

  private void look() {
    Set<Place> now;
    try {
      now = places.get();
    } catch (Vnet.ClosedException | Jail.NotFoundException e) {
      throw e;
    } catch (VnetException e) {
      LOG.warn("meters of interfaces stay as they were: {}", e.getMessage());
      return;
    }
    bound.forEach(meters -> meters.show(now));
  }

  /** Removes all registered meters. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    bound.forEach(meters -> meters.show(Set.of()));
    bound.clear();
  }
}
