// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.capture.Capture;
import org.vnet4j.event.Events;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.InterfaceRates;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.MacAddress;
import org.vnet4j.net.Names;
import org.vnet4j.net.Shaping;
import org.vnet4j.spi.InterfaceDriver;
import org.vnet4j.spi.ShapingDriver;
import org.vnet4j.spi.StackDriver;
import org.vnet4j.spi.StackParts;

/**
 * A handle on a network interface. It follows the interface when this {@link Vnet} moves or renames
 * it. See ifconfig(8).
 *
 * <p>Every method calls the kernel and throws {@link NotFoundException} if the interface no longer
 * exists. Thread-safe; see {@link Vnet}.
 */
public sealed class NetInterface permits Bridge {
  /** Smallest MTU in bytes that may be set, the minimum of IPv4 (RFC 791). */
  public static final int MIN_MTU = 68;

  /** Largest MTU in bytes that may be set. */
  public static final int MAX_MTU = 65535;

  private static final int LONGEST_DESCRIPTION = 120;
  private static final InetAddress BROADCAST = IpLiteral.parse("255.255.255.255");

  private final Location location;

  NetInterface(Location location) {
    this.location = location;
  }

  /**
   * Returns the interface's name.
   *
   * @return its name now
   */
  public String name() {
    return location.last().name();
  }

  /**
   * Returns the stack the interface is in.
   *
   * @return its stack now
   * @throws NotFoundException if it was destroyed
   */
  public NetworkStack stack() {
    return location.place().stack();
  }

  /**
   * Returns the other end of the epair of this interface. If this {@link Vnet} did not create the
   * epair, this scans all stacks; {@link Vnet#epairs()} finds all epairs in one scan.
   *
   * @return the other end; empty if this is not an end of an epair, or no scanned stack holds the
   *     other end
   */
  public Optional<NetInterface> peer() {
    Location known = location.peer();
    if (known != null || location.isGone()) {
      return Optional.ofNullable(known).map(NetInterface::new);
    }
    for (Epair cable : location.last().stack().vnet().epairs()) {
      if (cable.a().equals(this) || cable.b().equals(this)) {
        return Optional.of(cable.a().equals(this) ? cable.b() : cable.a());
      }
    }
    return Optional.empty();
  }

  /**
   * Reads the current state of the interface.
   *
   * @return a snapshot that prints like ifconfig(8)
   */
  public InterfaceInfo info() {
    Location.Place place = location.place();
    return place.stack().driver().interfaces().get(place.name());
  }

  /**
   * Returns whether the interface exists.
   *
   * @return false once any program has destroyed it
   */
  public boolean exists() {
    if (location.isGone()) {
      return false;
    }
    try {
      info();
      return true;
    } catch (NotFoundException | Jail.NotFoundException e) {
      return false;
    }
  }

  /**
   * Adds an IPv4 address. Adding an address that it has already is not an error.
   *
   * @param address with the prefix length of its network, as in {@code 192.0.2.2/24}
   * @return this
   * @throws IllegalArgumentException if it is no IPv4 address with a prefix length
   */
  public NetInterface inet(String address) {
    return addAddress(family(Cidr.parse(address), false));
  }

  /**
   * Adds an IPv4 address. Adding an address that it has already is not an error.
   *
   * @param address with the prefix length of its network
   * @return this
   * @throws IllegalArgumentException if it is IPv6, unspecified, multicast or 255.255.255.255
   */
  public NetInterface inet(Cidr address) {
    return addAddress(family(address, false));
  }

  /**
   * Adds an IPv6 address. It is usable at once: duplicate address detection is skipped.
   *
   * @param address with the prefix length of its network, as in {@code 2001:db8::2/64}
   * @return this
   * @throws IllegalArgumentException if it is no IPv6 address with a prefix length, or is
   *     unspecified or multicast
   */
  public NetInterface inet6(String address) {
    return addAddress(family(Cidr.parse(address), true));
  }

