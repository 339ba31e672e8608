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
 * A network stack: a place with its own interfaces, addresses, routes and sockets. The {@link Host}
 * is one, every {@link Jail} is another. What is made by a stack's methods is made in it.
 *
 * <p>For use by several threads, as {@link Vnet} says.
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

  /** Returns the operations on this stack; throws if it no longer exists. */
  abstract StackDriver driver();

  /** Returns the number that names the stack to the kernel. */
  abstract int jidOrHost();

  Vnet vnet() {
    return vnet;
  }

  /**
   * Begins a child jail of this stack.
   *
   * @param name letters, digits, {@code _ -}, not digits alone; a child's full name has its
   *     parents' before it, as in {@code outer.inner}
   * @return a builder that ends in {@link JailBuilder#create()}
   */
  public JailBuilder jail(String name) {
    return new JailBuilder(this, Names.jailName(name));
  }

  /**
   * Begins an epair: a virtual Ethernet cable with two ends.
   *
   * @return a builder that ends in {@link EpairBuilder#create()}
   */
  public EpairBuilder epair() {
    return new EpairBuilder(this);
  }

  /**
   * Begins a bridge.
   *
   * @return a builder that ends in {@link BridgeBuilder#create()}
   */
  public BridgeBuilder bridge() {
    return new BridgeBuilder(this);
  }

  /**
   * Begins a tap: an Ethernet interface whose other side is a program, such as a virtual machine.
   *
   * @return a builder that ends in {@link InterfaceBuilder#create()}
   */
  public InterfaceBuilder tap() {
    return InterfaceBuilder.tap(this);
  }

  /**
   * Begins a further loopback interface.
   *
   * @return a builder that ends in {@link InterfaceBuilder#create()}
   */
  public InterfaceBuilder loopback() {
    return InterfaceBuilder.loopback(this);
  }

  /**
   * Begins an 802.1Q network on an interface of this stack.
   *
   * @param parent the interface below
   * @param tag 1 to 4094
   * @return a builder that ends in {@link InterfaceBuilder#create()}
   */
  public InterfaceBuilder vlan(NetInterface parent, int tag) {
    return InterfaceBuilder.vlan(this, parent, tag);
  }

  /**
   * Begins an Ethernet network carried in UDP packets.
   *
   * @param vni the network identifier, 0 to 16777215
   * @param local the address packets are sent from
   * @param remote the peer
   * @return a builder that ends in {@link VxlanBuilder#create()}
   */
  public VxlanBuilder vxlan(int vni, String local, String remote) {
    return vxlan(vni, IpLiteral.parse(local), IpLiteral.parse(remote));
  }

  /**
   * Begins an Ethernet network carried in UDP packets.
   *
   * @param vni the network identifier, 0 to 16777215
   * @param local the address packets are sent from
   * @param remote the peer
   * @return a builder that ends in {@link VxlanBuilder#create()}
   */
  public VxlanBuilder vxlan(int vni, InetAddress local, InetAddress remote) {
    return new VxlanBuilder(this, vni, local, remote);
  }

  /**
   * Begins a tunnel for IP packets, or Ethernet frames, by generic routing encapsulation.
   *
   * @param local the address packets are sent from
   * @param remote the peer, of the same family
   * @return a builder that ends in {@link GreBuilder#create()}
   */
  public GreBuilder gre(String local, String remote) {
    return new GreBuilder(this, TunnelEnds.parse("gre", local, remote));
  }

  /**
   * Begins a tunnel for IP packets, or Ethernet frames, by generic routing encapsulation.
   *
   * @param local the address packets are sent from
   * @param remote the peer, of the same family
   * @return a builder that ends in {@link GreBuilder#create()}
   */
  public GreBuilder gre(InetAddress local, InetAddress remote) {
    return new GreBuilder(this, TunnelEnds.of("gre", local, remote));
  }

  /**
   * Begins a tunnel for IP packets in IP packets.
   *
   * @param local the address packets are sent from
   * @param remote the peer, of the same family
   * @return a builder that ends in {@link GifBuilder#create()}
   */
  public GifBuilder gif(String local, String remote) {
    return new GifBuilder(this, TunnelEnds.parse("gif", local, remote));
  }

  /**
   * Begins a tunnel for IP packets in IP packets.
   *
   * @param local the address packets are sent from
   * @param remote the peer, of the same family
   * @return a builder that ends in {@link GifBuilder#create()}
   */
  public GifBuilder gif(InetAddress local, InetAddress remote) {
    return new GifBuilder(this, TunnelEnds.of("gif", local, remote));
  }

  /**
   * Returns a handle on an interface of this stack.
   *
   * @param name its name; physical interfaces too
   * @return the handle
   * @throws NetInterface.NotFoundException if there is none of that name
   */
  public NetInterface iface(String name) {
    driver().interfaces().get(Names.interfaceName(name));
    return new NetInterface(locate(name));
  }

  /**
   * Looks an interface of this stack up.
   *
   * @param name its name; physical interfaces too
   * @return its handle, empty if there is none of that name
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
    InterfaceInfo info = driver().interfaces().get(Names.interfaceName(name));
    if (info.kind() != InterfaceKind.BRIDGE) {
      throw new NetInterface.NotFoundException(
          "interface " + name + " of " + name() + " is no bridge but of kind " + info.kind());
    }
    return new Bridge(locate(name));
  }

  /**
   * Looks a bridge of this stack up.
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
   * Lists the interfaces of this stack.
   *
   * @return handles in the order of their index; each prints what ifconfig(8) shows of it
   */
  public List<NetInterface> interfaces() {
    List<NetInterface> handles = new ArrayList<>();
    for (InterfaceInfo info : ifconfig()) {
      handles.add(new NetInterface(locate(info.name())));
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
   * Publishes what happens in this stack from the moment of a subscription on, whoever does it.
   *
   * <p>Each subscription listens with a socket and a daemon thread of its own, on which the
   * subscriber is called. While it asks for nothing ({@link Flow.Subscription#request}) events wait
   * in the kernel; when its buffer ran over, {@link StackEvent.Missed} says so, and the differences
   * follow. It completes when the stack or the {@link Vnet} no longer exists. To subscribe throws
   * {@link Vnet.NoThreadException} if there is no thread for it.
   *
   * @return events for any number who listen: a {@link Flow.Publisher}, or {@link Events#open()}
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
   * Lets this stack forward packets between its interfaces, IPv4 and IPv6: a soft router.
   *
   * @param on true for a router
   */
  public void forwarding(boolean on) {
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
   * @return true for a router
   */
  public boolean forwarding() {
    return driver().forwarding(StandardProtocolFamily.INET);
  }

  /**
   * Begins a process in this stack.
   *
   * @param command the program and its arguments; no shell comes between
   * @return a builder that ends in {@link Exec#start()} or {@link Exec#run}
   */
  public Exec exec(String... command) {
    return exec(List.of(command));
  }

  /**
   * Begins a process in this stack.
   *
   * @param command the program and its arguments; no shell comes between
   * @return a builder that ends in {@link Exec#start()} or {@link Exec#run}
   */
  public Exec exec(List<String> command) {
    return new Exec(this, List.copyOf(command));
  }

  /**
   * Begins an ICMP echo probe from this stack. No ping program is needed.
   *
   * @param destination an IPv4 or IPv6 address; for a link-local one with its zone, as in {@code
   *     fe80::1%epair0a}
   * @return a builder that ends in {@link Ping#run()}
   * @throws IllegalArgumentException if it is no address, or link-local without a zone
   */
  public Ping ping(String destination) {
    return StackParts.ping(family -> driver().sockets().icmp(family), destination);
  }

  /**
   * Begins an ICMP echo probe from this stack. No ping program is needed.
   *
   * @param destination an address that is not link-local: the zone of one names an interface of
   *     this stack, which only text can say
   * @return a builder that ends in {@link Ping#run()}
   * @throws IllegalArgumentException if it is link-local
   */
  public Ping ping(InetAddress destination) {
    return StackParts.ping(family -> driver().sockets().icmp(family), destination);
  }

  /**
   * Returns the ipfw of this stack; it can reach no other stack's.
   *
   * @return the firewall
   * @throws Vnet.UnsupportedException without {@link Capability#IPFW}
   */
  public Ipfw ipfw() {
    return StackParts.ipfw(access(Capability.IPFW, StackDriver::ipfw));
  }

  /**
   * Returns the pf of this stack; it can reach no other stack's.
   *
   * @return the firewall
   * @throws Vnet.UnsupportedException without {@link Capability#PF}
   */
  public Pf pf() {
    return StackParts.pf(access(Capability.PF, StackDriver::pf));
  }

  /**
   * Returns the ipfilter of this stack; it can reach no other stack's.
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
   * Begins an ICMP echo probe of many addresses at once.
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
   * and dhcpcd, whichever is installed. The system's {@code /etc/resolv.conf} is left alone. If
   * anything fails, the client is ended, and addresses and routes are as they were.
   *
   * <p>The client does not stay: nobody renews the lease. Call again before its time is up; if no
   * server answers then, address and route of the first lease stay.
   *
   * @param iface an interface of this stack; it is brought up
   * @return the lease
   * @throws DhcpLease.NoClientException if no client is installed; it names the packages
   * @throws DhcpLease.NoLeaseException if no server granted one within 30 seconds
   * @throws Vnet.InterruptException if this thread is interrupted meanwhile
   */
  public DhcpLease dhcp(NetInterface iface) {
    return dhcp(iface, DhcpClient.PATIENCE);
  }

  /**
   * Does as {@link #dhcp(NetInterface)} does, with a patience of the caller's.
   *
   * @param iface an interface of this stack; it is brought up
   * @param patience how long to wait for the lease, more than zero; udhcpc gives up after 8 seconds
   *     by itself
   * @return the lease
   * @throws DhcpLease.NoClientException if no client is installed; it names the packages
   * @throws DhcpLease.NoLeaseException if no server granted one by then
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

  /** Records that an interface was moved, renamed, or destroyed (no new place). */
  void moved(String name, @Nullable NetworkStack to, @Nullable String newName) {
    Location location = locations.get(name);
    if (location != null) {
      moved(location, name, to, newName);
    }
  }

  /** The same for one interface: another may have its name by now. */
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
   * Says which stack this is.
   *
   * @return its name, and for a jail what {@code jls -v} shows
   */
  @Override
  public abstract String toString();
}
