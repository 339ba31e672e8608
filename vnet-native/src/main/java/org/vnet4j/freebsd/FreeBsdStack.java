// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET6;
import static org.vnet4j.freebsd.sys.SocketAbi.PF_ROUTE;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCK_DGRAM;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCK_RAW;
import static org.vnet4j.net.Errno.ENOENT;

import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NetworkChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Instruction;
import org.vnet4j.freebsd.ioctl.InterfaceAbi;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.KernelDatagramCalls;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.DeferredActions;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.socket.RawIcmpSocket;
import org.vnet4j.posix.socket.StackChannels;
import org.vnet4j.spi.BridgeDriver;
import org.vnet4j.spi.EventSource;
import org.vnet4j.spi.IcmpSocket;
import org.vnet4j.spi.IpfDriver;
import org.vnet4j.spi.PacketSource;
import org.vnet4j.spi.PfDriver;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.RouteDriver;
import org.vnet4j.spi.SocketDriver;
import org.vnet4j.spi.StackDriver;

/**
 * One network stack. It opens sockets in the stack on first use and keeps them open. An open socket
 * keeps a removed jail dying, so the stack is closed before its jail is removed.
 */
final class FreeBsdStack implements StackDriver, AutoCloseable {
  private static final int IPPROTO_RAW = 255;
  private static final SocketKind INET = new SocketKind(AF_INET, SOCK_DGRAM, 0);
  private static final SocketKind INET6 = new SocketKind(AF_INET6, SOCK_DGRAM, 0);
  private static final SocketKind RAW = new SocketKind(AF_INET, SOCK_RAW, IPPROTO_RAW);
  private static final SocketKind ROUTE = new SocketKind(PF_ROUTE, SOCK_RAW, 0);

  final KernelCalls calls;
  private final FreeBsdKernel session;
  private final int jid;
  private final FreeBsdInterfaces interfaces = new FreeBsdInterfaces(this);
  private final DeferredActions laters;
  private final FreeBsdBridges bridges = new FreeBsdBridges(this);
  private final FreeBsdRoutes routes = new FreeBsdRoutes(this);
  private final Map<Object, Runnable> sources = new ConcurrentHashMap<>();
  private final StackChannels channels = new StackChannels();
  private final FreeBsdIpfw ipfw = new FreeBsdIpfw(this);
  private final FreeBsdShaping shaping = new FreeBsdShaping(this);
  private final FreeBsdPf pf = new FreeBsdPf(this);
  private final FreeBsdIpf ipf = new FreeBsdIpf(this);
  private final Map<SocketKind, Fd> sockets = new HashMap<>();
  private boolean closed;

  /**
   * Creates a stack. Makes no system call.
   *
   * @param jid the kernel's number of the jail, 0 for the stack of this process
   */
  FreeBsdStack(FreeBsdKernel session, int jid) {
    this.session = session;
    this.calls = session.calls;
    this.laters = new DeferredActions(session::helper);
    this.jid = jid;
  }

  /** Returns the actions that the helper will execute later in this stack. */
  DeferredActions deferredActions() {
    return laters;
  }

  FreeBsdKernel session() {
    return session;
  }

  Syscalls kernel() {
    return session.kernel();
  }

  /** Returns the kernel's number of the jail, 0 for the stack of this process. */
  int jid() {
    return jid;
  }

  /** Returns whether this stack was closed, for a removal of its jail or with the session. */
  synchronized boolean isClosed() {
    return closed;
  }

  boolean isOwn() {
    return jid == 0;
  }

  /** Returns the reference to this stack that the helper understands. */
  StackRef ref() {
    return isOwn() ? StackRef.own() : StackRef.jail(jid);
  }

  /** Runs an action with an AF_INET socket of this stack. */
  <T> T inet(Fd.Action<T> action) {
    return use(INET, action, FreeBsdErrors::ofInterface);
  }

  /** Runs an action with an AF_INET6 socket of this stack. */
  <T> T inet6(Fd.Action<T> action) {
    return use(INET6, action, FreeBsdErrors::ofInterface);
  }

  /** Runs an action with a raw socket of this stack, through which ipfw is configured. */
  <T> T raw(Fd.Action<T> action) {
    return use(RAW, action, FreeBsdErrors::ofFirewall);
  }