  /**
   * Adds an IPv6 address. It is usable at once: duplicate address detection is skipped.
   *
   * @param address with the prefix length of its network
   * @return this
   * @throws IllegalArgumentException if it is IPv4, unspecified or multicast
   */
  public NetInterface inet6(Cidr address) {
    return addAddress(family(address, true));
  }

  /**
   * Adds an address of either family, as {@link #inet} or {@link #inet6} does.
   *
   * @param address with the prefix length of its network
   * @return this
   * @throws IllegalArgumentException if it is unspecified, multicast or 255.255.255.255
   */
  public NetInterface addAddress(Cidr address) {
    InetAddress one = address.address();
    if (one.isAnyLocalAddress() || one.isMulticastAddress() || one.equals(BROADCAST)) {
      throw new IllegalArgumentException(
          name() + ": " + address + " is no address of an interface");
    }
    if (address.isIpv6()) {
      stack().vnet().require(Capability.IPV6);
    }
    return change("add ", address, (driver, name) -> driver.addAddress(name, address));
  }

  /**
   * Removes an address of either family.
   *
   * @param address with its prefix length
   * @return this
   * @throws AddressNotFoundException if the interface does not have it
   */
  public NetInterface deleteAddress(String address) {
    return deleteAddress(Cidr.parse(address));
  }

  /**
   * Removes an address of either family.
   *
   * @param address with its prefix length
   * @return this
   * @throws AddressNotFoundException if the interface does not have it
   */
  public NetInterface deleteAddress(Cidr address) {
    return change("delete ", address, (driver, name) -> driver.deleteAddress(name, address));
  }

  /**
   * Enters permanent neighbours, as {@code arp -s} does. On Linux they need no room in the table of
   * neighbours that all stacks of a machine share. An entry for an address that has one already is
   * left out. Does nothing on FreeBSD, where the table has no limit.
   *
   * @param neighbours addresses of either version of IP, with their MAC addresses
   * @return this
   */
  public NetInterface addNeighbours(Map<InetAddress, MacAddress> neighbours) {
    return change(
        "add neighbours: ",
        neighbours.size(),
        (driver, name) -> driver.addNeighbours(name, neighbours));
  }

  /**
   * Deletes those of some neighbours that {@link #addNeighbours} entered.
   *
   * @param neighbours their addresses
   * @return this
   */
  public NetInterface deleteNeighbours(Collection<InetAddress> neighbours) {
    return change(
        "delete neighbours: ",
        neighbours.size(),
        (driver, name) -> driver.deleteNeighbours(name, neighbours));
  }

  /**
   * Lists the addresses.
   *
   * @return IPv4 first
   */
  public List<Cidr> addresses() {
    return info().addresses();
  }

  /**
   * Brings the interface up. If it is the second end of an epair to come up, also waits until both
   * ends carry packets, two seconds at most: Linux detects their carrier some time later, up to a
   * second, and until then loses what is sent. Then waits until its IPv6 addresses receive packets,
   * five seconds at most: Linux prepares them some time after they were added, on a busy machine
   * seconds. An interrupted thread does not wait.
   *
   * @return this
   */
  public NetInterface up() {
    return change(
        "up",
        "",
        (driver, name) -> {
          driver.up(name, true);
          driver.awaitReady(name);
        });
  }

  /**
   * Brings the interface up, and does not wait for anything; for programs that bring many up and
   * wait once.
   *
   * @return this
   */
  public NetInterface upWithoutWaiting() {
    return change("up", "", (driver, name) -> driver.up(name, true));
  }

  /**
   * Brings the interface down. It keeps its addresses. The kernel deletes the routes through it,
   * and makes again only those to its own networks when it comes up: add the others again.
   *
   * @return this
   */
  public NetInterface down() {
    return change("down", "", (driver, name) -> driver.up(name, false));
  }

  /**
   * Returns whether the interface is administratively up.
   *
   * @return true for up
   */
  public boolean isUp() {
    return info().isUp();
  }

