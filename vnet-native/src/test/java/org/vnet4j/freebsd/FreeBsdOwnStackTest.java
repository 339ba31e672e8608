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

/** The contract where the host is the simulated machine itself and not a sandbox. */
class FreeBsdOwnStackTest {

  @Nested
  class OnBadInput extends BadInputContract {
    private final SimMachine machine = new SimMachine();

    @Override
    protected Vnet sandbox(Capability... without) {
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
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
      return machine.open(without);
    }

    @Override
    protected Set<String> leftovers() {
      return machine.leftoversBesideInterfaces();
    }

    @Override
    protected boolean carriesTraffic() {
      return false;
    }
  }
}
