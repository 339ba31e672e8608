// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.List;

/**
 * Carries the sockets and programs of one simulated stack. The simulation has no TCP and no
 * programs: it hands their packets to a station, and takes the frames that the station sends.
 */
public interface Station {
  /**
   * Delivers a frame. The caller holds the kernel's lock.
   *
   * @param iface the interface that received it
   * @param frame the frame with its Ethernet header
   */
  void deliver(String iface, byte[] frame);

  /**
   * Reports the new state of the stack after a change. The caller holds the kernel's lock.
   *
   * @param picture the state of the stack
   */
  void changed(Picture picture);

  /**
   * Closes the station, as its stack is removed or stations end. The caller holds the kernel's
   * lock.
   */
  void gone();

  /** Makes stations. */
  @FunctionalInterface
  interface Maker {
    /**
     * Makes a station.
     *
     * @param jid the jail of the stack, 0 for the host
     * @return the station
     */
    Station make(int jid);
  }

  /**
   * The state of a stack as its programs see it.
   *
   * @param loopbackUp whether lo0 is up
   * @param ports the Ethernet interfaces
   * @param ways the routes by a gateway or on a link, without those that come with addresses
   */
  record Picture(boolean loopbackUp, List<Port> ports, List<Way> ways) {}

  /**
   * An Ethernet interface.
   *
   * @param name its name
   * @param mac its MAC address as text
   * @param up whether it is up
   * @param addresses its addresses with prefix lengths, as text, without link-local ones
   */
  record Port(String name, String mac, boolean up, List<String> addresses) {}

  /**
   * A route.
   *
   * @param destination network with its prefix length, as text
   * @param gateway as text, empty for none
   * @param port the interface by which packets leave
   */
  record Way(String destination, String gateway, String port) {}
}
