// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;

/**
 * The whole contract: one nested class for each topic, all over the same kernel. A subclass says
 * once which kernel that is.
 */
public abstract class WholeContract {

  /**
   * Opens a fresh sandbox; see {@link Contract#sandbox}.
   *
   * @param without capabilities to be switched off
   * @return the sandbox
   */
  protected abstract Vnet sandbox(Capability... without);

  /**
   * Names what could be left behind and is there now; see {@link Contract#leftovers}.
   *
   * @return a name for each
   */
  protected abstract Set<String> leftovers();

  /**
   * Tells whether packets and processes are real.
   *
   * @return true unless the kernel is a simulated one
   */
  protected boolean carriesTraffic() {
    return true;
  }

  @Nested
  class BadInput extends BadInputContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Bridge extends BridgeContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Capabilities extends CapabilityContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Destroy extends DestroyContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Exec extends ExecContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Give extends GiveContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Interface extends InterfaceContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class InterfaceKinds extends InterfaceKindsContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Ipv6 extends Ipv6Contract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Kernel extends KernelContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Lifecycle extends LifecycleContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Listing extends ListingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Nesting extends NestingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Overlap extends OverlapContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Ping extends PingContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Programs extends ProgramsContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Return extends ReturnContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Route extends RouteContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }

  @Nested
  class Socket extends SocketContract {
    @Override
    protected Vnet sandbox(Capability... without) {
      return WholeContract.this.sandbox(without);
    }

    @Override
    protected Set<String> leftovers() {
      return WholeContract.this.leftovers();
    }

    @Override
    protected boolean carriesTraffic() {
      return WholeContract.this.carriesTraffic();
    }
  }
}
