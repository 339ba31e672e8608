// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.net.Errno.EACCES;
import static org.vnet4j.net.Errno.EAFNOSUPPORT;
import static org.vnet4j.net.Errno.EINVAL;
import static org.vnet4j.net.Errno.ENODEV;
import static org.vnet4j.net.Errno.ENOENT;
import static org.vnet4j.net.Errno.EPERM;
import static org.vnet4j.net.Errno.EROFS;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Jail;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Instruction;
import org.vnet4j.linux.netlink.Netlink;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.nftables.FirewalledStack;
import org.vnet4j.linux.nftables.NftProgram;
import org.vnet4j.linux.rtnetlink.LinkMessage;
import org.vnet4j.linux.rtnetlink.LinkRequests;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.DeferredActions;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.SocketAddress;
import org.vnet4j.posix.socket.DatagramCalls;
import org.vnet4j.posix.socket.RawIcmpSocket;
import org.vnet4j.posix.socket.StackChannels;
import org.vnet4j.spi.BridgeDriver;
import org.vnet4j.spi.EventSource;
import org.vnet4j.spi.IpfDriver;
import org.vnet4j.spi.IpfwDriver;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.PacketSource;
import org.vnet4j.spi.PfDriver;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.RouteDriver;
import org.vnet4j.spi.ShapingDriver;
import org.vnet4j.spi.SocketDriver;
import org.vnet4j.spi.StackDriver;

/**
 * One network namespace, and the drivers that work in it. Holds the namespace's descriptor and
 * keeps one rtnetlink socket open from the first request on.
 */
public final class LinuxStack implements FirewalledStack, StackDriver, AutoCloseable {
  private static final int AT_ONCE = 100;
  private static final String FORWARDING = "net/ipv4/ip_forward";

  /** A lock, not a monitor: a virtual thread that waits for the helper leaves its carrier. */
  private final ReentrantLock lock = new ReentrantLock();

  private final LinuxKernel kernel;
  private final int jid;
  private final String name;
  private final Fd namespace;
  private final LinuxInterfaces interfaces = new LinuxInterfaces(this);
  private final DeferredActions laters;
  private final LinuxBridges bridges = new LinuxBridges(this);
  private final LinuxRoutes routes = new LinuxRoutes(this);

  /** Made at the first use, since most stacks have none; {@link #lock} guards that. */
  private volatile @Nullable LinuxFirewalls firewalls;

  private final LinuxIcmp icmp = new LinuxIcmp(this);
  private final KeptSocket rtnetlink = new KeptSocket(() -> netlink(Netlink.NETLINK_ROUTE));
  private final KeptSocket netfilter = new KeptSocket(this::openNetfilter);
  private final @Nullable Path path;
  private final @Nullable Object inode;
  private final Map<Object, Runnable> sources = new ConcurrentHashMap<>();
  private final StackChannels channels = new StackChannels();
  private volatile @Nullable AcceptedSockets accepted;
  private volatile boolean closed;
  private volatile boolean leaving;

  /**
   * Takes over the descriptor of a namespace.
   *
   * @param path the file by which other processes can remove its name, or null if none can
   */
  LinuxStack(LinuxKernel kernel, int jid, String name, Fd namespace, @Nullable Path path) {
    this.path = path;
    this.inode = path == null ? null : inode(path);
    this.kernel = kernel;
    this.laters = new DeferredActions(kernel::helper);
    this.jid = jid;
    this.name = name;
    this.namespace = namespace;
  }

  /** Returns the actions that the helper performs in this stack later. */
  @Override
  public DeferredActions deferredActions() {
    return laters;
  }

  LinuxKernel kernel() {
    return kernel;
  }

  int jid() {
    return jid;
  }

  /** Returns the full name of the jail, which never changes, or the host stack's name. */
  @Override
  public String name() {
    return name;
  }

  Fd namespace() {
    return namespace;
  }

  /** Returns the namespace with the name that it is bound to, if it is. */
  Helper.Named named() {
    return new Helper.Named(kernel.boundName(name), namespace);
  }

  /** Returns the reference by which the helper finds this stack. */
  public StackRef ref() {
    return StackRef.namespace(namespace);
  }

  /** Begins an exchange with the kernel in this namespace, by rtnetlink. */
  NetlinkSocket.Exchange exchange() {
    return rtnetlink.get().begin();
  }

  /**
   * Runs one exchange by rtnetlink and converts the kernel's error to the exception that the driver
   * promises.
   */
  <T> T ask(
      Function<KernelError, VnetException> refusal, Function<NetlinkSocket.Exchange, T> work) {
    return ask(rtnetlink, refusal, work);
  }