  /** Opens another raw socket of this stack. */
  Fd anotherRaw() {
    return open(RAW);
  }

  /**
   * Runs an action with a routing socket of this stack, which is opened for the action and closed
   * afterwards.
   */
  <T> T route(Fd.Action<T> action) {
    try (Fd socket = open(ROUTE)) {
      return socket.use(action);
    } catch (VnetException e) {
      throw refusal(e, FreeBsdErrors::ofRoute);
    }
  }

  /** Runs a call to the helper or the kernel and turns its error into a typed exception. */
  <T> T ask(java.util.function.Supplier<T> question) {
    try {
      return question.get();
    } catch (VnetException e) {
      throw refusal(e, FreeBsdErrors::ofInterface);
    }
  }

  /**
   * Runs work that throws typed exceptions already. If the jail was removed, throws that error
   * instead.
   */
  <T> T here(java.util.function.Supplier<T> work) {
    try {
      return work.get();
    } catch (VnetException e) {
      throw refusal(e, typed -> typed);
    }
  }

  private <T> T use(
      SocketKind kind, Fd.Action<T> action, Function<VnetException, VnetException> typing) {
    try {
      return socket(kind).use(action);
    } catch (VnetException e) {
      throw refusal(e, typing);
    }
  }

  /** Names this stack in an error, if it is a jail's. */
  VnetException named(VnetException e) {
    return isOwn()
        ? e
        : session.jails().find(session.model(jid)).map(info -> e.in(info.name())).orElse(e);
  }

  /**
   * Turns an error into a typed exception. If the jail was removed meanwhile, that is the error.
   */
  private VnetException refusal(VnetException e, Function<VnetException, VnetException> typing) {
    VnetException typed = typing.apply(e);
    if (isOwn() || typed instanceof Jail.NotFoundException || session.jails().isThere(jid)) {
      return named(typed);
    }
    session.jails().letGo(jid);
    Jail.NotFoundException gone = session.jails().gone(jid);
    gone.addSuppressed(typed);
    return gone;
  }

  private synchronized Fd socket(SocketKind kind) {
    if (closed) {
      throw gone();
    }
    return sockets.computeIfAbsent(kind, this::open);
  }

  private Fd open(SocketKind kind) {
    if (isOwn()) {
      SocketCalls calls = this.calls.sockets;
      return Fd.owning(calls.open(kind.domain(), kind.type(), kind.protocol()), calls::close);
    }
    return session.helper().socket(ref(), kind);
  }

  /** Returns the index of an interface. */
  int index(String name) {
    return inet(fd -> calls.interfaces.index(fd, name));
  }

  /** Returns whether this stack has an interface of that name. */
  boolean has(String name) {
    return inet(fd -> calls.lists.list(fd)).stream().anyMatch(one -> one.name().equals(name));
  }

  @Override
  public FreeBsdInterfaces interfaces() {
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
    return new FreeBsdSockets(this);
  }

  @Override
  public ProcessDriver processes() {
    return new FreeBsdProcesses(this);
  }

