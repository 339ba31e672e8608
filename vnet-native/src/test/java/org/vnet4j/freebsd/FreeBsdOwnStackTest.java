// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.BadInputContract;
import org.vnet4j.contract.BridgeContract;
import org.vnet4j.contract.DestroyContract;
import org.vnet4j.contract.GiveContract;
import org.vnet4j.contract.InterfaceContract;
import org.vnet4j.contract.InterfaceKindsContract;
import org.vnet4j.contract.Ipv6Contract;
import org.vnet4j.contract.NestingContract;
import org.vnet4j.contract.ReturnContract;
import org.vnet4j.contract.RouteContract;
import org.vnet4j.contract.kit.TestKernel;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/** Parts of the contract on the host stack of the simulated machine, without a sandbox. */
class FreeBsdOwnStackTest extends TestKernel {
  private final SimMachine machine = new SimMachine();

  @Override
  public Vnet sandbox(Capability... without) {
    return machine.open(without);
  }

  @Override
  public Set<String> leftovers() {
    return machine.leftoversBesideInterfaces();
  }

  @Override
  public boolean carriesTraffic() {
    return false;
  }

  @Override
  public boolean keepsTime() {
    return false;
  }

  @Nested
  class OnBadInput extends BadInputContract {}

  @Nested
  class OnBridge extends BridgeContract {}

  @Nested
  class OnDestroy extends DestroyContract {}

  @Nested
  class OnGive extends GiveContract {}

  @Nested
  class OnInterface extends InterfaceContract {}

  @Nested
  class OnInterfaceKinds extends InterfaceKindsContract {}

  @Nested
  class OnIpv6 extends Ipv6Contract {}

  @Nested
  class OnNesting extends NestingContract {}

  @Nested
  class OnReturn extends ReturnContract {}

  @Nested
  class OnRoute extends RouteContract {}
}
