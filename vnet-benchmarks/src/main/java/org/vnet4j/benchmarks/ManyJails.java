// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.benchmarks.LibraryOperations.Work;

/** Many jails, 500 at each bridge: a bridge of Linux takes 1,023. */
final class ManyJails implements Work {
  private static final int MEMBERS = 500;

  private final int size;
  private Vnet vnet = Vnet.sandbox();

  ManyJails(int size) {
    this.size = size;
  }

  @Override
  public void prepare() {
    vnet.close();
    vnet = Vnet.sandbox();
  }

  @Override
  public long run(String name, int times) {
    Jail hub = vnet.host().jail("hub").childrenMax(size).create();
    List<Epair> cables = new ArrayList<>();
    Bridge bridge = hub.bridge().create();
    bridge.up();
    for (int i = 0; i < size; i++) {
      if (i > 0 && i % MEMBERS == 0) {
        bridge = hub.bridge().create();
        bridge.up();
      }
      Jail jail = hub.jail("jail" + i).create();
      Epair cable = hub.epair().vnet(jail).create();
      cable.b().inet(Star.address(i) + "/16").upWithoutWaiting();
      bridge.add(cable.a());
      cables.add(cable);
    }
    cables.forEach(cable -> cable.a().upWithoutWaiting());
    return 0;
  }

  @Override
  public void close() {
    vnet.close();
  }
}