  @Override
  public EventSource events() {
    Fd socket = ask(() -> open(ROUTE));
    Object key = new Object();
    FreeBsdEvents source = new FreeBsdEvents(kernel(), socket, () -> sources.remove(key));
    try {
      int rerror = SocketAbi.SO_RERROR;
      socket.use(fd -> toldOfLoss(fd, rerror));
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
    return keep(key, source, source::close);
  }

  @Override
  public PacketSource capture(String name, List<Instruction> program, int snaplen) {
    Fd device = ask(() -> session.helper().bpf(ref(), name, BpfDevice.ROOM));
    Object key = new Object();
    BpfDevice source = new BpfDevice(kernel(), device, name, () -> sources.remove(key));
    ask(() -> source.begin(program));
    return keep(key, source, source::close);
  }

  /** Opens a raw ICMP socket for pings and prepares it. Closing this stack ends the ping. */
  IcmpSocket icmp(SocketKind kind, boolean ipv6, Fd.Action<?> prepare) {
    Fd fd = ask(() -> session.helper().socket(ref(), kind));
    Object key = new Object();
    RawIcmpSocket.Home home =
        new RawIcmpSocket.Home(this::index, this::gone, () -> sources.remove(key));
    KernelDatagramCalls calls = this.calls.datagrams;
    RawIcmpSocket source =
        new RawIcmpSocket(fd, calls, org.vnet4j.posix.libc.SocketAddress.FREEBSD, ipv6, home);
    try {
      fd.use(prepare);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
    return keep(key, source, source::close);
  }

  /**
   * Registers a source that is closed together with this stack. An open socket would keep a removed
   * jail dying.
   */
  private <T> T keep(Object key, T source, Runnable close) {
    synchronized (this) {
      if (!closed) {
        sources.put(key, close);
        return source;
      }
    }
    close.run();
    throw gone();
  }

  /** Keeps a channel, to close it together with this stack. */
  <C extends NetworkChannel> C keep(C channel) {
    if (!channels.add(channel)) {
      throw gone();
    }
    return channel;
  }

  private VnetException gone() {
    return session.isClosed() ? new Vnet.ClosedException() : session.jails().gone(jid);
  }

  private boolean toldOfLoss(int fd, int option) {
    SocketCalls calls = this.calls.sockets;
    calls.setOption(fd, SocketAbi.SOL_SOCKET, option, 1);
    return true;
  }

  @Override
  public FreeBsdShaping shaping() {
    return shaping;
  }

  @Override
  public FreeBsdIpfw ipfw() {
    return ipfw;
  }

  @Override
  public PfDriver pf() {
    return pf;
  }

  @Override
  public IpfDriver ipf() {
    return ipf;
  }

  /**
   * Returns a number from a system variable of this stack; empty if the kernel has no such
   * variable.
   */
  OptionalInt sysctl(String name) {
    if (isOwn()) {
      return FreeBsdErrors.ofKernel(() -> calls.sysctl.findInt(name))
          .map(OptionalInt::of)
          .orElseGet(OptionalInt::empty);
    }
    try {
      ByteBuffer value = session.helper().sysctl(ref(), name);
      return OptionalInt.of(value.order(ByteOrder.nativeOrder()).getInt(value.position()));
    } catch (VnetException e) {
      if (e.isErrno(ENOENT)) {
        return OptionalInt.empty();
      }
      throw refusal(e, FreeBsdErrors::ofInterface);
    }
  }

  /**
   * Returns the name that the driver gave an interface, such as {@code epair0} for both ends of an
   * epair. Renames and moves do not change it.
   */
  String driver(int index) {
    int[] mib = InterfaceAbi.driverName(index);
    byte[] name =
        ask(
            () -> {
              if (isOwn()) {
                return calls.sysctl.read(mib, "driver of interface " + index);
              }
              String numbers =
                  IntStream.of(mib).mapToObj(Integer::toString).collect(Collectors.joining("."));
              ByteBuffer value = session.helper().sysctl(ref(), numbers);
              byte[] bytes = new byte[value.remaining()];
              value.get(bytes);
              return bytes;
            });
    return new String(name, StandardCharsets.US_ASCII).replace("\0", "");
  }

  /** Sets a numeric system variable of this stack. */
  void sysctl(String name, int value) {
    ask(
        () -> {
          if (isOwn()) {
            calls.sysctl.set(name, value);
          } else {
            session.helper().sysctl(ref(), name, Memory.ofInt(value).toArray());
          }
          return name;
        });
  }

  @Override
  public boolean forwarding(StandardProtocolFamily family) {
    return sysctl(forwardingName(family)).orElse(0) != 0;
  }

  @Override
  public void forwarding(StandardProtocolFamily family, boolean on) {
    sysctl(forwardingName(family), on ? 1 : 0);
  }

  private static String forwardingName(StandardProtocolFamily family) {
    return family == StandardProtocolFamily.INET6
        ? "net.inet6.ip6.forwarding"
        : "net.inet.ip.forwarding";
  }

  /**
   * Closes the sockets and refuses further use. Idempotent. What is deferred may be performed
   * before, which uses the stack, perhaps in another thread: so that holds no lock.
   */
  @Override
  public void close() {
    Failures failures = new Failures();
    failures.collect(laters::close);
    synchronized (this) {
      closed = true;
      sources.values().forEach(failures::collect);
      failures.collect(channels::close);
      sockets.values().forEach(socket -> failures.collect(socket::close));
      sockets.clear();
    }
    failures.report();
  }
}
