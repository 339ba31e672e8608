// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Set;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.WholeContract;

/** The contract of all kernels, on the simulated FreeBSD kernel. */
class FreeBsdContractTest extends WholeContract {
  private final SimMachine machine = new SimMachine().ipfw();

  @Override
  protected Vnet sandbox(Capability... without) {
    return machine.sandbox(without);
  }

  @Override
  protected Set<String> leftovers() {
    return machine.leftovers();
  }

  @Override
  protected boolean carriesTraffic() {
    return SimMachine.lacks().isEmpty();
  }

  @Override
  protected boolean keepsTime() {
    return false;
  }
}
