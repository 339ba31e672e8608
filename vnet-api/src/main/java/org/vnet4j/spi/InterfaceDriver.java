// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.MacAddress;

/**
 * Creates, reads, changes and destroys the interfaces of one stack. See ifconfig(8).
 *
 * <p>Every method that takes a name throws {@link org.vnet4j.NetInterface.NotFoundException} if no
 * interface of the stack has it.
 */
public interface InterfaceDriver {

  /**
   * Lists all interfaces with their addresses.
   *
   * @return in the order of their index
   */
  List<InterfaceInfo> list();

  /**
   * Reads one interface with its addresses.
   *
   * @param name the interface
   * @return what the kernel says now
   */
  InterfaceInfo get(String name);

  /**
   * Creates an interface. It comes out down.
   *
   * @param spec what to create
   * @param name its name, or null for the next free one of its kind
   * @return its name
   * @throws org.vnet4j.NetInterface.NameTakenException if the name is taken
   */
  String create(InterfaceSpec spec, @Nullable String name);

  /**
   * Creates an epair: a virtual cable with two ends.
   *
   * @param a name of the end that stays here, or null for the next free one
   * @param b name of the other end, or null
   * @param bJid the stack of the other end; this stack is its home all the same
   * @return the names of both
   * @throws org.vnet4j.NetInterface.NameTakenException if a name is taken; nothing was made
   */
  EpairNames createEpair(@Nullable String a, @Nullable String b, int bJid);

  /**
   * Destroys an interface; of an epair both ends are destroyed.
   *
   * @param name the interface
   */
  void destroy(String name);

  /**
   * Destroys interfaces, where the kernel can all at once. If one is not there none is destroyed.
   *
   * @param names one end of each epair
   */
  default void destroy(List<String> names) {
    names.forEach(this::get);
    names.forEach(this::destroy);
  }

  /**
   * Renames an interface.
   *
   * @param name the interface
   * @param newName at most 15 characters
   */
  void rename(String name, String newName);

  /**
   * Brings an interface up or down.
   *
   * @param name the interface
   * @param up true for up
   */
  void up(String name, boolean up);

  /**
   * Sets the MTU.
   *
   * @param name the interface
   * @param bytes the largest packet
   */
  void mtu(String name, int bytes);

  /**
   * Sets the MAC address.
   *
   * @param name the interface
   * @param address a unicast address
   */
  void lladdr(String name, MacAddress address);

  /**
   * Sets the description.
   *
   * @param name the interface
   * @param text the description; empty for none
   */
  void description(String name, String text);

  /**
   * Adds an address. IPv6 addresses are usable at once: duplicate address detection is left out.
   *
   * @param name the interface
   * @param address the address with the prefix length of its network
   */
  void addAddress(String name, Cidr address);

  /**
   * Removes an address.
   *
   * @param name the interface
   * @param address the address with its prefix length
   */
  void deleteAddress(String name, Cidr address);

  /**
   * Reads the counters.
   *
   * @param name the interface
   * @return what the kernel counted since the interface was made
   */
  InterfaceCounters counters(String name);

  /**
   * The names of an epair's ends.
   *
   * @param a the end that stays
   * @param b the other end
   */
  record EpairNames(String a, String b) {}
}
