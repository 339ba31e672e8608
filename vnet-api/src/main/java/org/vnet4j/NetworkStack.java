// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.event.Events;
import org.vnet4j.firewall.Ipf;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.Pf;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.Names;
import org.vnet4j.probe.Ping;
import org.vnet4j.probe.PingAll;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.StackDriver;
import org.vnet4j.spi.StackParts;

/**
 * A network stack with its own interfaces, addresses, routes and sockets: the {@link Host} or a
 * {@link Jail}. The methods of a stack create objects in that stack.
 *
 * <p>Thread-safe; see {@link Vnet}.
 */
public abstract sealed class NetworkStack permits Host, Jail {
  private final Vnet vnet;
  private final Map<String, Location> locations = new ConcurrentHashMap<>();

  NetworkStack(Vnet vnet) {
    this.vnet = vnet;
  }

  /**
   * Returns the stack's name.
   *
   * @return {@code host}, or the full name of the jail
   */
  public abstract String name();

  /** Returns the operations on this stack; throws if the jail was removed. */
  abstract StackDriver driver();

  /** Returns the jid, or 0 for the host stack. */
  abstract int jidOrHost();

  Vnet vnet() {
    return vnet;
  }

  /**
   * Returns a builder of a child jail of this stack.
   *
   * @param name letters, digits, {@code _ -}, not digits alone; a child's full name has its
   *     parents' before it, as in {@code outer.inner}
   * @return a builder that ends in {@link JailBuilder#create()}
   */
  public JailBuilder jail(String name) {
    return new JailBuilder(this, Names.jailName(name));
  }

  /**
   * Returns a builder of an epair: two Ethernet interfaces joined back to back.
   *
   * @return a builder that ends in {@link EpairBuilder#create()}
   */
  public EpairBuilder epair() {
    return new EpairBuilder(this);
  }

  /**
   * Returns a builder of a bridge.
   *
   * @return a builder that ends in {@link BridgeBuilder#create()}
   */
  public BridgeBuilder bridge() {
    return new BridgeBuilder(this);
  }

  /**
   * Returns a builder of a tap: an Ethernet interface with a program at its other side.
   *
   * @return a builder that ends in {@link InterfaceBuilder#create()}
   */
  public InterfaceBuilder tap() {
    return InterfaceBuilder.tap(this);
  }

  /**
   * Returns a builder of an additional loopback interface.
   *
   * @return a builder that ends in {@link InterfaceBuilder#create()}
   */
  public InterfaceBuilder loopback() {
    return InterfaceBuilder.loopback(this);
  }

  /**
   * Returns a builder of an 802.1Q VLAN on an interface of this stack.
   *
   * @param parent the interface that carries the tagged frames
   * @param tag 1 to 4094
   * @return a builder that ends in {@link InterfaceBuilder#create()}
   */
  public InterfaceBuilder vlan(NetInterface parent, int tag) {
    return InterfaceBuilder.vlan(this, parent, tag);
  }

  /**
   * Returns a builder of a vxlan interface: an Ethernet network carried in UDP packets.
   *
   * @param vni the network identifier, 0 to 16777215
   * @param local source address of the outer packets
   * @param remote address of the peer
   * @return a builder that ends in {@link VxlanBuilder#create()}
   */
  public VxlanBuilder vxlan(int vni, String local, String remote) {
    return vxlan(vni, IpLiteral.parse(local), IpLiteral.parse(remote));
  }

  /**
   * Returns a builder of a vxlan interface: an Ethernet network carried in UDP packets.
   *
   * @param vni the network identifier, 0 to 16777215
   * @param local source address of the outer packets
   * @param remote address of the peer
   * @return a builder that ends in {@link VxlanBuilder#create()}
   */
  public VxlanBuilder vxlan(int vni, InetAddress local, InetAddress remote) {
    return new VxlanBuilder(this, vni, local, remote);
  }

  /**
   * Returns a builder of a gre tunnel for IP packets or Ethernet frames.
   *
   * @param local source address of the outer packets
   * @param remote address of the peer, of the same family
   * @return a builder that ends in {@link GreBuilder#create()}
   */
  public GreBuilder gre(String local, String remote) {
    return new GreBuilder(this, TunnelEnds.parse("gre", local, remote));
  }

