// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.GiveContract;
import org.vnet4j.contract.LifecycleContract;
import org.vnet4j.contract.NestingContract;
import org.vnet4j.contract.ReturnContract;
import org.vnet4j.contract.ShapingContract;
import org.vnet4j.contract.firewall.IpfwContract;
import org.vnet4j.contract.kit.TestKernel;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/**
 * Parts of the contract on a simulated FreeBSD 14. This kernel has no jail descriptors, so a
 * process keeps a jail without {@code persist} alive.
 */
class FreeBsd14ContractTest extends TestKernel {
  private final SimMachine machine = new SimMachine().release(1_400_507).ipfw();

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

  @Nested
  class OnGive extends GiveContract {}

  @Nested
  class OnIpfw extends IpfwContract {}

  @Nested
  class OnLifecycle extends LifecycleContract {}

  @Nested
  class OnNesting extends NestingContract {}

  @Nested
  class OnReturn extends ReturnContract {}

  @Nested
  class OnShape extends ShapingContract {}
}
