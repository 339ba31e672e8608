// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Set;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.WholeContract;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/** The contract of all kernels on the simulated FreeBSD 15.1. */
class FreeBsdContractTest extends WholeContract {
  private final SimMachine machine = new SimMachine().slowEnds().ipfw();

  @Override
  public Vnet sandbox(Capability... without) {
    return machine.sandbox(without);
  }

  @Override
  public Set<String> leftovers() {
    return machine.leftovers();
  }

  @Override
  public boolean carriesTraffic() {
    return SimMachine.lacks().isEmpty();
  }

  @Override
  public boolean keepsTime() {
    return false;
  }
}
