// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import org.junit.jupiter.api.Nested;
import org.vnet4j.contract.firewall.FirewallContract;
import org.vnet4j.contract.firewall.IpfwContract;
import org.vnet4j.contract.firewall.RehearsalContract;
import org.vnet4j.contract.kit.TestKernel;
import org.vnet4j.contract.topology.FleetContract;
import org.vnet4j.contract.topology.TopologyContract;

/**
 * The whole contract: a nested class for each topic, all on the same kernel. A subclass specifies
 * the kernel once.
 */
public abstract class WholeContract extends TestKernel {

  /** Makes the contract. */
  protected WholeContract() {}

  @Nested
  class BadInput extends BadInputContract {}

  @Nested
  class Bridge extends BridgeContract {}

  @Nested
  class Capabilities extends CapabilityContract {}

  @Nested
  class Captures extends CaptureContract {}

  @Nested
  class Destroy extends DestroyContract {}

  @Nested
  class Dhcp extends DhcpContract {}

  @Nested
  class Event extends EventContract {}

  @Nested
  class Rate extends RateContract {}

  @Nested
  class Exec extends ExecContract {}

  @Nested
  class Firewall extends FirewallContract {}

  @Nested
  class Fleet extends FleetContract {}

  @Nested
  class Give extends GiveContract {}

  @Nested
  class Interface extends InterfaceContract {}

  @Nested
  class InterfaceKinds extends InterfaceKindsContract {}

  @Nested
  class Ipfw extends IpfwContract {}

  @Nested
  class Ipv6 extends Ipv6Contract {}

  @Nested
  class Kernel extends KernelContract {}

  @Nested
  class Lifecycle extends LifecycleContract {}

  @Nested
  class Listing extends ListingContract {}

  @Nested
  class Nesting extends NestingContract {}

  @Nested
  class Overlap extends OverlapContract {}

  @Nested
  class Ping extends PingContract {}

  @Nested
  class Programs extends ProgramsContract {}

  @Nested
  class Race extends RaceContract {}

  @Nested
  class Rehearsal extends RehearsalContract {}

  @Nested
  class Return extends ReturnContract {}

  @Nested
  class Route extends RouteContract {}

  @Nested
  class Shape extends ShapingContract {}

  @Nested
  class Socket extends SocketContract {}

  @Nested
  class Topology extends TopologyContract {}

  @Nested
  class Tunnel extends TunnelContract {}

  @Nested
  class Wait extends WaitContract {}
}
