// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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
import org.vnet4j.net.MacAddress;
import org.vnet4j.net.Names;
import org.vnet4j.net.Shaping;
import org.vnet4j.spi.InterfaceDriver;
import org.vnet4j.spi.ShapingDriver;
import org.vnet4j.spi.StackDriver;
import org.vnet4j.spi.StackParts;

/**
 * A handle on a network interface, wherever it is: it follows the interface when it is given to a
 * jail, taken back or renamed by this {@link Vnet}. See ifconfig(8).
 *
 * <p>Every method queries or changes the kernel at once, and throws {@link NotFoundException} if
 * the interface is no longer there. For use by several threads, as {@link Vnet} says.
 */
public sealed class NetInterface permits Bridge {
  /** Smallest MTU in bytes that may be set: what IPv4 asks for (RFC 791). */
  public static final int MIN_MTU = 68;

  /** Largest MTU in bytes that may be set. */
  public static final int MAX_MTU = 65535;

  private static final int LONGEST_DESCRIPTION = 120;

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
   * Returns the other end of the cable this is an end of. Of a cable that this {@link Vnet} did not
   * make, it is looked for in all stacks: {@link Vnet#epairs()} finds all at once.
   *
   * @return empty if it is none, or its other end is not found there
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
   * Reads what the kernel says about the interface.
   *
   * @return a snapshot that prints like ifconfig(8)
   */
  public InterfaceInfo info() {
    Location.Place place = location.place();
    return place.stack().driver().interfaces().get(place.name());
  }

  /**
   * Returns whether the interface is there.
   *
   * @return false once it was destroyed, by whomever
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
   * Adds an IPv4 address. Adding one that is there is no error.
   *
   * @param address with the prefix length of its network, as in {@code 192.0.2.2/24}
   * @return this
   * @throws IllegalArgumentException if it is no IPv4 address with a prefix length
   */
  public NetInterface inet(String address) {
    return addAddress(family(Cidr.parse(address), false));
  }

  /**
   * Adds an IPv4 address. Adding one that is there is no error.
   *
   * @param address with the prefix length of its network
   * @return this
   * @throws IllegalArgumentException if it is IPv6
   */
  public NetInterface inet(Cidr address) {
    return addAddress(family(address, false));
  }

  /**
   * Adds an IPv6 address. It is usable at once: duplicate address detection is left out.
   *
   * @param address with the prefix length of its network, as in {@code 2001:db8::2/64}
   * @return this
   * @throws IllegalArgumentException if it is no IPv6 address with a prefix length
   */
  public NetInterface inet6(String address) {
    return addAddress(family(Cidr.parse(address), true));
  }

  /**
   * Adds an IPv6 address. It is usable at once: duplicate address detection is left out.
   *
   * @param address with the prefix length of its network
   * @return this
   * @throws IllegalArgumentException if it is IPv4
   */
  public NetInterface inet6(Cidr address) {
    return addAddress(family(address, true));
  }

  /**
   * Adds an address of either family, as {@link #inet} or {@link #inet6} does.
   *
   * @param address with the prefix length of its network
   * @return this
   */
  public NetInterface addAddress(Cidr address) {
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
   * Lists the addresses.
   *
   * @return IPv4 first
   */
  public List<Cidr> addresses() {
    return info().addresses();
  }

  /**
   * Brings the interface up.
   *
   * @return this
   */
  public NetInterface up() {
    return change("up", "", (driver, name) -> driver.up(name, true));
  }

  /**
   * Brings the interface down.
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
   * @return what was counted since the interface was made
   */
  public InterfaceCounters counters() {
    Location.Place place = location.place();
    return place.stack().driver().interfaces().counters(place.name());
  }

  /**
   * Reads the counters again and again, and publishes the rates between two readings.
   *
   * <p>The first look is at the subscription. Each subscription has a daemon thread of its own, on
   * which the subscriber is called; the rates follow the interface to where it moves. While nobody
   * asks ({@link Flow.Subscription#request}) nothing is read, and the next rates are means over the
   * longer span. It ends with {@link NotFoundException} at the look that finds no such interface,
   * and completes at the look that finds the {@link Vnet} closed, or the jail removed by another
   * program.
   *
   * @param every the time between two looks, 1 millisecond to 1 day
   * @return events for any number who listen: a {@link Flow.Publisher}, or {@link Events#open()}; a
   *     subscription throws {@link NotFoundException} if the interface no longer exists
   */
  public Events<InterfaceRates> rates(Duration every) {
    if (every.compareTo(Duration.ofMillis(1)) < 0 || every.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("rates every " + every + ": not in 1 ms..1 day");
    }
    return new Events<>(name(), () -> new RateFeed(this::countersOnTheMove, every));
  }

  /** Reads the counters, also of an interface that is just moving. */
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
   * Begins a capture of what passes this interface, in and out.
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
   * Shapes what leaves by this interface: bandwidth, delay, loss and the like, instead of what was
   * said before. It is lost when the interface moves. On FreeBSD frames are led into a pipe of
   * dummynet(4) by rules 1 to 99 in set 31 of ipfw(4), which decide nothing of a user's own rules.
   * See dummynet(4), tc-tbf(8), tc-netem(8).
   *
   * @param shaping how bad the line is; {@link Shaping#NONE} ends it
   * @return this
   * @throws Vnet.UnsupportedException if the kernel has not one of the capabilities that this takes
   *     ({@link Capability#SHAPE_RATE} and the others), or no numbers for it: dummynet(4) delays by
   *     whole milliseconds and ticks of the clock, and queues 100 packets at most unless set
   *     otherwise; nothing changed
   * @throws BusyException if somebody else shapes it; nothing changed
   */
  public NetInterface shape(Shaping shaping) {
    if (shaping.isNone()) {
      return unshape();
    }
    stack().vnet().requireFor(shaping);
    return shaped("shape " + shaping, (driver, name) -> driver.set(name, shaping));
  }

  /**
   * Reads how what leaves by this interface is shaped.
   *
   * @return what the kernel says now; {@link Shaping#NONE} if this library does not shape it
   */
  public Shaping shaping() {
    Location.Place place = location.place();
    return place.stack().driver().shaping().get(place.name()).orElse(Shaping.NONE);
  }

  /**
   * Lets packets leave as they come. No error if they do.
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
   * Gives the interface to another stack, as {@code ifconfig epair0b vnet jail} does. It loses its
   * addresses, routes and groups and comes out down; name, MAC address, MTU and description
   * survive.
   *
   * @param target the stack to move it to
   * @return this
   * @throws BusyException if it is there already or a member of a bridge; nothing moved
   * @throws NameTakenException if the name is taken there; nothing moved
   * @throws Vnet.UnsupportedException if it is a bridge, a gre or a gif and the kernel cannot move
   *     one
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
   * Takes the interface back from its jail into the stack the jail was made in, as {@code ifconfig
   * epair0b -vnet jail} does.
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

  /** Destroys the interface; of an epair both ends are destroyed. Idempotent. */
  public void destroy() {
    vnet().whileNoJailChanges(() -> destroyed());
  }

  /** The same under the lock; returns whether it was there still. */
  boolean destroyed() {
    Location.Place place = location.last();
    if (location.isGone()) {
      return false;
    }
    boolean there = true;
    try {
      change("destroy", "", (driver, name) -> driver.destroy(name));
    } catch (NotFoundException | Jail.NotFoundException e) {
      there = false; // by somebody else, or with its jail
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

  /** Two handles are equal if they are on the same interface. */
  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof NetInterface that && that.location == location;
  }

  @Override
  public final int hashCode() {
    return System.identityHashCode(location);
  }

  /**
   * Returns what ifconfig(8) prints about the interface.
   *
   * @return several lines, or one that says it no longer exists
   */
  @Override
  public String toString() {
    try {
      return info().toString();
    } catch (VnetException e) {
      return name() + " (" + e.getMessage() + ")";
    }
  }

  /** There is no such interface, or no longer. */
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

  /** An interface of that name is there already. */
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

  /** The interface is in use in a way that forbids this. */
  public static final class BusyException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message what holds it
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

  /** The interface does not have that address. */
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
