// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Cidr;
import org.vnet4j.spi.EventSink;
import org.vnet4j.spi.StackDriver;

/**
 * The last reported state of a stack. Notifications of the kernel, and repeated scans, become
 * events where they differ from it. An overflow loses only changes that were undone in between.
 */
final class StackState implements EventSink {
  private final StackDriver driver;
  private final Map<Integer, Known> interfaces = new LinkedHashMap<>();
  private final Set<Route> routes = new HashSet<>();
  private Consumer<StackEvent> out = event -> {};
  private boolean allUncertain = true;
  private boolean addressesUncertain;
  private boolean routesUncertain;

  /** Reads the current state of the stack without reporting events. */
  StackState(StackDriver driver) {
    this.driver = driver;
    settle();
  }

  void tellTo(Consumer<StackEvent> consumer) {
    out = consumer;
  }

  @Override
  public @Nullable String name(int index) {
    Known known = interfaces.get(index);
    return known == null ? null : known.name;
  }

  @Override
  public boolean isUp(int index) {
    Known known = interfaces.get(index);
    return known != null && known.up;
  }

  @Override
  public void link(int index, @Nullable String name, boolean up) {
    Known known = interfaces.get(index);
    if (known == null) {
      if (name == null) {
        return; // the interface has left the stack meanwhile
      }
      known = new Known(name);
      interfaces.put(index, known);
      out.accept(new StackEvent.Appeared(name));
    } else if (name != null && !name.equals(known.name)) {
      out.accept(new StackEvent.Renamed(known.name, name));
      known.name = name;
      routesUncertain = true;
    }
    if (known.up != up) {
      known.up = up;
      out.accept(up ? new StackEvent.Up(known.name) : new StackEvent.Down(known.name));
      routesUncertain |=
          !up; // Linux removes the routes of an interface that is brought down, without
      // notification
    }
  }

  @Override
  public void gone(int index) {
    Known known = interfaces.remove(index);
    if (known != null) {
      known.addresses.forEach(
          address -> out.accept(new StackEvent.AddressRemoved(known.name, address)));
      out.accept(new StackEvent.Vanished(known.name));
      routesUncertain = true;
    }
  }

  @Override
  public void address(int index, Cidr address, boolean there) {
    Known known = interfaces.get(index);
    if (known != null && there && known.addresses.add(address)) {
      out.accept(new StackEvent.AddressAdded(known.name, address));
    } else if (known != null && !there && known.addresses.remove(address)) {
      out.accept(new StackEvent.AddressRemoved(known.name, address));
      routesUncertain = true;
    }
  }

  @Override
  public void route(Route route, boolean there) {
    if (there && routes.add(route)) {
      out.accept(new StackEvent.RouteAdded(route));
    } else if (!there && routes.remove(route)) {
      out.accept(new StackEvent.RouteRemoved(route));
    }
  }

  @Override
  public void routesChanged() {
    routesUncertain = true;
  }

  @Override
  public void addressesChanged() {
    addressesUncertain = true;
    routesUncertain = true;
  }

  @Override
  public void missed() {
    out.accept(new StackEvent.Missed());
    allUncertain = true;
  }

  /**
   * Reads the uncertain parts again and reports the differences. Routes are read before interfaces
   * and reported after them, so that no event is reported before its cause: what removes a route
   * between the two reads is seen first, and makes the routes uncertain once more.
   */
  void settle() {
    while (allUncertain || addressesUncertain || routesUncertain) {
      boolean scanInterfaces = allUncertain || addressesUncertain;
      allUncertain = false;
      addressesUncertain = false;
      routesUncertain = false;
      List<Route> now = driver.routes().list();
      if (scanInterfaces) {
        interfaces(driver.interfaces().list());
      }
      Set<Route> old = new HashSet<>(routes);
      now.forEach(old::remove);
      old.forEach(route -> route(route, false));
      now.forEach(route -> route(route, true));
    }
  }

  private void interfaces(List<InterfaceInfo> now) {
    Map<Integer, InterfaceInfo> byIndex = new HashMap<>();
    now.forEach(info -> byIndex.put(info.index(), info));
    for (Integer index : List.copyOf(interfaces.keySet())) {
      if (!byIndex.containsKey(index)) {
        gone(index);
      }
    }
    for (InterfaceInfo info : now) {
      link(info.index(), info.name(), info.isUp());
      Set<Cidr> had = Set.copyOf(Objects.requireNonNull(interfaces.get(info.index())).addresses);
      had.stream()
          .filter(address -> !info.addresses().contains(address))
          .forEach(address -> address(info.index(), address, false));
      info.addresses().forEach(address -> address(info.index(), address, true));
    }
  }

  private static final class Known {
    final Set<Cidr> addresses = new HashSet<>();
    String name;
    boolean up;

    Known(String name) {
      this.name = name;
    }
  }
}
