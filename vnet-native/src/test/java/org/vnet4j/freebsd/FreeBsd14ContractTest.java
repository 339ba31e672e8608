// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import org.junit.jupiter.api.Nested;
import org.vnet4j.contract.CapabilityContract;
import org.vnet4j.contract.DestroyContract;
import org.vnet4j.contract.EventContract;
import org.vnet4j.contract.GiveContract;
import org.vnet4j.contract.LifecycleContract;
import org.vnet4j.contract.NestingContract;
import org.vnet4j.contract.ReturnContract;
import org.vnet4j.contract.ShapingContract;
import org.vnet4j.contract.firewall.IpfwContract;
import org.vnet4j.contract.topology.TopologyContract;
import org.vnet4j.freebsd.sim.Release;

/**
 * Parts of the contract on a simulated FreeBSD 14.0. This kernel has no jail descriptors, so a
 * process keeps a jail without {@code persist} alive; and the stack of a removed jail ends later
 * than the jail.
 */
class FreeBsd14ContractTest extends ReleaseContract {
  FreeBsd14ContractTest() {
    super(Release.V14_0);
  }

  @Nested
  class OnCapability extends CapabilityContract {}

  @Nested
  class OnDestroy extends DestroyContract {}

  @Nested
  class OnEvent extends EventContract {}

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

  @Nested
  class OnTopology extends TopologyContract {}
}