  /** Runs one exchange with nf_tables and converts the kernel's error likewise. */
  @Override
  public <T> T askNetfilter(
      Function<KernelError, VnetException> refusal, Function<NetlinkSocket.Exchange, T> work) {
    return ask(netfilter, refusal, work);
  }

  private <T> T ask(
      KeptSocket socket,
      Function<KernelError, VnetException> refusal,
      Function<NetlinkSocket.Exchange, T> work) {
    return here(
        () -> {
          try (NetlinkSocket.Exchange exchange = socket.get().begin()) {
            return work.apply(exchange);
          } catch (NetlinkSocket.NetlinkError e) {
            throw refusal.apply(e.error());
          }
        });
  }

  /** Opens another socket to nf_tables, for requests without replies. */
  @Override
  public NetlinkSocket anotherNetfilter() {
    return here(this::openNetfilter);
  }

  private NetlinkSocket openNetfilter() {
    return netlink(Netlink.NETLINK_NETFILTER).withLongMessages();
  }

  private NetlinkSocket netlink(int protocol) {
    return kernel.netlink(namespace, protocol);
  }

  /**
   * Runs some work in this stack. If it fails because the jail was removed, the exception reports
   * the removal.
   */
  <T> T here(Supplier<T> work) {
    try {
      return work.get();
    } catch (VnetException e) {
      if (!closed) {
        throw isHost() ? e : e.in(name);
      }
      VnetException error = gone();
      error.addSuppressed(e);
      throw error;
    }
  }

  /**
   * Runs some work. If the reply is lost, checks whether the work took effect, and throws if not.
   */
  void happens(BooleanSupplier happened, Runnable work) {
    try {
      work.run();
    } catch (NetlinkSocket.LostException e) {
      if (!happened.getAsBoolean()) {
        throw e;
      }
    }
  }

  /** Returns whether there is an interface of that name. */
  boolean has(String name) {
    return ask(KernelErrors::ofInterface, exchange -> exchange.has(name));
  }

  private boolean isHost() {
    return jid == Kernel.HOST;
  }

  private VnetException gone() {
    return kernel.isClosed()
        ? new Vnet.ClosedException()
        : new Jail.NotFoundException(
            Errno.LINUX.error("setns", "jail " + jid, 2, "the jail was removed"));
  }

  /** Records that this session is removing the jail, or that the jail stays after all. */
  void leaving(boolean now) {
    leaving = now;
  }

  /**
   * Throws if another process has removed the jail: the descriptor then holds a namespace without a
   * name.
   */
  void checkNamed() {
    if (!isNamed()) {
      kernel.disown(jid);
      end();
      throw gone();
    }
  }

  /** Returns whether the name of the jail is still bound to this stack. */
  boolean isNamed() {
    return path == null || leaving || inode != null && inode.equals(inode(path));
  }

