// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.BadInputContract;
import org.vnet4j.contract.BridgeContract;
import org.vnet4j.contract.CapabilityContract;
import org.vnet4j.contract.DestroyContract;
import org.vnet4j.contract.GiveContract;
import org.vnet4j.contract.InterfaceContract;
import org.vnet4j.contract.InterfaceKindsContract;
import org.vnet4j.contract.Ipv6Contract;
import org.vnet4j.contract.KernelContract;
import org.vnet4j.contract.LifecycleContract;
import org.vnet4j.contract.ListingContract;
import org.vnet4j.contract.NestingContract;
import org.vnet4j.contract.OverlapContract;
import org.vnet4j.contract.ProgramsContract;
import org.vnet4j.contract.RateContract;
import org.vnet4j.contract.ReturnContract;
import org.vnet4j.contract.RouteContract;
import org.vnet4j.contract.ShapingContract;
import org.vnet4j.contract.kit.TestKernel;
import org.vnet4j.contract.topology.TopologyContract;
import org.vnet4j.spi.StackParts;

/** The parts of the contract that the model alone must keep, on the kernel in memory. */
class MemoryKernelContractTest extends TestKernel {

  @Override
  public Vnet sandbox(Capability... without) {
    return StackParts.vnet(new MemoryKernel(without));
  }

  @Override
  public Set<String> leftovers() {
    return MemoryKernel.open();
  }

  @Override
  public boolean carriesTraffic() {
    return false;
  }

  @Nested
  class BadInputTest extends BadInputContract {}

  @Nested
  class BridgeTest extends BridgeContract {}

  @Nested
  class CapabilityTest extends CapabilityContract {}

  @Nested
  class DestroyTest extends DestroyContract {}

  @Nested
  class GiveTest extends GiveContract {}

  @Nested
  class InterfaceTest extends InterfaceContract {}

  @Nested
  class InterfaceKindsTest extends InterfaceKindsContract {}

  @Nested
  class Ipv6Test extends Ipv6Contract {}

  @Nested
  class KernelTest extends KernelContract {}

  @Nested
  class LifecycleTest extends LifecycleContract {}

  @Nested
  class ListingTest extends ListingContract {}

  @Nested
  class NestingTest extends NestingContract {}

  @Nested
  class OverlapTest extends OverlapContract {}

  @Nested
  class ProgramsTest extends ProgramsContract {}

  @Nested
  class RateTest extends RateContract {}

  @Nested
  class ReturnTest extends ReturnContract {}

  @Nested
  class RouteTest extends RouteContract {}

  @Nested
  class ShapingTest extends ShapingContract {}

  @Nested
  class TopologyTest extends TopologyContract {}
}
