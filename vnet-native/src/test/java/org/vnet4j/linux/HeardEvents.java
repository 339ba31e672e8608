// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.spi.EventSink;

/** Records the events that it receives. */
final class HeardEvents implements EventSink {
  private final List<String> events = new ArrayList<>();

  List<String> events() {
    return events;
  }

  @Override
  public @Nullable String name(int index) {
    return index == 1 ? "lo" : null;
  }

  @Override
  public boolean isUp(int index) {
    return index == 1;
  }

  @Override
  public void link(int index, @Nullable String name, boolean up) {
    events.add(index + " " + name + " " + up);
  }

  @Override
  public void gone(int index) {
    events.add(index + " gone");
  }

  @Override
  public void address(int index, Cidr address, boolean there) {
    events.add(index + " " + Cidr.parse(address.toString()) + " " + there);
  }

  @Override
  public void route(Route route, boolean there) {
    events.add(route + " " + there);
  }

  @Override
  public void routesChanged() {
    events.add("routes");
  }

  @Override
  public void addressesChanged() {
    events.add("addresses");
  }

  @Override
  public void missed() {
    events.add("missed");
  }
}