  /**
   * Returns a builder of a gre tunnel for IP packets or Ethernet frames.
   *
   * @param local source address of the outer packets
   * @param remote address of the peer, of the same family
   * @return a builder that ends in {@link GreBuilder#create()}
   */
  public GreBuilder gre(InetAddress local, InetAddress remote) {
    return new GreBuilder(this, TunnelEnds.of("gre", local, remote));
  }

  /**
   * Returns a builder of a gif tunnel for IP packets in IP packets.
   *
   * @param local source address of the outer packets
   * @param remote address of the peer, of the same family
   * @return a builder that ends in {@link GifBuilder#create()}
   */
  public GifBuilder gif(String local, String remote) {
    return new GifBuilder(this, TunnelEnds.parse("gif", local, remote));
  }

  /**
   * Returns a builder of a gif tunnel for IP packets in IP packets.
   *
   * @param local source address of the outer packets
   * @param remote address of the peer, of the same family
   * @return a builder that ends in {@link GifBuilder#create()}
   */
  public GifBuilder gif(InetAddress local, InetAddress remote) {
    return new GifBuilder(this, TunnelEnds.of("gif", local, remote));
  }

  /**
   * Returns a handle on an interface of this stack.
   *
   * @param name its name; physical interfaces too, and those that others gave an unusual name
   * @return the handle
   * @throws NetInterface.NotFoundException if the stack has no interface of that name
   */
  public NetInterface iface(String name) {
    driver().interfaces().get(possible(name));
    return listed(name);
  }

  /** Returns a handle on an interface that the kernel has just reported. */
  NetInterface listed(String name) {
    return new NetInterface(locate(name));
  }

  /** Checks the name of an interface. Others may have given one of this stack an unusual name. */
  private String possible(String name) {
    try {
      return Names.interfaceName(name);
    } catch (IllegalArgumentException e) {
      if (ifconfig().stream().noneMatch(info -> info.name().equals(name))) {
        throw e;
      }
      return name;
    }
  }