  /**
   * Sets the MTU.
   *
   * @param bytes the largest packet, {@value #MIN_MTU} to {@value #MAX_MTU}; a kind of interface
   *     may allow less
   * @return this
   */
  public NetInterface mtu(int bytes) {
    if (bytes < MIN_MTU || bytes > MAX_MTU) {
      throw new IllegalArgumentException("MTU " + bytes + " is not in " + MIN_MTU + ".." + MAX_MTU);
    }
    return change("mtu ", bytes, (driver, name) -> driver.mtu(name, bytes));
  }

  /**
   * Returns the MTU.
   *
   * @return the largest packet in bytes
   */
  public int mtu() {
    return info().mtu();
  }

  /**
   * Sets the MAC address.
   *
   * @param address a unicast address, as in {@code 02:00:00:00:00:01}
   * @return this
   * @throws IllegalArgumentException if it is no such address
   */
  public NetInterface lladdr(String address) {
    return lladdr(MacAddress.parse(address));
  }

  /**
   * Sets the MAC address.
   *
   * @param address a unicast address
   * @return this
   */
  public NetInterface lladdr(MacAddress address) {
    if (address.isMulticast()) {
      throw new IllegalArgumentException("MAC address " + address + " is a multicast address");
    }
    return change("ether ", address, (driver, name) -> driver.lladdr(name, address));
  }

  /**
   * Returns the MAC address.
   *
   * @return empty if it has none
   */
  public Optional<MacAddress> lladdr() {
    return info().lladdr();
  }

