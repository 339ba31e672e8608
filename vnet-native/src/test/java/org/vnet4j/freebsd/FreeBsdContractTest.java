// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.BadInputContract;
import org.vnet4j.contract.BridgeContract;
import org.vnet4j.contract.CapabilityContract;
import org.vnet4j.contract.DestroyContract;
import org.vnet4j.contract.ExecContract;
import org.vnet4j.contract.GiveContract;
import org.vnet4j.contract.InterfaceContract;
import org.vnet4j.contract.InterfaceKindsContract;
import org.vnet4j.contract.Ipv6Contract;
import org.vnet4j.contract.KernelContract;
import org.vnet4j.contract.LifecycleContract;
import org.vnet4j.contract.ListingContract;
import org.vnet4j.contract.NestingContract;
import org.vnet4j.contract.OverlapContract;
import org.vnet4j.contract.PingContract;
import org.vnet4j.contract.ProgramsContract;
import org.vnet4j.contract.ReturnContract;
import org.vnet4j.contract.RouteContract;
import org.vnet4j.contract.SocketContract;

/** The contract of all kernels, on the simulated FreeBSD kernel. */
class FreeBsdContractTest {

  @Nested
  class OnBadInput extends BadInputContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnBridge extends BridgeContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnCapability extends CapabilityContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnDestroy extends DestroyContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnExec extends ExecContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnGive extends GiveContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnInterface extends InterfaceContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnInterfaceKinds extends InterfaceKindsContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnIpv6 extends Ipv6Contract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnKernel extends KernelContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnLifecycle extends LifecycleContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnListing extends ListingContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnNesting extends NestingContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnOverlap extends OverlapContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnPing extends PingContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnPrograms extends ProgramsContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnReturn extends ReturnContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnRoute extends RouteContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }

  @Nested
  class OnSocket extends SocketContract {
    private final SimMachine machine = new SimMachine();

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
      return false;
    }
  }
}
