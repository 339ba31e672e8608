// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.vnet4j.Vnet;
import org.vnet4j.picture.Picture;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/**
 * The sandbox of one test, with a network in it if the test has a topology. JUnit's store closes
 * it: before 5.13 as a {@link ExtensionContext.Store.CloseableResource}, since then as an {@link
 * AutoCloseable}.
 */
final class Laboratory implements ExtensionContext.Store.CloseableResource, AutoCloseable {
  private final Vnet vnet;
  private @Nullable Network network;
  private List<Recorder> recorders = List.of();

  Laboratory(Vnet vnet) {
    this.vnet = vnet;
  }

  void apply(Topology topology, boolean capture) {
    network = topology.apply(vnet);
    if (capture) {
      recorders = Recorder.all(network);
    }
  }

  Vnet vnet() {
    return vnet;
  }

  Optional<Network> network() {
    return Optional.ofNullable(network);
  }

  List<Recorder> recorders() {
    return recorders;
  }

  /** Draws the network with its counters; without a network, draws the whole sandbox. */
  Picture picture() {
    return network == null ? Picture.of(vnet) : network.pictureWithCounters();
  }

  @Override
  public void close() {
    recorders.forEach(Recorder::close);
    vnet.close();
  }
}
