// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

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

/** The contract of all kernels, on the real Linux kernel. */
class LinuxContractTest {

  @Nested
  class OnBadInput extends BadInputContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnBridge extends BridgeContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnCapability extends CapabilityContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnDestroy extends DestroyContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnExec extends ExecContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnGive extends GiveContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnInterface extends InterfaceContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnInterfaceKinds extends InterfaceKindsContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnIpv6 extends Ipv6Contract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnKernel extends KernelContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnLifecycle extends LifecycleContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnListing extends ListingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnNesting extends NestingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnOverlap extends OverlapContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnPing extends PingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnPrograms extends ProgramsContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnReturn extends ReturnContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnRoute extends RouteContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }

  @Nested
  class OnSocket extends SocketContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return Machine.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return Machine.leftovers();
    }
  }
}
