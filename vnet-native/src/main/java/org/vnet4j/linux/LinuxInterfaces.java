// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;
import static org.vnet4j.net.Errno.EBUSY;
import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.ENOENT;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.KernelError;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.linux.rtnetlink.AddressMessages;
import org.vnet4j.linux.rtnetlink.LinkMessage;
import org.vnet4j.linux.rtnetlink.LinkRequests;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.linux.rtnetlink.NeighbourMessages;
import org.vnet4j.linux.rtnetlink.RouteMessages;
import org.vnet4j.linux.rtnetlink.TunnelRequests;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.spi.InterfaceDriver;
import org.vnet4j.spi.InterfaceSpec;
import org.vnet4j.spi.KernelErrors;

/**
 * The interface driver: creates, reads, changes and destroys the interfaces of one namespace by
 * rtnetlink(7).
 */
public final class LinuxInterfaces implements InterfaceDriver {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxInterfaces.class);
  private static final long CARRIER_NANOS = 2_000_000_000L;
  private static final long ADDRESS_NANOS = 5_000_000_000L;
  private static final int IPV6_MIN_MTU = 1280;

  private static final long TUNSETPERSIST = 0x400454cb;
  private static final int MOST_ATTEMPTS = 3;

  /** The most neighbours in one request. */
  private static final int AT_ONCE = 50;

  private static final Comparator<Cidr> IPV4_FIRST = Comparator.comparing(Cidr::isIpv6);

  /**
   * The next index for one end of an epair into another namespace, chosen so that the other end
   * does not have it by chance. The kernel numbers the links of each namespace separately, so both
   * ends often get the same index. It takes a link with the index of its other end for one without
   * a lower device: it then notices up to a second late that the link is up, and bridges and IPv6
   * wait for that. See linkwatch_urgent_event() in net/core/link_watch.c.
   */
  private static final AtomicInteger NEXT_INDEX =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 20, 1 << 30));

  private final LinuxStack stack;
  private final UnitNumbers units = new UnitNumbers();

  LinuxInterfaces(LinuxStack stack) {
    this.stack = stack;
  }

  @Override
  public List<InterfaceInfo> list() {
    return stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          LinkRequests.dump(exchange.out().clear());
          List<LinkState> links = LinuxStack.links(exchange, "all");
          Map<Integer, List<Cidr>> addresses = addresses(exchange);
          Map<Integer, String> names = new HashMap<>();
          if (links.stream().anyMatch(link -> link.master() != 0)) {
            links.forEach(link -> names.put(link.index(), link.name()));
          }
          List<InterfaceInfo> list = new ArrayList<>(links.size());
          for (LinkState link : links) {
            String bridge = link.master() == 0 ? null : names.get(link.master());
            list.add(link.info(addresses.getOrDefault(link.index(), List.of()), bridge));
          }
          return list;
        });
  }

  @Override
  public InterfaceInfo get(String name) {
    return stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          LinkState link = LinuxStack.link(exchange, name);
          return link.info(addressesOf(exchange, name, link.index()), master(exchange, link));
        });
  }

  private static @Nullable String master(NetlinkSocket.Exchange exchange, LinkState link) {
    if (link.master() == 0) {
      return null;
    }
    LinkRequests.get(exchange.out().clear(), link.master());
    return exchange.get("RTM_GETLINK", "index " + link.master(), LinkMessage::decode).name();
  }

  private static List<Cidr> addressesOf(NetlinkSocket.Exchange exchange, String name, int index) {
    AddressMessages.dump(exchange.out().clear(), index);
    List<Cidr> addresses =
        exchange.dump(
            "RTM_GETADDR",
            name,
            (type, buffer, from, to) ->
                type == RTM_NEWADDR && AddressMessages.index(buffer, from) == index
                    ? AddressMessages.decode(buffer, from, to)
                    : null);
    addresses.sort(IPV4_FIRST);
    return addresses;
  }

  private static Map<Integer, List<Cidr>> addresses(NetlinkSocket.Exchange exchange) {
    AddressMessages.dump(exchange.out().clear(), 0);
    Map<Integer, List<Cidr>> addresses = new HashMap<>();
    exchange
        .dump("RTM_GETADDR", "all", LinuxInterfaces::owned)
        .forEach(one -> addresses.computeIfAbsent(one.index, i -> new ArrayList<>()).add(one.cidr));
    addresses.values().forEach(list -> list.sort(IPV4_FIRST));
    return addresses;
  }

  private record Owned(int index, Cidr cidr) {}

  private static @Nullable Owned owned(int type, ByteBuffer buffer, int from, int to) {
    Cidr cidr = type == RTM_NEWADDR ? AddressMessages.decode(buffer, from, to) : null;
    return cidr == null ? null : new Owned(AddressMessages.index(buffer, from), cidr);
  }

  @Override
  public String create(InterfaceSpec spec, @Nullable String name) {
    if (spec instanceof InterfaceSpec.Loopback) {
      throw stack.kernel().unsupported("a Linux stack has one loopback interface and no more");
    }
    String kind = spec.kind().toString();
    return name != null
        ? createNamed(spec, name)
        : units.next(kind, unit -> createNamed(spec, kind + unit));
  }

  private String createNamed(InterfaceSpec spec, String name) {
    if (spec instanceof InterfaceSpec.Tap) {
      createTap(name);
    } else {
      make(name, () -> request(spec, name));
      markOrDestroy(stack, name, name, stack.kernel().tag());
    }
    return name;
  }

  /**
   * Requests a new interface. The kernel reports EEXIST for a name that is taken, and also for a
   * tunnel that exists under another name; an interface of this name may have been destroyed since.
   * So the request is repeated before the error is reported.
   */
  private void request(InterfaceSpec spec, String name) {
    for (int attempt = 1; ; attempt++) {
      try {
        execute("RTM_NEWLINK", name, exchange -> encode(exchange, spec, name));
        return;
      } catch (NetInterface.NameTakenException e) {
        if (stack.has(name)) {
          throw e;
        }
        if (attempt == MOST_ATTEMPTS) {
          throw new NetInterface.BusyException(e.kernelError().orElseThrow(() -> e));
        }
      }
    }
  }

  /**
   * Creates an interface. If the reply is lost, an interface of that name counts as created here if
   * there was none before.
   */
  private void make(String name, Runnable request) {
    boolean taken = stack.has(name);
    stack.happens(() -> !taken && stack.has(name), request);
  }

  /**
   * Creates a tap interface. Until it is set persistent, the kernel destroys it when its descriptor
   * is closed; the helper holds a copy of the descriptor for a moment, so on failure the interface
   * is destroyed explicitly.
   */
  private void createTap(String name) {
    try (Fd tap = stack.here(() -> stack.kernel().helper().tap(stack.ref(), name)).fd()) {
      markOrDestroy(stack, name, name, stack.kernel().tag());
      int errno =
          tap.use(fd -> Native.libc().ioctl(fd, TUNSETPERSIST, 1) == -1 ? Native.errno() : 0);
      if (errno != 0) {
        VnetException refusal = KernelErrors.of(Errno.LINUX.error("TUNSETPERSIST", name, errno));
        Failures.undo(refusal, () -> destroy(name));
        throw refusal;
      }
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElseThrow(() -> e);
      throw error.isErrno(EBUSY, EEXIST) ? new NetInterface.NameTakenException(error) : e;
    }
  }

  private void encode(NetlinkSocket.Exchange exchange, InterfaceSpec spec, String name) {
    int group = stack.kernel().owners().unfinished();
    if (spec instanceof InterfaceSpec.Vlan vlan) {
      int parent = exchange.index(vlan.parent());
      LinkRequests.createVlan(exchange.out(), name, parent, vlan.tag(), group);
    } else if (spec instanceof InterfaceSpec.Vxlan vxlan) {
      String device = vxlan.device();
      int index = device == null ? 0 : exchange.index(device);
      TunnelRequests.vxlan(exchange.out(), name, vxlan, index, group);
    } else if (spec instanceof InterfaceSpec.Gre gre) {
      TunnelRequests.gre(exchange.out(), name, gre, group);
    } else if (spec instanceof InterfaceSpec.Gif gif) {
      TunnelRequests.gif(exchange.out(), name, gif, group);
    } else {
      MacAddress address = MacAddress.random(ThreadLocalRandom.current());
      LinkRequests.createBridge(exchange.out(), name, address, group);
    }
  }

  @Override
  public EpairNames createEpair(@Nullable String a, @Nullable String b, int bJid) {
    if (a != null && b != null) {
      return createVeth(a, b, bJid);
    }
    return units.next(
        "epair", unit -> createVeth("epair" + unit + "a", "epair" + unit + "b", bJid));
  }

  /** Creates an epair. Each end is created in its own stack, so that neither has to move. */
  private EpairNames createVeth(String a, String b, int bJid) {
    LinuxStack other = bJid == stack.jid() ? stack : stack.kernel().stack(bJid);
    Fd namespace = other == stack ? null : other.namespace();
    make(
        a,
        () -> {
          if (namespace == null) {
            requestVeth(a, b, other, null, 0);
            return;
          }
          try {
            requestVeth(a, b, other, namespace, NEXT_INDEX.getAndIncrement());
          } catch (NetInterface.NameTakenException e) {
            requestVeth(a, b, other, namespace, 0); // the index may have been taken, not the name
          }
        });
    String tag = stack.kernel().tag();
    markOrDestroy(stack, a, a, tag);
    markOrDestroy(other, b, a, tag);
    return new EpairNames(a, b);
  }

  private void requestVeth(
      String a, String b, LinuxStack other, @Nullable Fd namespace, int index) {
    int group = stack.kernel().owners().unfinished();
    other.here(
        () ->
            stack.ask(
                KernelErrors::ofInterface,
                exchange -> {
                  boolean elsewhere = namespace != null;
                  int patchAt =
                      LinkRequests.createVeth(
                          exchange.out().clear(), index, a, b, elsewhere, group);
                  exchange.execute("RTM_NEWLINK", a + " and " + b, patchAt, namespace);
                  return true;
                }));
  }

  /**
   * Stores the owner in a new interface; if that fails, destroys the interface, or the epair that
   * it belongs to.
   */
  private void markOrDestroy(LinuxStack where, String name, String toDestroy, String tag) {
    try {
      where.interfaces().finish(name, Mark.made(stack.jid(), tag).alias());
    } catch (RuntimeException e) {
      Failures.undo(e, () -> destroy(toDestroy));
      throw e;
    }
  }

  private void finish(String name, String alias) {
    execute("RTM_SETLINK", name, exchange -> LinkRequests.finish(exchange.out(), name, alias));
  }

  @Override
  public void destroy(String name) {
    stack.happens(
        () -> !stack.has(name),
        () -> execute("RTM_DELLINK", name, exchange -> LinkRequests.delete(exchange.out(), name)));
    units.freed(name);
  }

  @Override
  public void destroy(List<String> names) {
    stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          List<Integer> indices = names.stream().map(exchange::index).toList();
          LinuxStack.destroy(exchange, indices);
          return true;
        });
    names.forEach(units::freed);
  }

  @Override
  public void rename(String name, String newName) {
    stack.happens(
        () -> !stack.has(name) && stack.has(newName),
        () ->
            execute(
                "RTM_SETLINK",
                name + " -> " + newName,
                exchange -> {
                  int index = exchange.index(name);
                  LinkRequests.rename(exchange.out(), index, newName);
                }));
  }

  @Override
  public void up(String name, boolean up) {
    if (!up && stack.isMachine()) {
      keepAddresses(name);
    }
    execute("RTM_SETLINK", name, exchange -> LinkRequests.up(exchange.out(), name, up));
  }

  /**
   * Lets an interface of ours keep its IPv6 addresses while it is down. In a stack of ours all do,
   * by the settings of the stack.
   */
  private void keepAddresses(String name) {
    if (stack.link(name).mark().made()) {
      try {
        stack.sysctl("net/ipv6/conf/" + name + "/keep_addr_on_down", new byte[] {'1'});
      } catch (VnetException e) {
        if (!e.isErrno(ENOENT)) { // no IPv6
          throw e;
        }
      }
    }
  }

  /**
   * Waits for an epair whose two ends are up: the kernel's link watch, see linkwatch_run_queue() in
   * net/core/link_watch.c, acts upon a carrier up to a second later. Other kinds of interface, and
   * an epair whose other end is down, have no carrier that is on its way. Then waits for the IPv6
   * addresses.
   */
  @Override
  public void awaitReady(String name) {
    await(CARRIER_NANOS, () -> isCarrierPending(name));
    awaitAddresses(name, exchange -> addressesOf(exchange, name, exchange.index(name)).stream());
  }

  private void awaitAddresses(
      String name, Function<NetlinkSocket.Exchange, Stream<Cidr>> addresses) {
    await(ADDRESS_NANOS, () -> isPending(name, addresses));
  }

  private static void await(long nanos, BooleanSupplier pending) {
    long deadline = System.nanoTime() + nanos;
    try {
      while (pending.getAsBoolean() && System.nanoTime() - deadline < 0) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns whether an end of an epair, or its other end, drops packets still. To read one end lets
   * the kernel act on the carrier of that end alone: linkwatch_sync_dev() in net/core/link_watch.c.
   * The interface is up already: an error must not say that it is not.
   */
  private boolean isCarrierPending(String name) {
    try {
      return stack.ask(
          KernelErrors::ofInterface,
          exchange -> {
            LinkState end = LinuxStack.link(exchange, name);
            return end.modelKind() == InterfaceKind.EPAIR
                && end.hasCarrier()
                && (end.isCarrierPending() || peer(exchange, end).isCarrierPending());
          });
    } catch (VnetException e) {
      LOG.debug("{} is up; whether it has a carrier is not known: {}", name, e.toString());
      return false;
    }
  }

  private static LinkState peer(NetlinkSocket.Exchange exchange, LinkState end) {
    LinkRequests.getPeer(exchange.out().clear(), end);
    return exchange.get("RTM_GETLINK", "peer of " + end.name(), LinkMessage::decode);
  }

  /**
   * Returns whether an IPv6 address does not receive packets yet. The kernel enters its local route
   * in a thread that waits for the lock that all changes need; see addrconf_dad_work() in
   * net/ipv6/addrconf.c. The address is there already: an error must not say that it is not.
   */
  private boolean isPending(String name, Function<NetlinkSocket.Exchange, Stream<Cidr>> addresses) {
    try {
      return stack.ask(
          KernelErrors::ofInterface,
          exchange ->
              addresses
                  .apply(exchange)
                  .anyMatch(address -> isWideIpv6(address) && !isLocal(exchange, address)));
    } catch (VnetException e) {
      LOG.debug("{} is up; whether its addresses are ready is not known: {}", name, e.toString());
      return false;
    }
  }

  /** Returns whether an address is of IPv6, and not link-local. */
  private static boolean isWideIpv6(Cidr address) {
    return address.isIpv6() && !address.address().isLinkLocalAddress();
  }

  private static boolean isLocal(NetlinkSocket.Exchange exchange, Cidr address) {
    RouteMessages.get(exchange.out().clear(), address.address());
    try {
      return exchange.get("RTM_GETROUTE", address, RouteMessages::isLocal);
    } catch (NetlinkSocket.NetlinkError e) {
      return false; // there is no route at all
    }
  }

  @Override
  public void mtu(String name, int bytes) {
    execute(
        "RTM_SETLINK",
        name + " mtu",
        exchange -> {
          if (bytes < IPV6_MIN_MTU) {
            keepIpv6(exchange, name, bytes);
          }
          LinkRequests.mtu(exchange.out().clear(), name, bytes);
        });
  }

  /** Linux would delete all IPv6 addresses: addrconf_notify() in net/ipv6/addrconf.c. */
  private static void keepIpv6(NetlinkSocket.Exchange exchange, String name, int bytes) {
    for (Cidr address : addressesOf(exchange, name, exchange.index(name))) {
      if (isWideIpv6(address)) {
        String hint =
            "IPv6 needs an MTU of "
                + IPV6_MIN_MTU
                + ": Linux would delete "
                + address
                + "; delete it first if that is meant";
        throw KernelErrors.ofInterface(
            Errno.LINUX.error("RTM_SETLINK", name + " mtu " + bytes, 22, hint));
      }
    }
  }

  @Override
  public void lladdr(String name, MacAddress address) {
    execute("RTM_SETLINK", name, exchange -> LinkRequests.lladdr(exchange.out(), name, address));
  }

  @Override
  public void description(String name, String text) {
    mark(name, mark -> mark.text(text));
  }

  private void mark(String name, UnaryOperator<Mark> change) {
    execute(
        "RTM_SETLINK",
        name,
        exchange -> {
          Mark mark = change.apply(LinuxStack.link(exchange, name).mark());
          LinkRequests.alias(exchange.out().clear(), name, mark.alias());
        });
  }

  @Override
  public void addAddress(String name, Cidr address) {
    if (address.isIpv6() && !stack.isMachine()) {
      trustLinkLocal(name);
    }
    execute(
        "RTM_NEWADDR",
        new On(address, name),
        exchange -> AddressMessages.add(exchange.out(), exchange.index(name), address));
    if (address.isIpv6()) {
      awaitAddresses(
          name,
          exchange -> LinuxStack.link(exchange, name).isUp() ? Stream.of(address) : Stream.of());
    }
  }

  @Override
  public void deleteAddress(String name, Cidr address) {
    execute(
        "RTM_DELADDR",
        new On(address, name),
        exchange -> {
          int index = exchange.index(name);
          if (!address.isIpv6()) {
            // Otherwise Linux deletes the other addresses of the same network too. An interface
            // loses this setting when it moves to another namespace: it is set each time.
            LinkRequests.promoteSecondaries(exchange.out(), index);
          }
          AddressMessages.delete(exchange.out(), index, address);
        });
  }

  @Override
  public void addNeighbours(String name, Map<InetAddress, MacAddress> neighbours) {
    neighbours(
        "RTM_NEWNEIGH",
        name,
        List.copyOf(neighbours.entrySet()),
        EEXIST,
        (out, index, one) -> NeighbourMessages.add(out, index, one.getKey(), one.getValue()));
  }

  @Override
  public void deleteNeighbours(String name, Collection<InetAddress> neighbours) {
    List<InetAddress> ours =
        stack.ask(
            KernelErrors::ofInterface,
            exchange -> {
              int index = exchange.index(name);
              NeighbourMessages.dump(exchange.out().clear(), index);
              return exchange.dump(
                  "RTM_GETNEIGH",
                  name,
                  (type, buffer, from, to) ->
                      NeighbourMessages.ours(index, type, buffer, from, to));
            });
    Set<InetAddress> wanted = Set.copyOf(neighbours);
    List<InetAddress> some = ours.stream().filter(wanted::contains).toList();
    neighbours("RTM_DELNEIGH", name, some, ENOENT, NeighbourMessages::delete);
  }

  /** Writes the request for one neighbour. */
  private interface NeighbourRequest<T> {
    void write(NetlinkWriter out, int index, T neighbour);
  }

  /** Sends requests, many at once, and ignores one errno. */
  private <T> void neighbours(
      String call,
      String name,
      List<T> all,
      org.vnet4j.net.Errno ignored,
      NeighbourRequest<T> request) {
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<T> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      stack.ask(
          KernelErrors::ofInterface,
          exchange -> {
            int index = exchange.index(name);
            exchange.out().clear();
            some.forEach(one -> request.write(exchange.out(), index, one));
            KernelError error =
                exchange.attempt(call, some.size() + " neighbours on " + name, 0, null);
            if (error != null && !error.isErrno(ignored)) {
              throw new NetlinkSocket.NetlinkError(error);
            }
            return true;
          });
    }
  }

  /**
   * Turns off duplicate address detection. It delays link-local addresses by up to two seconds, and
   * a router without a link-local address sends no neighbour solicitations: it would forward
   * nothing until then.
   */
  private void trustLinkLocal(String name) {
    stack.index(name);
    stack.sysctl("net/ipv6/conf/" + name + "/accept_dad", new byte[] {'0'});
  }

  @Override
  public InterfaceCounters counters(String name) {
    return stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          LinkRequests.counters(exchange.out(), name);
          return exchange.get("RTM_GETLINK", name, LinuxInterfaces::counters);
        });
  }

  /** Decodes {@code struct rtnl_link_stats64}: eight-byte counters in the order of the header. */
  static @Nullable InterfaceCounters counters(int type, ByteBuffer buffer, int from, int to) {
    if (type != RTM_NEWLINK) {
      return null;
    }
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + IFINFOMSG, to);
    while (attribute.next()) {
      if (attribute.type() == IFLA_STATS64 && attribute.size() >= 10 * 8) {
        long[] n = new long[10];
        for (int i = 0; i < n.length; i++) {
          n[i] = attribute.u64(i * 8);
        }
        return new InterfaceCounters(n[0], n[2], n[4], n[6], n[1], n[3], n[5], n[7], n[8], n[9]);
      }
    }
    return null;
  }

  /** The subject of a request, formatted only when a message needs it. */
  private record On(Cidr address, String name) {
    @Override
    public String toString() {
      return address + " on " + name;
    }
  }

  void execute(String call, Object subject, Consumer<NetlinkSocket.Exchange> request) {
    stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          request.accept(exchange);
          exchange.execute(call, subject);
          return true;
        });
  }
}
