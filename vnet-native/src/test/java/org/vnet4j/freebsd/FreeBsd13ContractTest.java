// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import org.junit.jupiter.api.Nested;
import org.vnet4j.contract.BridgeContract;
import org.vnet4j.contract.CapabilityContract;
import org.vnet4j.contract.DestroyContract;
import org.vnet4j.contract.DhcpContract;
import org.vnet4j.contract.EventContract;
import org.vnet4j.contract.GiveContract;
import org.vnet4j.contract.InterfaceContract;
import org.vnet4j.contract.InterfaceKindsContract;
import org.vnet4j.contract.LifecycleContract;
import org.vnet4j.contract.ListingContract;
import org.vnet4j.contract.NestingContract;
import org.vnet4j.contract.ProgramsContract;
import org.vnet4j.contract.ReturnContract;
import org.vnet4j.contract.RouteContract;
import org.vnet4j.contract.ShapingContract;
import org.vnet4j.contract.TunnelContract;
import org.vnet4j.contract.firewall.IpfwContract;
import org.vnet4j.contract.topology.FleetContract;
import org.vnet4j.contract.topology.TopologyContract;
import org.vnet4j.freebsd.sim.Release;

/**
 * Parts of the contract on a simulated FreeBSD 13.2. This kernel loses the group of an interface
 * that comes home, destroys an interface at home only, does not announce that an address brought an
 * interface up, and its DHCP client wants an address; DESIGN.md has the whole list.
 */
class FreeBsd13ContractTest extends ReleaseContract {
  FreeBsd13ContractTest() {
    super(Release.V13_2);
  }

  @Nested
  class OnBridge extends BridgeContract {}

  @Nested
  class OnCapability extends CapabilityContract {}

  @Nested
  class OnDestroy extends DestroyContract {}

  @Nested
  class OnDhcp extends DhcpContract {}

  @Nested
  class OnEvent extends EventContract {}

  @Nested
  class OnFleet extends FleetContract {}

  @Nested
  class OnGive extends GiveContract {}

  @Nested
  class OnInterface extends InterfaceContract {}

  @Nested
  class OnInterfaceKinds extends InterfaceKindsContract {}

  @Nested
  class OnIpfw extends IpfwContract {}

  @Nested
  class OnLifecycle extends LifecycleContract {}

  @Nested
  class OnListing extends ListingContract {}

  @Nested
  class OnNesting extends NestingContract {}

  @Nested
  class OnPrograms extends ProgramsContract {}

  @Nested
  class OnReturn extends ReturnContract {}

  @Nested
  class OnRoute extends RouteContract {}

  @Nested
  class OnShape extends ShapingContract {}

  @Nested
  class OnTopology extends TopologyContract {}

  @Nested
  class OnTunnel extends TunnelContract {}
}