  /**
   * Sets the description, which survives moves.
   *
   * @param text at most 120 bytes of UTF-8 in one line; empty for none
   * @return this
   */
  public NetInterface description(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_DESCRIPTION
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "description: at most " + LONGEST_DESCRIPTION + " bytes of UTF-8 in one line");
    }
    return change("description", "", (driver, name) -> driver.description(name, text));
  }

  /**
   * Returns the description.
   *
   * @return empty if there is none
   */
  public String description() {
    return info().text();
  }

  /**
   * Renames the interface. It must be down on older Linux kernels.
   *
   * @param newName 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   * @throws NameTakenException if the name is taken in its stack
   */
  public NetInterface rename(String newName) {
    Names.interfaceName(newName);
    vnet()
        .whileNoJailChanges(
            () -> {
              Location.Place place = location.place();
              change("name ", newName, (driver, name) -> driver.rename(name, newName));
              place.stack().moved(location, place.name(), place.stack(), newName);
            });
    return this;
  }

  /**
   * Reads the counters.
   *
   * @return the counts since the interface was created
   */
  public InterfaceCounters counters() {
    Location.Place place = location.place();
    return place.stack().driver().interfaces().counters(place.name());
  }

  /**
   * Reads the counters at a fixed interval and reports the rates between two readings.
   *
   * <p>The first reading is at the subscription. Each subscription has a daemon thread of its own,
   * on which the subscriber is called. The readings follow the interface when it moves. Nothing is
   * read while the subscriber requests nothing ({@link Flow.Subscription#request}); the next rates
   * are means over the longer span. If a reading finds that the interface no longer exists, the
   * subscription ends with {@link NotFoundException}. If it finds that the {@link Vnet} is closed,
   * or that another program removed the jail, the subscription completes.
   *
   * @param every time between two readings, 1 millisecond to 1 day
   * @return a source for any number of subscriptions ({@link Flow.Publisher}, {@link
   *     Events#open()}); to subscribe throws {@link NotFoundException} if the interface does not
   *     exist
   */
  public Events<InterfaceRates> rates(Duration every) {
    if (every.compareTo(Duration.ofMillis(1)) < 0 || every.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("rates every " + every + ": not in 1 ms..1 day");
    }
    return new Events<>(name(), () -> new RateFeed(this::countersOnTheMove, every));
  }

  /** Reads the counters, even while the interface moves. */
  private InterfaceCounters countersOnTheMove() {
    Location.Place place = location.last();
    try {
      return counters();
    } catch (NotFoundException | Jail.NotFoundException e) {
      return vnet()
          .exclusively(
              () -> {
                if (location.last() == place && !location.isGone()) {
                  throw e;
                }
                return counters();
              });
    }
  }

  /**
   * Returns a builder of a capture of the packets that this interface sends and receives.
   *
   * @return a builder that ends in {@link Capture.Builder#start()}
   */
  public Capture.Builder capture() {
    return StackParts.capture(
        name(),
        (filter, snaplen) -> {
          stack().vnet().require(Capability.CAPTURE);
          Location.Place place = location.place();
          StackDriver driver = place.stack().driver();
          return driver.capture(place.name(), filter.program(snaplen), snaplen);
        });
  }

  /**
   * Shapes the packets that this interface sends: bandwidth, delay, loss and others. Replaces any
   * earlier shaping. A move of the interface removes it. On FreeBSD, rules 1 to 99 in set 31 of
   * ipfw(4) pass frames to a pipe of dummynet(4); they do not affect the decisions of the user's
   * rules. See dummynet(4), tc-tbf(8), tc-netem(8).
   *
   * @param shaping the shaping; {@link Shaping#NONE} removes it
   * @return this
   * @throws Vnet.UnsupportedException if the kernel lacks a needed capability ({@link
   *     Capability#SHAPE_RATE} and the others), or cannot represent a value: dummynet(4) delays by
   *     whole milliseconds and clock ticks, and by default queues at most 100 packets; nothing
   *     changed
   * @throws BusyException if another program shapes it; nothing changed
   */
  public NetInterface shape(Shaping shaping) {
    if (shaping.isNone()) {
      return unshape();
    }
    stack().vnet().requireFor(shaping);
    return shaped("shape " + shaping, (driver, name) -> driver.set(name, shaping));
  }

  /**
   * Reads the shaping of this interface.
   *
   * @return the current shaping; {@link Shaping#NONE} if this library does not shape it
   */
  public Shaping shaping() {
    Location.Place place = location.place();
    return place.stack().driver().shaping().get(place.name()).orElse(Shaping.NONE);
  }

  /**
   * Removes the shaping. It is not an error if there is none.
   *
   * @return this
   */
  public NetInterface unshape() {
    return shaped("unshape", (driver, name) -> driver.clear(name));
  }

  private NetInterface shaped(String what, BiConsumer<ShapingDriver, String> operation) {
    Location.Place place = location.place();
    NetworkStack stack = place.stack();
    stack
        .vnet()
        .change(
            place.name() + " " + what,
            stack,
            () -> operation.accept(stack.driver().shaping(), place.name()));
    return this;
  }

  /**
   * Moves the interface to another stack, as {@code ifconfig epair0b vnet jail} does. It loses its
   * addresses, routes and groups and is down afterwards. It keeps its name, MAC address, MTU and
   * description.
   *
   * @param target the stack that receives it
   * @return this
   * @throws BusyException if it is in that stack already or a member of a bridge; nothing moved
   * @throws NameTakenException if the name is taken in that stack (EEXIST); nothing moved
   * @throws Vnet.UnsupportedException if it is a bridge, a gre or a gif and the kernel cannot move
   *     that kind
   */
  public NetInterface vnet(NetworkStack target) {
    return target.vnet().whileNoJailChanges(() -> move(target));
  }

  private NetInterface move(NetworkStack target) {
    Location.Place place = location.place();
    if (place.stack().vnet() != target.vnet()) {
      throw new IllegalArgumentException(
          "interface " + place.name() + " and stack " + target.name() + " are of different Vnets");
    }
    if (place.stack() == target) {
      throw new BusyException(
          "interface " + place.name() + " is already in " + target.name() + "; nothing moved");
    }
    checkMovable();
    place
        .stack()
        .vnet()
        .change(
            "ifconfig " + place.name() + " vnet " + target.name(),
            place.stack(),
            () -> {
              target
                  .vnet()
                  .kernel()
                  .move(place.name(), place.stack().jidOrHost(), target.jidOrHost());
              place.stack().moved(location, place.name(), target, place.name());
            });
    return this;
  }

  /**
   * Moves the interface from its jail to the parent of the jail, as {@code ifconfig epair0b -vnet
   * jail} does.
   *
   * @return this
   * @throws BusyException if it is on the host
   */
  public NetInterface reclaim() {
    if (stack() instanceof Jail jail) {
      return vnet(jail.parent());
    }
    throw new BusyException(
        "interface " + name() + " is on the host; there is nothing to take back");
  }

  /** Destroys the interface. Destroying one end of an epair destroys both. Idempotent. */
  public void destroy() {
    vnet().whileNoJailChanges(() -> destroyed());
  }

  /** Destroys the interface while the caller holds the lock; returns whether it existed. */
  boolean destroyed() {
    Location.Place place = location.last();
    if (location.isGone()) {
      return false;
    }
    boolean there = true;
    try {
      change("destroy", "", (driver, name) -> driver.destroy(name));
    } catch (NotFoundException | Jail.NotFoundException e) {
      there = false; // destroyed by another program, or with its jail
    }
    place.stack().moved(location, place.name(), null, null);
    return there;
  }

  private Vnet vnet() {
    return location.last().stack().vnet();
  }

  void checkMovable() {
    InterfaceInfo info = info();
    if (info.kind() == InterfaceKind.BRIDGE) {
      stack().vnet().require(Capability.MOVE_BRIDGE);
    }
    if (info.kind() == InterfaceKind.GRE || info.kind() == InterfaceKind.GIF) {
      stack().vnet().require(Capability.MOVE_TUNNEL);
    }
    if (info.bridge().isPresent()) {
      throw new BusyException(
          "interface "
              + info.name()
              + " is a member of "
              + info.bridge().get()
              + " and cannot move; bridge.delete(iface) first");
    }
  }

  /** Returns the name, after a check that the interface is in that stack. */
  String nameIn(NetworkStack stack) {
    Location.Place place = location.place();
    if (place.stack() != stack) {
      throw new NotFoundException(
          "interface "
              + place.name()
              + " is in "
              + place.stack().name()
              + ", not in "
              + stack.name());
    }
    return place.name();
  }

  Location location() {
    return location;
  }

  NetInterface change(String what, Object to, BiConsumer<InterfaceDriver, String> operation) {
    Location.Place place = location.place();
    NetworkStack stack = place.stack();
    stack
        .vnet()
        .change(
            () -> "ifconfig " + place.name() + " " + what + to,
            stack,
            () -> operation.accept(stack.driver().interfaces(), place.name()));
    return this;
  }

  private static Cidr family(Cidr address, boolean ipv6) {
    if (address.isIpv6() != ipv6) {
      throw new IllegalArgumentException(
          address + (ipv6 ? " is IPv4: use inet" : " is IPv6: use inet6"));
    }
    return address;
  }

  /** Returns whether the other object is a handle on the same interface. */
  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof NetInterface that && that.location == location;
  }

  @Override
  public final int hashCode() {
    return System.identityHashCode(location);
  }

  /**
   * Returns the interface as ifconfig(8) prints it.
   *
   * @return several lines, or one line with the error if it cannot be read
   */
  @Override
  public String toString() {
    try {
      return info().toString();
    } catch (VnetException e) {
      return Names.visible(name()) + " (" + e.getMessage() + ")";
    }
  }

  /** Thrown if the interface does not exist (ENXIO, ENODEV). */
  public static final class NotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message which interface of which stack
     */
    public NotFoundException(String message) {
      super(message);
    }

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public NotFoundException(KernelError error) {
      super(error, null);
    }
  }

  /** Thrown if an interface of that name exists (EEXIST). */
  public static final class NameTakenException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public NameTakenException(KernelError error) {
      super(error, "take another name, or rename the interface that has it");
    }
  }

  /** Thrown if the interface is in use in a way that forbids the operation (EBUSY). */
  public static final class BusyException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message the interface and its current use
     */
    public BusyException(String message) {
      super(message);
    }

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public BusyException(KernelError error) {
      super(error, null);
    }
  }

  /** Thrown if the interface does not have that address (EADDRNOTAVAIL). */
  public static final class AddressNotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public AddressNotFoundException(KernelError error) {
      super(error, null);
    }
  }
}
