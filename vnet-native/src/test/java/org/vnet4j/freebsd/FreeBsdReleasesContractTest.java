// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.contract.WholeContract;
import org.vnet4j.freebsd.sim.Release;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/** The whole contract on the older releases. {@code verify} runs parts of it. */
@EnabledIfSystemProperty(
    named = "vnet.soak",
    matches = "true",
    disabledReason = "FreeBsd13ContractTest and FreeBsd14ContractTest run the topics that differ")
class FreeBsdReleasesContractTest {

  @Nested
  class On13 extends Simulated {
    On13() {
      super(Release.V13_2);
    }
  }

  @Nested
  class On14 extends Simulated {
    On14() {
      super(Release.V14_0);
    }
  }

  abstract static class Simulated extends WholeContract {
    private final SimMachine machine;

    Simulated(Release release) {
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
}
