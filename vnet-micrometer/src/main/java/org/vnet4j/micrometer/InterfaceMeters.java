// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.VnetException;
import org.vnet4j.net.InterfaceCounters;

/** Registers and removes the meters of interfaces in one registry. */
final class InterfaceMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<Place, List<Meter>> meters = new HashMap<>();

  InterfaceMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
  }

  /**
   * An interface in a stack. The same interface in another stack, or another interface of its name,
   * is a different place.
   */
  record Place(NetworkStack stack, NetInterface iface, String name) {}

  /**
   * Registers meters for these places and removes all others. Removes first, since a new interface
   * may have the name of an old one.
   */
  void show(Set<Place> places) {
    meters
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !places.contains(entry.getKey());
              if (gone) {
                entry.getValue().forEach(registry::remove);
              }
              return gone;
            });
    for (Place place : places) {
      if (!meters.containsKey(place)) {
        try {
          meters.put(place, register(place));
        } catch (VnetException e) {
          continue; // the interface was destroyed after the scan
        }
      }
    }
  }

  private List<Meter> register(Place place) {
    Reading reading = new Reading(place.stack(), place.iface(), registry.config().clock());
    Tags all = tags.and("jail", place.stack().name(), "interface", place.name());
    Tags in = all.and("direction", "in");
    Tags out = all.and("direction", "out");
    return Stream.of(
            counter(reading, "bytes", in, InterfaceCounters::bytesIn),
            counter(reading, "bytes", out, InterfaceCounters::bytesOut),
            counter(reading, "packets", in, InterfaceCounters::packetsIn),
            counter(reading, "packets", out, InterfaceCounters::packetsOut),
            counter(reading, "errors", in, InterfaceCounters::errorsIn),
            counter(reading, "errors", out, InterfaceCounters::errorsOut),
            counter(reading, "drops", in, InterfaceCounters::dropsIn),
            counter(reading, "drops", out, InterfaceCounters::dropsOut))
        .<Meter>map(counter -> counter.register(registry))
        .toList();
  }

  /** The function refers to the reading, which the registry holds only weakly. */
  private static FunctionCounter.Builder<Reading> counter(
      Reading reading, String what, Tags tags, ToLongFunction<InterfaceCounters> value) {
    return FunctionCounter.builder(
            "vnet.interface." + what, reading, weak -> value.applyAsLong(reading.counters()))
        .tags(tags)
        .baseUnit(what.equals("bytes") ? "bytes" : "packets")
        .description("What an interface counted");
  }
}
