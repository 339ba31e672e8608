// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.MacAddress;

/**
 * Creates, reads, changes and destroys the interfaces of one stack. See ifconfig(8).
 *
 * <p>Every method that takes a name throws {@link org.vnet4j.NetInterface.NotFoundException} if the
 * stack has no interface of that name (ENXIO, ENODEV).
 */
public interface InterfaceDriver {

  /**
   * Lists all interfaces with their addresses.
   *
   * @return the interfaces in the order of their index
   */
  List<InterfaceInfo> list();

  /**
   * Reads one interface with its addresses.
   *
   * @param name the interface
   * @return its current state
   */
  InterfaceInfo get(String name);

  /**
   * Creates an interface, which is down at first.
   *
   * @param spec the kind of interface and its parameters
   * @param name its name, or null for the next free one of its kind
   * @return its name
   * @throws org.vnet4j.NetInterface.NameTakenException if the name is taken (EEXIST)
   */
  String create(InterfaceSpec spec, @Nullable String name);

  /**
   * Creates an epair: two Ethernet interfaces joined back to back.
   *
   * @param a name of the end that stays in this stack, or null for the next free name
   * @param b name of the other end, or null for the next free name
   * @param bJid jid of the stack that receives the other end; this stack remains its home
   * @return the names of both ends
   * @throws org.vnet4j.NetInterface.NameTakenException if a name is taken (EEXIST); no interface
   *     was created
   */
  EpairNames createEpair(@Nullable String a, @Nullable String b, int bJid);

  /**
   * Enters permanent neighbours, if the kernel has a limit for others. Skips an address that has an
   * entry already.
   *
   * @param name the interface
   * @param neighbours addresses of either version of IP, with their MAC addresses
   */
  default void addNeighbours(String name, Map<InetAddress, MacAddress> neighbours) {}

  /**
   * Deletes those of some neighbours that {@link #addNeighbours} entered.
   *
   * @param name the interface
   * @param neighbours their addresses
   */
  default void deleteNeighbours(String name, Collection<InetAddress> neighbours) {}

  /**
   * Destroys an interface. Destroying one end of an epair destroys both.
   *
   * @param name the interface
   */
  void destroy(String name);

  /**
   * Destroys several interfaces, in one step where the kernel can. If one does not exist, none is
   * destroyed.
   *
   * @param names the interfaces; of each epair, one end
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
   * @param up true for up, false for down
   */
  void up(String name, boolean up);

  /**
   * Waits until an interface that is up carries packets and receives those to its addresses, if
   * only the kernel's own delay is in the way. Does nothing where kernels have no such delay.
   *
   * @param name the interface
   */
  default void awaitReady(String name) {}

  /**
   * Sets the MTU.
   *
   * @param name the interface
   * @param bytes the MTU in bytes
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
   * @param text the description; empty to clear it
   */
  void description(String name, String text);

  /**
   * Adds an address. An IPv6 address is usable at once: duplicate address detection is skipped.
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
   * @return the counts since the interface was created
   */
  InterfaceCounters counters(String name);

  /**
   * The names of the two ends of an epair.
   *
   * @param a the end that stays in the creating stack
   * @param b the other end
   */
  record EpairNames(String a, String b) {}
}
