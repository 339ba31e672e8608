// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.List;

/**
 * Where the sockets of a simulated stack really are. The simulation has no TCP and no programs of
 * its own: it hands packets for them to a station and carries what comes back.
 */
public interface Station {
  /**
   * Hands over a frame. Called with the kernel locked.
   *
   * @param iface the interface it came by
   * @param frame with its Ethernet header
   */
  void deliver(String iface, byte[] frame);

  /**
   * Returns how the stack looks now. Called with the kernel locked, after each change.
   *
   * @param picture of the stack
   */
  void changed(Picture picture);

  /** The stack no longer exists. Called with the kernel locked. */
  void gone();

  /** Makes stations. */
  @FunctionalInterface
  interface Maker {
    /**
     * Makes a station.
     *
     * @param jid the jail it is for, 0 for the host
     * @return the station
     */
    Station make(int jid);
  }

  /**
   * What programs can see of a stack.
   *
   * @param loopbackUp whether lo0 is up
   * @param ports the Ethernet interfaces
   * @param ways the routes by a gateway or on a link, but for those that come with addresses
   */
  record Picture(boolean loopbackUp, List<Port> ports, List<Way> ways) {}

  /**
   * An Ethernet interface.
   *
   * @param name of the interface
   * @param mac its address as text
   * @param up whether it is up
   * @param addresses with prefix lengths, as text; none that are link-local
   */
  record Port(String name, String mac, boolean up, List<String> addresses) {}

  /**
   * A route.
   *
   * @param destination with its prefix length, as text
   * @param gateway as text, empty for none
   * @param port the interface it leaves by
   */
  record Way(String destination, String gateway, String port) {}
}
