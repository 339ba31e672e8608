// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package example;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.micrometer.VnetMetrics;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/** Two jails in a jail, a network, and meters; in a sandbox, or with "open" on the machine. */
public final class Office {
  private Office() {}

  private static String name() {
    return "office" + ProcessHandle.current().pid();
  }

  public static void main(String[] args) {
    boolean open = List.of(args).contains("open");
    try (Vnet vnet = open ? Vnet.open() : Vnet.sandbox();
        Jail outer = vnet.host().jail(name()).childrenMax(1).create()) {
      // All of it is in the outer jail: the machine's own stack stays as it was.
      Epair cable = outer.epair().create();
      Jail inner = outer.jail("inner").vnet(cable.b()).create();
      cable.a().inet("192.0.2.1/24").up();
      cable.b().inet("192.0.2.2/24").up();
      System.out.println(outer.ping("192.0.2.2").count(2).run());
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      try (VnetMetrics meters = VnetMetrics.of(inner)) {
        meters.bindTo(registry);
        System.out.println(registry.getMeters().size() + " meters");
      }
    }
    Topology lab =
        Topology.named("lab").hosts("web", "db").link("web", "db").build().addressed("10.0.0.0/16");
    try (Vnet vnet = Vnet.sandbox();
        Network network = lab.apply(vnet)) {
      System.out.println("all reach all: " + network.pingAll().isComplete());
    }
  }
}
