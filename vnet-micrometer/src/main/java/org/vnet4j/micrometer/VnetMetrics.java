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
 * Meters of the interfaces of stacks: counters {@code vnet.interface.bytes}, {@code .packets},
 * {@code .errors} and {@code .drops}, tagged {@code jail} (its full name, or the host's), {@code
 * interface} and {@code direction} ({@code in} or {@code out}).
 *
 * <p>The kernel is asked when a meter is read, at most once a second for all meters of an
 * interface. A counter never goes back, also when the kernel's does. A daemon thread looks every 5
 * seconds for interfaces and jails that came or went; meters of those that went are removed. An
 * interface that moves goes on as another meter. All meters go with {@link #close()}, and when the
 * {@link Vnet} is closed.
 *
 * <p>Usable from any thread.
 */
public final class VnetMetrics implements MeterBinder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VnetMetrics.class);

  private final Supplier<Set<Place>> places;
  private final List<InterfaceMeters> bound = new ArrayList<>();
  private Tags tags = Tags.empty();
  private Duration every = Duration.ofSeconds(5);
  private boolean closed;
  private @Nullable Thread watcher;

  private VnetMetrics(Supplier<Set<Place>> places) {
    this.places = places;
  }

  /**
   * Makes meters of the host and all jails, those of other programs too.
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
              continue; // it has no interfaces any more
            }
          }
          return all;
        });
  }

  /**
   * Makes meters of one stack.
   *
   * @param stack the host or a jail; when it is gone, so are they
   * @return meters to be bound
   */
  public static VnetMetrics of(NetworkStack stack) {
    return new VnetMetrics(() -> places(stack));
  }

  private static Set<Place> places(NetworkStack stack) {
    Set<Place> places = new LinkedHashSet<>();
    for (NetInterface iface : stack.interfaces()) {
      try {
        places.add(new Place(stack, iface, iface.name()));
      } catch (NetInterface.NotFoundException e) {
        continue; // it went meanwhile
      }
    }
    return places;
  }

  /**
   * Adds tags to all meters of registries that are bound later.
   *
   * @param more what each meter has beside its own tags
   * @return this
   */
  public synchronized VnetMetrics tags(Iterable<Tag> more) {
    tags = tags.and(more);
    return this;
  }

  /**
   * Sets how often to look for interfaces and jails that came or went; 5 s without it.
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
   * Registers meters for each interface that is there now, and from now on for those that come.
   *
   * @param registry one of several, or the only one
   * @throws IllegalStateException if this was closed
   * @throws Vnet.ClosedException if the {@link Vnet} was closed
   * @throws Jail.NotFoundException if this is of one jail, and it is gone
   * @throws VnetException if the kernel cannot be asked
   */
  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    if (closed) {
      throw new IllegalStateException("these meters were closed; make others");
    }
    InterfaceMeters meters = new InterfaceMeters(registry, tags);
    meters.show(places.get());
    bound.add(meters);
    if (watcher == null) {
      Thread thread = new Thread(this::watch, "vnet4j meters");
      thread.setDaemon(true);
      thread.start();
      watcher = thread;
    }
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
      close(); // nothing to look at any more
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

  /** Removes all meters that were registered. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    bound.forEach(meters -> meters.show(Set.of()));
    bound.clear();
  }
}
