// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Set;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.TestKernel;
import org.vnet4j.freebsd.sim.Release;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/**
 * Base of the topics of the contract in which a simulated release of FreeBSD differs from 15.1. The
 * whole contract on that release is a matter of {@link FreeBsdReleasesContractTest}.
 */
abstract class ReleaseContract extends TestKernel {
  private final SimMachine machine;

  ReleaseContract(Release release) {
    machine = new SimMachine().release(release).slowEnds().ipfw();
  }

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