  /**
   * Finds an interface of this stack.
   *
   * @param name its name; physical interfaces too
   * @return its handle, empty if the stack has no interface of that name
   */
  public Optional<NetInterface> findIface(String name) {
    try {
      return Optional.of(iface(name));
    } catch (NetInterface.NotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns a handle on a bridge of this stack.
   *
   * @param name its name
   * @return the handle
   * @throws NetInterface.NotFoundException if there is no bridge of that name
   */
  public Bridge bridge(String name) {
    InterfaceInfo info = driver().interfaces().get(possible(name));
    if (info.kind() != InterfaceKind.BRIDGE) {
      throw new NetInterface.NotFoundException(
          "interface " + name + " of " + name() + " is no bridge but of kind " + info.kind());
    }
    return new Bridge(locate(name));
  }

  /**
   * Finds a bridge of this stack.
   *
   * @param name its name
   * @return its handle, empty if there is no bridge of that name
   */
  public Optional<Bridge> findBridge(String name) {
    try {
      return Optional.of(bridge(name));
    } catch (NetInterface.NotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Lists the interfaces of this stack. A new stack holds its loopback, and on Linux the
   * {@linkplain InterfaceInfo#FALLBACK fallback devices} of the tunnel modules that are loaded.
   *
   * @return handles in the order of their index; each prints as in ifconfig(8)
   */
  public List<NetInterface> interfaces() {
    List<NetInterface> handles = new ArrayList<>();
    for (InterfaceInfo info : ifconfig()) {
      handles.add(listed(info.name()));
    }
    return handles;
  }

  /**
   * Reads all interfaces of this stack at once, as ifconfig(8) does.
   *
   * @return in the order of their index
   */
  public List<InterfaceInfo> ifconfig() {
    return driver().interfaces().list();
  }

  /**
   * Reports the changes in this stack, by any program, from the moment of the subscription.
   *
   * <p>Each subscription has a socket and a daemon thread of its own, on which the subscriber is
   * called. While the subscriber requests nothing ({@link Flow.Subscription#request}), events wait
   * in the kernel. If the kernel's buffer overflows, the subscription reports {@link
   * StackEvent.Missed} and then the differences. It completes when the jail is removed or the
   * {@link Vnet} is closed. To subscribe throws {@link Vnet.NoThreadException} if the system cannot
   * create another thread.
   *
   * @return a source for any number of subscriptions ({@link Flow.Publisher}, {@link
   *     Events#open()})
   */
  public Events<StackEvent> events() {
    return new Events<>(name(), () -> new StackFeed(this));
  }

  /**
   * Returns the routing table.
   *
   * @return the table
   */
  public Routes routes() {
    return new Routes(this);
  }

  /**
   * Enables or disables forwarding of IPv4 and IPv6 packets between the interfaces of this stack.
   *
   * @param on true to enable, false to disable
   * @throws Vnet.UnsupportedException without {@link Capability#FORWARDING}
   */
  public void forwarding(boolean on) {
    vnet.require(Capability.FORWARDING);
    vnet.change(
        "forwarding " + on,
        this,
        () -> {
          if (vnet.has(Capability.IPV6)) {
            bothForward(on);
          } else {
            driver().forwarding(StandardProtocolFamily.INET, on);
          }
        });
  }

  private void bothForward(boolean on) {
    boolean before = forwarding();
    try (Transaction tx = vnet.transaction()) {
      driver().forwarding(StandardProtocolFamily.INET, on);
      tx.onUndo("IPv4 forwarding", () -> driver().forwarding(StandardProtocolFamily.INET, before));
      driver().forwarding(StandardProtocolFamily.INET6, on);
      tx.commit();
    }
  }

  /**
   * Returns whether this stack forwards IPv4 packets.
   *
   * @return true if forwarding is enabled
   */
  public boolean forwarding() {
    return driver().forwarding(StandardProtocolFamily.INET);
  }

  /**
   * Returns a builder of a process in this stack.
   *
   * @param command the program and its arguments; no shell is involved
   * @return a builder that ends in {@link Exec#start()} or {@link Exec#run}
   */
  public Exec exec(String... command) {
    return exec(List.of(command));
  }

  /**
   * Returns a builder of a process in this stack.
   *
   * @param command the program and its arguments; no shell is involved
   * @return a builder that ends in {@link Exec#start()} or {@link Exec#run}
   */
  public Exec exec(List<String> command) {
    return new Exec(this, List.copyOf(command));
  }

  /**
   * Returns a builder of an ICMP echo probe from this stack, without the program ping.
   *
   * @param destination an IPv4 or IPv6 address; a link-local address has its zone, as in {@code
   *     fe80::1%epair0a}
   * @return a builder that ends in {@link Ping#run()}
   * @throws IllegalArgumentException if the text is not an address, or is link-local without a zone
   */
  public Ping ping(String destination) {
    return StackParts.ping(family -> driver().sockets().icmp(family), destination);
  }

  /**
   * Returns a builder of an ICMP echo probe from this stack, without the program ping.
   *
   * @param destination an address that is not link-local; {@link #ping(String)} takes those with
   *     their zone, an interface of this stack
   * @return a builder that ends in {@link Ping#run()}
   * @throws IllegalArgumentException if it is link-local
   */
  public Ping ping(InetAddress destination) {
    return StackParts.ping(family -> driver().sockets().icmp(family), destination);
  }

  /**
   * Returns the ipfw of this stack, which affects no other stack.
   *
   * @return the firewall
   * @throws Vnet.UnsupportedException without {@link Capability#IPFW}
   */
  public Ipfw ipfw() {
    return StackParts.ipfw(access(Capability.IPFW, StackDriver::ipfw));
  }

  /**
   * Returns the pf of this stack, which affects no other stack.
   *
   * @return the firewall
   * @throws Vnet.UnsupportedException without {@link Capability#PF}
   */
  public Pf pf() {
    return StackParts.pf(access(Capability.PF, StackDriver::pf));
  }

  /**
   * Returns the ipfilter of this stack, which affects no other stack.
   *
   * @return the firewall
   * @throws Vnet.UnsupportedException without {@link Capability#IPF}
   */
  public Ipf ipf() {
    return StackParts.ipf(access(Capability.IPF, StackDriver::ipf));
  }

  private <D> Access<D> access(Capability needed, Function<StackDriver, D> role) {
    vnet.require(needed);
    return new Access<>() {
      @Override
      public String stack() {
        return name();
      }

      @Override
      public D driver() {
        return role.apply(NetworkStack.this.driver());
      }

      @Override
      public <T> T changeAndGet(String what, Function<D, T> change) {
        return vnet.change(what, NetworkStack.this, () -> change.apply(driver()));
      }
    };
  }

  /**
   * Returns a builder of an ICMP echo probe of many addresses at once.
   *
   * @param destinations IPv4 and IPv6 addresses, none of them link-local
   * @return a builder that ends in {@link PingAll#run()}
   * @throws IllegalArgumentException if there are more than 65535
   */
  public PingAll pingAll(Collection<InetAddress> destinations) {
    return StackParts.pingAll(family -> driver().sockets().icmp(family), destinations);
  }

  /**
   * Returns the sockets of this stack, usable from any thread.
   *
   * @return the sockets
   */
  public Sockets sockets() {
    return new Sockets(this);
  }

  /**
   * Runs the system's DHCP client on an interface of this stack, waits for the lease, and gives the
   * interface its address and the stack its default route. The client is one of dhclient, udhcpc
   * and dhcpcd, whichever is installed. The system's {@code /etc/resolv.conf} is not changed. If
   * any step fails, the client is killed, and addresses and routes are restored.
   *
   * <p>The client ends, so no program renews the lease. Call again before the lease expires; if no
   * server answers then, address and route of the first lease remain.
   *
   * @param iface an interface of this stack; it is brought up
   * @return the lease
   * @throws DhcpLease.NoClientException if no client is installed; the message names the packages
   * @throws DhcpLease.NoLeaseException if no server granted a lease within 30 seconds
   * @throws Vnet.InterruptException if this thread is interrupted meanwhile
   */
  public DhcpLease dhcp(NetInterface iface) {
    return dhcp(iface, DhcpClient.PATIENCE);
  }

  /**
   * Obtains a lease as {@link #dhcp(NetInterface)} does, with another time limit.
   *
   * @param iface an interface of this stack; it is brought up
   * @param patience longest time to wait for the lease, more than zero; udhcpc itself stops after 8
   *     seconds
   * @return the lease
   * @throws DhcpLease.NoClientException if no client is installed; the message names the packages
   * @throws DhcpLease.NoLeaseException if no server granted a lease in time
   * @throws Vnet.InterruptException if this thread is interrupted meanwhile
   */
  public DhcpLease dhcp(NetInterface iface, Duration patience) {
    return new DhcpClient(this, iface, patience).run();
  }

  Location locate(String name) {
    return locations.computeIfAbsent(name, key -> new Location(this, key, false));
  }

  /** Records a new interface. An earlier interface of that name no longer exists. */
  Location created(String name) {
    Location fresh = new Location(this, name, true);
    displace(locations.put(name, fresh));
    return fresh;
  }

  private static void displace(@Nullable Location old) {
    if (old != null) {
      old.goes();
    }
  }

  List<Location> located() {
    return List.copyOf(locations.values());
  }

  /** Updates the location maps: an interface moved, was renamed, or was destroyed (no new name). */
  void moved(String name, @Nullable NetworkStack to, @Nullable String newName) {
    Location location = locations.get(name);
    if (location != null) {
      moved(location, name, to, newName);
    }
  }

  /**
   * Updates the location maps for this interface only: another interface may have its name by now.
   */
  void moved(Location location, String name, @Nullable NetworkStack to, @Nullable String newName) {
    if (!locations.remove(name, location)) {
      return;
    }
    if (to == null || newName == null) {
      location.goes();
    } else {
      location.moveTo(to, newName);
      displace(to.locations.put(newName, location));
    }
  }

  /**
   * Returns a description of the stack.
   *
   * @return its name, and for a jail the lines of {@code jls -v}
   */
  @Override
  public abstract String toString();
}