  private static @Nullable Object inode(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /** Returns the index of an interface. */
  int index(String name) {
    return ask(KernelErrors::ofInterface, exchange -> exchange.index(name));
  }

  /** Reads one link. */
  LinkState link(String name) {
    return ask(KernelErrors::ofInterface, exchange -> link(exchange, name));
  }

  static LinkState link(NetlinkSocket.Exchange exchange, String name) {
    LinkRequests.get(exchange.out().clear(), name);
    return exchange.get("RTM_GETLINK", name, LinkMessage::decode);
  }

  /** Reads all links. */
  List<LinkState> links() {
    return ask(
        KernelErrors::ofInterface,
        exchange -> {
          LinkRequests.dump(exchange.out().clear());
          return links(exchange, "all");
        });
  }

  static List<LinkState> links(NetlinkSocket.Exchange exchange, String subject) {
    return exchange.dump("RTM_GETLINK", subject, LinkMessage::decode);
  }

  /**
   * Destroys several links in one request: destroyed one by one they take 17 ms each, since the
   * kernel waits after each request. The links are first put into a group with a random number,
   * then the group is deleted.
   */
  static void destroy(NetlinkSocket.Exchange exchange, List<Integer> links) {
    int group = ThreadLocalRandom.current().nextInt(1 << 24, Integer.MAX_VALUE);
    for (int from = 0; from < links.size(); from += AT_ONCE) {
      List<Integer> some = links.subList(from, Math.min(links.size(), from + AT_ONCE));
      exchange.out().clear();
      some.forEach(index -> LinkRequests.group(exchange.out(), index, group));
      unlessGone(exchange.attempt("RTM_SETLINK", some.size() + " links", 0, null));
    }
    if (!links.isEmpty()) {
      LinkRequests.deleteGroup(exchange.out().clear(), group);
      unlessGone(exchange.attempt("RTM_DELLINK", links.size() + " links", 0, null));
    }
  }

  /** Ignores ENODEV: another program may have destroyed the other end meanwhile. */
  private static void unlessGone(@Nullable KernelError error) {
    if (error != null && !error.isErrno(ENODEV)) {
      throw new NetlinkSocket.NetlinkError(error);
    }
  }

  @Override
  public LinuxInterfaces interfaces() {
    return interfaces;
  }

  @Override
  public BridgeDriver bridges() {
    return bridges;
  }

  @Override
  public RouteDriver routes() {
    return routes;
  }

  @Override
  public SocketDriver sockets() {
    return new LinuxSockets(this);
  }

  @Override
  public ProcessDriver processes() {
    return new LinuxProcesses(this);
  }

  LinuxIcmp icmp() {
    return icmp;
  }

  /** Takes over the rtnetlink socket that was opened when the namespace was created. */
  void adopt(Fd netlink) {
    rtnetlink.open = kernel.adopt(netlink, Netlink.NETLINK_ROUTE);
  }

  LinuxFirewalls firewalls() {
    LinuxFirewalls known = firewalls;
    return known == null ? makeFirewalls() : known;
  }

  private LinuxFirewalls makeFirewalls() {
    lock.lock();
    try {
      LinuxFirewalls known = firewalls;
      if (known == null) {
        known = new LinuxFirewalls(this);
        firewalls = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public IpfwDriver ipfw() {
    return firewalls().ipfw();
  }

  @Override
  public PfDriver pf() {
    return firewalls().pf();
  }

  @Override
  public IpfDriver ipf() {
    return firewalls().ipf();
  }

  @Override
  public EventSource events() {
    SocketKind kind = new SocketKind(Netlink.AF_NETLINK, Netlink.SOCK_RAW, Netlink.NETLINK_ROUTE);
    return watched(
        source(
            kind, (fd, closed) -> new LinuxEvents(fd, self -> closed.run()), LinuxEvents::close));
  }

  /**
   * Returns whether this kernel has packet sockets. Errors other than EAFNOSUPPORT do not answer
   * that and count as yes.
   */
  boolean canCapture() {
    try (Fd socket = kernel.helper().socket(ref(), PacketSocket.KIND)) {
      return socket.isOpen();
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElseThrow(() -> e);
      return !error.isErrno(EAFNOSUPPORT);
    }
  }

  @Override
  public PacketSource capture(String name, List<Instruction> program, int snaplen) {
    LinkState link = link(name);
    return watched(
        source(
            PacketSocket.KIND,
            (fd, closed) -> new PacketSocket(fd, link, program, snaplen, self -> closed.run()),
            PacketSocket::close));
  }

  /** Opens a socket for pings. Closing this stack ends a ping that waits on it. */
  RawIcmpSocket openIcmp(SocketKind kind, boolean ipv6) {
    return source(
        kind,
        (fd, closed) ->
            new RawIcmpSocket(
                fd,
                DatagramCalls.HERE,
                SocketAddress.LINUX,
                ipv6,
                new RawIcmpSocket.Home(this::index, this::gone, closed)),
        RawIcmpSocket::close);
  }

  /**
   * Opens a socket on which a thread may wait, and closes it with this stack: an open socket would
   * keep the namespace alive.
   */
  private <T> T source(SocketKind kind, BiFunction<Fd, Runnable, T> make, Consumer<T> close) {
    Fd fd = here(() -> kernel.helper().socket(ref(), kind));
    Object key = new Object();
    T source;
    try {
      source = make.apply(fd, () -> sources.remove(key));
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
    lock.lock();
    try {
      if (!closed) {
        sources.put(key, () -> close.accept(source));
        return source;
      }
    } finally {
      lock.unlock();
    }
    close.accept(source);
    throw gone();
  }

  /** Opens a channel that is closed together with this stack. */
  <C extends NetworkChannel> C channel(Supplier<C> opener) {
    return here(
        () -> {
          if (accepted == null) {
            accepted = AcceptedSockets.of(rtnetlink.get().descriptor());
          }
          C channel = opener.get();
          if (!channels.add(channel)) {
            throw gone();
          }
          return watched(channel);
        });
  }

  /** Ends a wait in what was opened when another program removes the jail. */
  private <T> T watched(T source) {
    kernel.watchEnd(this);
    return source;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public ShapingDriver shaping() {
    return new LinuxShaping(this);
  }

  @Override
  public boolean forwarding(StandardProtocolFamily family) {
    ByteBuffer value = here(() -> kernel.helper().sysctl(ref(), forwardingPath(family)));
    return !StandardCharsets.US_ASCII.decode(value).toString().strip().equals("0");
  }

  @Override
  public void forwarding(StandardProtocolFamily family, boolean on) {
    byte[] value = (on ? "1" : "0").getBytes(StandardCharsets.US_ASCII);
    sysctl(forwardingPath(family), value);
  }

  /** Returns whether this is the machine's own stack. Its settings must stay unchanged. */
  boolean isMachine() {
    return jid == Kernel.HOST && !kernel.isSandbox();
  }

  /**
   * Writes a setting below /proc/sys.
   *
   * @throws org.vnet4j.Vnet.UnsupportedException if it is read-only, as in a container
   */
  public void sysctl(String name, byte[] value) {
    here(
        () -> {
          try {
            kernel.helper().sysctl(ref(), name, value);
          } catch (VnetException e) {
            if (e.isErrno(EROFS)) {
              throw kernel.unsupported(
                  name + " of " + this.name + " cannot be set: " + LinuxCapabilities.READ_ONLY);
            }
            throw e;
          }
          return true;
        });
  }

  /**
   * Returns whether settings below /proc/sys can be written: writes to one of them what the kernel
   * refuses only after it was opened.
   */
  boolean canSet() {
    return here(
        () -> {
          try {
            kernel.helper().sysctl(ref(), FORWARDING, new byte[] {'x'});
            return true;
          } catch (VnetException e) {
            if (e.isErrno(EROFS, EACCES, EPERM, EINVAL)) {
              return e.isErrno(EINVAL);
            }
            throw e;
          }
        });
  }

  /**
   * Lets replies that the kernel itself sends carry the packet mark of the packet they answer, see
   * {@link NftProgram#answer}. This also reflects packet marks that other programs set.
   */
  @Override
  public void reflectMarks() {
    sysctl("net/ipv4/fwmark_reflect", new byte[] {'1'});
    try {
      sysctl("net/ipv6/fwmark_reflect", new byte[] {'1'});
    } catch (VnetException e) {
      if (!e.isErrno(ENOENT)) {
        throw e; // on ENOENT this kernel has no IPv6
      }
    }
  }

  private static String forwardingPath(StandardProtocolFamily family) {
    return family == StandardProtocolFamily.INET6 ? "net/ipv6/conf/all/forwarding" : FORWARDING;
  }

  /** Closes the netlink sockets; the next request opens them again, unless this stack is closed. */
  void closeSockets() {
    Failures failures = new Failures();
    failures.collect(rtnetlink::close);
    failures.collect(netfilter::close);
    failures.report();
  }

  /**
   * Closes this stack, which was removed, and resets the connections that its channels accepted.
   */
  void end() {
    try {
      close();
    } finally {
      AcceptedSockets known = accepted;
      if (known != null) {
        known.reset();
      }
    }
  }

  /**
   * Closes the sockets and the descriptor of the namespace. Idempotent. What is deferred may be
   * performed before, which uses the stack, perhaps in another thread: so that holds no lock.
   */
  @Override
  public void close() {
    Failures failures = new Failures();
    failures.collect(laters::close);
    lock.lock();
    try {
      closed = true;
      sources.values().forEach(failures::collect);
      failures.collect(channels::close);
      failures.collect(icmp::close);
      failures.collect(this::closeSockets);
      failures.collect(namespace::close);
    } finally {
      lock.unlock();
    }
    failures.report();
  }

  /** A netlink socket that the first request opens; {@link #lock} guards its changes. */
  private final class KeptSocket {
    private final Supplier<NetlinkSocket> opener;
    private volatile @Nullable NetlinkSocket open;

    KeptSocket(Supplier<NetlinkSocket> opener) {
      this.opener = opener;
    }

    NetlinkSocket get() {
      NetlinkSocket now = open;
      return now == null ? openNow() : now;
    }

    private NetlinkSocket openNow() {
      lock.lock();
      try {
        NetlinkSocket now = open;
        if (now == null) {
          if (closed) {
            throw gone();
          }
          now = opener.get();
          open = now;
        }
        return now;
      } finally {
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        NetlinkSocket now = open;
        if (now != null) {
          now.close();
          open = null;
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
