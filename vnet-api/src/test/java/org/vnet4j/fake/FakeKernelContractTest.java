// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.fake;

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
import org.vnet4j.contract.ReturnContract;
import org.vnet4j.contract.RouteContract;

/** The contract over a kernel in memory: what of it the model alone must keep. */
class FakeKernelContractTest {

  @Nested
  class BadInputTest extends BadInputContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class BridgeTest extends BridgeContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class CapabilityTest extends CapabilityContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class DestroyTest extends DestroyContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class GiveTest extends GiveContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class InterfaceTest extends InterfaceContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class InterfaceKindsTest extends InterfaceKindsContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class Ipv6Test extends Ipv6Contract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class KernelTest extends KernelContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class LifecycleTest extends LifecycleContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class ListingTest extends ListingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class NestingTest extends NestingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class OverlapTest extends OverlapContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class ProgramsTest extends ProgramsContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class ReturnTest extends ReturnContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }

  @Nested
  class RouteTest extends RouteContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Vnet.builder().of(new FakeKernel(without));
    }

    @Override
    protected Set<String> leftovers() {
      return FakeKernel.open();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }
}
