// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.MacAddress;
import org.vnet4j.net.Shaping;

/**
 * A software bridge: an Ethernet switch between interfaces of its stack. See if_bridge(4).
 *
 * <p>Put addresses on the bridge, not on its members.
 */
public final class Bridge extends NetInterface {
  private static final Duration MAX_FORWARD_DELAY = Duration.ofSeconds(30);

  Bridge(Location location) {
    super(location);
  }

  /**
   * Adds a member.
   *
   * @param member an interface of the bridge's stack that is in no bridge
   * @return this
   * @throws NotFoundException if it is in another stack
   * @throws BusyException if it is in a bridge already
   */
  public Bridge add(NetInterface member) {
    String name = member.nameIn(stack());
    stack()
        .vnet()
        .change(
            "ifconfig " + name() + " addm " + name,
            stack(),
            () -> stack().driver().bridges().add(name(), name));
    return this;
  }

  /**
   * Removes a member.
   *
   * @param member one of its members
   * @return this
   * @throws NotFoundException if it is not a member of this bridge
   */
  public Bridge delete(NetInterface member) {
    String name = member.nameIn(stack());
    stack()
        .vnet()
        .change(
            "ifconfig " + name() + " deletem " + name,
            stack(),
            () -> stack().driver().bridges().delete(name(), name));
    return this;
  }

  /**
   * Lists the members.
   *
   * @return in the order of their index
   */
  public List<BridgeMember> members() {
    return stack().driver().bridges().members(name());
  }

  /**
   * Lists the addresses the bridge has learned.
   *
   * @return its forwarding table
   */
  public List<LearnedAddress> learned() {
    return stack().driver().bridges().learned(name());
  }

  /**
   * Enables or disables the spanning tree protocol on all members.
   *
   * @param on true to run it
   * @return this
   */
  public Bridge stp(boolean on) {
    stack()
        .vnet()
        .change(
            "ifconfig " + name() + (on ? " stp" : " -stp"),
            stack(),
            () -> stack().driver().bridges().stp(name(), on));
    return this;
  }

  /**
   * Returns whether the spanning tree protocol runs.
   *
   * @return true if it runs
   */
  public boolean stp() {
    return stack().driver().bridges().stp(name());
  }

  /**
   * Sets the forward delay of the spanning tree protocol: how long a new member listens, and how
   * long it then learns, before it forwards packets. The kernel's default is 15 seconds.
   *
   * @param delay 0 to 30 seconds; a delay below the least of the kernel (2 seconds on Linux, 4 on
   *     FreeBSD) means the least
   * @return this
   * @throws IllegalArgumentException if the delay is out of range
   */
  public Bridge forwardDelay(Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX_FORWARD_DELAY) > 0) {
      throw new IllegalArgumentException("forward delay " + delay + " is not in 0..30 s");
    }
    stack()
        .vnet()
        .change(
            "ifconfig " + name() + " fwddelay " + delay.toSeconds(),
            stack(),
            () -> stack().driver().bridges().forwardDelay(name(), delay));
    return this;
  }

  @Override
  public Bridge inet(String address) {
    super.inet(address);
    return this;
  }

  @Override
  public Bridge inet6(String address) {
    super.inet6(address);
    return this;
  }

  @Override
  public Bridge inet(Cidr address) {
    super.inet(address);
    return this;
  }

  @Override
  public Bridge inet6(Cidr address) {
    super.inet6(address);
    return this;
  }

  @Override
  public Bridge addAddress(Cidr address) {
    super.addAddress(address);
    return this;
  }

  @Override
  public Bridge deleteAddress(Cidr address) {
    super.deleteAddress(address);
    return this;
  }

  @Override
  public Bridge addNeighbours(Map<InetAddress, MacAddress> neighbours) {
    super.addNeighbours(neighbours);
    return this;
  }

  @Override
  public Bridge deleteNeighbours(Collection<InetAddress> neighbours) {
    super.deleteNeighbours(neighbours);
    return this;
  }

  @Override
  public Bridge lladdr(String address) {
    super.lladdr(address);
    return this;
  }

  @Override
  public Bridge up() {
    super.up();
    return this;
  }

  @Override
  public Bridge upWithoutWaiting() {
    super.upWithoutWaiting();
    return this;
  }

  @Override
  public Bridge down() {
    super.down();
    return this;
  }

  @Override
  public Bridge mtu(int bytes) {
    super.mtu(bytes);
    return this;
  }

  @Override
  public Bridge lladdr(MacAddress address) {
    super.lladdr(address);
    return this;
  }

  @Override
  public Bridge description(String text) {
    super.description(text);
    return this;
  }

  @Override
  public Bridge deleteAddress(String address) {
    super.deleteAddress(address);
    return this;
  }

  @Override
  public Bridge rename(String newName) {
    super.rename(newName);
    return this;
  }

  @Override
  public Bridge shape(Shaping shaping) {
    super.shape(shaping);
    return this;
  }

  @Override
  public Bridge unshape() {
    super.unshape();
    return this;
  }

  @Override
  public Bridge vnet(NetworkStack target) {
    super.vnet(target);
    return this;
  }

  @Override
  public Bridge reclaim() {
    super.reclaim();
    return this;
  }
}
