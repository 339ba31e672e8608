// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import org.vnet4j.Vnet;
import org.vnet4j.benchmarks.LibraryOperations.Work;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Reachability;
import org.vnet4j.topology.Topology;

/** A star built as a topology, in which each jail pings all others. */
final class AllPairs implements Work {
  private final Vnet vnet = Vnet.sandbox();
  private final int size;
  private final Network network;
  private long repeated;

  AllPairs(int size) {
    this.size = size;
    Topology.Builder star = Topology.named("pairs").switches("hub");
    for (int i = 0; i < size; i++) {
      String name = "jail" + i;
      String address = Star.address(i) + "/16";
      star.hosts(name).link(Link.between("hub", name).b(end -> end.address(address)));
    }
    network = star.build().apply(vnet);
  }

  @Override
  public long run(String name, int times) {
    repeated = 0;
    for (int i = 0; i < times; i++) {
      Reachability reached = network.pingAll();
      if (!reached.isComplete() || reached.pairs() != size * (size - 1)) {
        throw new IllegalStateException(reached.toString());
      }
      repeated +=
          reached.results().values().stream()
              .flatMap(some -> some.values().stream())
              .mapToLong(one -> one.sent() - one.received())
              .sum();
    }
    return 0;
  }

  @Override
  public long retries(String name, int times) {
    return repeated;
  }

  @Override
  public void close() {
    vnet.close();
  }
}
