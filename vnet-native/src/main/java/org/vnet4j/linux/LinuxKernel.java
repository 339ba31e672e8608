// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;
import static org.vnet4j.net.Errno.EPERM;
import static org.vnet4j.posix.libc.Abi.EINTR;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Capability;
import org.vnet4j.KernelError;
import org.vnet4j.Owner;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.nftables.Nft;
import org.vnet4j.linux.registry.JailRecord;
import org.vnet4j.linux.registry.JailRegistry;
import org.vnet4j.linux.rtnetlink.LinkRequests;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.linux.rtnetlink.Rtnetlink;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperHolder;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.posix.owner.Owners;
import org.vnet4j.spi.EpairEnds;
import org.vnet4j.spi.JailDriver;
import org.vnet4j.spi.KenvDriver;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.ModuleDriver;

/**
 * The kernel of a Linux machine: keeps its open namespaces by jid, the helper that enters them, and
 * the drivers for jails, modules and ownership. The jail registry assigns the jids.
 */
public final class LinuxKernel implements Kernel {

  private final HelperHolder helper;

  /** A sandbox ends with its helper, with all that is in it. */
  private final boolean sandbox;

  private volatile NetlinkSocket.Sender sender = LinuxKernel::sendDirectly;
  private final String owner;
  private final LinuxOwners owners;
  private final AtomicInteger tags = new AtomicInteger();
  private final Set<Capability> without;
  private final LinuxJails jails;
  private final LinuxModules modules = new LinuxModules(this);
  private final LinuxKenv kenv = new LinuxKenv();
  private final Map<Integer, LinuxStack> stacks = new ConcurrentHashMap<>();
  private final JailEndWatcher ends = new JailEndWatcher(this);
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Set<Capability> capabilities;
  private boolean proxied;

  LinuxKernel(
      Helper helper,
      boolean sandbox,
      JailRegistry registry,
      String application,
      Set<Capability> without) {
    this.helper = new HelperHolder(helper, HelperProgram::own);
    this.sandbox = sandbox;
    Owners found = new Owners(helper);
    Owner self = found.next(application);
    this.owner = self.mark();
    this.owners = new LinuxOwners(this, registry, found, self);
    this.without = without;
    this.jails = new LinuxJails(this, registry);
    Fd home = Objects.requireNonNull(helper.home(), "a helper on Linux has a namespace");
    adopt(new LinuxStack(this, HOST, "host", home.duplicate(), null));
    try {
      chooseSender();
    } catch (RuntimeException e) {
      stack(HOST).close();
      throw e;
    }
  }

  private void chooseSender() {
    KernelError refusal = refusal();
    if (refusal != null) {
      if (!sandbox) {
        throw KernelErrors.of(refusal);
      }
      // The host stack is in a user namespace of the helper: the kernel also checks the privileges
      // of the sender.
      stack(HOST).closeSockets();
      sender = this::sendByHelper;
      proxied = true;
      allowLowPorts(stack(HOST));
    }
  }

  public Helper helper() {
    return helper.get();
  }

  /** Returns the owner tag that everything created by this session carries. */
  String owner() {
    return owner;
  }

  /** Returns an owner tag for one new object; both ends of an epair share a tag. */
  String tag() {
    return owner + ":" + tags.incrementAndGet();
  }

  @Override
  public LinuxOwners owners() {
    return owners;
  }

  @Override
  public String version() {
    return "Linux " + System.getProperty("os.version") + " " + System.getProperty("os.arch");
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> known = capabilities;
    if (known == null) {
      EnumSet<Capability> found = LinuxCapabilities.probe(stack(HOST));
      found.removeAll(without);
      known = Collections.unmodifiableSet(found);
      capabilities = known;
    }
    return known;
  }

  @Override
  public Optional<String> remedy(Capability capability) {
    return without.contains(capability) ? Optional.empty() : LinuxCapabilities.remedy(capability);
  }

  /** Sends a harmless request that needs privilege; returns the error if the kernel denies it. */
  private @Nullable KernelError refusal() {
    KernelError answer = LinuxCapabilities.ask(stack(HOST), "veth");
    return answer != null && answer.isErrno(EPERM) ? answer : null;
  }

  private static int sendDirectly(
      Fd socket, Memory bytes, int length, int patchAt, @Nullable Fd patch) {
    return patch == null
        ? socket.use(number -> send(number, bytes, length))
        : patch.use(
            other -> {
              bytes.bytes().putInt(patchAt, other);
              return socket.use(number -> send(number, bytes, length));
            });
  }

  private static int send(int socket, Memory bytes, int length) {
    int errno;
    do {
      errno = Native.libc().send(socket, bytes.address(), length, 0) < 0 ? Native.errno() : 0;
    } while (errno == EINTR);
    bytes.keep();
    return errno;
  }

  private int sendByHelper(Fd socket, Memory bytes, int length, int patchAt, @Nullable Fd patch) {
    helper().send(socket, bytes.bytes().slice(0, length), patchAt, patch);
    return 0;
  }

  @Override
  public LinuxStack stack(int jid) {
    LinuxStack known = stacks.get(jid);
    if (known != null) {
      known.checkNamed();
      return known;
    }
    JailRecord jail = jails.record(jid);
    return stacks.computeIfAbsent(jid, key -> open(jail));
  }

  private LinuxStack open(JailRecord jail) {
    Helper.Namespace found;
    try {
      found = helper().findNamespace(jail.name());
    } catch (VnetException e) {
      jails.record(jail.jid());
      throw e;
    }
    try {
      jails.record(jail.jid(), found.cookie()); // the name may belong to another by now
      return new LinuxStack(this, jail.jid(), jail.name(), found.fd(), path(jail.name()));
    } catch (RuntimeException e) {
      found.close();
      throw e;
    }
  }

  /**
   * Lets go of the stacks of jails that other programs removed: an open descriptor would keep the
   * namespace.
   *
   * @param there the jids of all jails; a stack that is not among them is looked at once more
   */
  void letGoOthers(Set<Integer> there) {
    stacks.forEach(
        (jid, stack) -> {
          if (jid != HOST && !there.contains(jid) && !stack.isNamed()) {
            letGo(stack);
          }
        });
  }

  /** Ends the stack of a jail that another program removed. Idempotent. */
  void letGo(LinuxStack stack) {
    if (stacks.remove(stack.jid(), stack)) {
      stack.end();
    }
  }

  /** Ends a stack as soon as another program removes its jail: a thread may wait in it. */
  void watchEnd(LinuxStack stack) {
    if (!sandbox && stack.jid() != HOST) {
      ends.watch(stack);
    }
  }

  /**
   * Returns the file by which other processes can remove the name of a jail; null in a sandbox,
   * which no other process sees.
   */
  @Nullable Path path(String name) {
    return sandbox ? null : Path.of("/run/netns", name);
  }

  /**
   * Returns the name below {@code /run/netns} of a jail's namespace. It is empty in a sandbox,
   * which only has jails of this session: nobody else looks for them.
   */
  String boundName(String name) {
    return sandbox ? "" : name;
  }

  /**
   * Kills the processes in some namespaces and removes their names.
   *
   * @return how many processes are left: they only visit, or are killed and do not end
   */
  int end(List<Helper.Named> namespaces) {
    // In a sandbox, nothing but a program of its helper could be in them.
    return sandbox && !helper().hasStarted() ? 0 : helper().removeNamespaces(namespaces);
  }

  boolean isSandbox() {
    return sandbox;
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Returns the hostname that programs in a jail see; null for the host's. */
  @Nullable String hostname(int jid) {
    String hostname = jid == HOST ? "" : jails.record(jid).hostname();
    return hostname.isEmpty() ? null : hostname;
  }

  boolean isThere(int jid) {
    return jid == HOST || jails.isThere(jid);
  }

  /**
   * Keeps a stack and returns it. If another thread found the new jail in the registry and opened
   * it first, closes this stack and returns that thread's.
   */
  LinuxStack adopt(LinuxStack stack) {
    LinuxStack kept = stacks.computeIfAbsent(stack.jid(), jid -> stack);
    if (kept != stack) {
      stack.close();
    }
    if (proxied) {
      allowLowPorts(kept);
    }
    return kept;
  }

  /**
   * Lets every user bind low ports in a stack: the JVM of an ordinary user binds its sockets
   * itself, and is not root in the helper's user namespace.
   */
  private void allowLowPorts(LinuxStack stack) {
    helper().sysctl(stack.ref(), "net/ipv4/ip_unprivileged_port_start", new byte[] {'0'});
  }

  void disown(int jid) {
    stacks.remove(jid);
  }

  @Override
  public JailDriver jails() {
    return jails;
  }

  @Override
  public ModuleDriver modules() {
    return modules;
  }

  @Override
  public KenvDriver kenv() {
    return kenv;
  }

  @Override
  public void move(String name, int fromJid, int toJid) {
    LinuxStack from = stack(fromJid);
    move(from, from.link(name), stack(toJid), name);
  }

  /** Moves a link to another namespace, under a name that must be free there. */
  void move(LinuxStack from, LinkState link, LinuxStack to, String newName) {
    if (link.modelKind() == InterfaceKind.BRIDGE || link.modelKind() == InterfaceKind.LOOPBACK) {
      throw unsupported(
          "interface "
              + link.name()
              + ": Linux cannot move a "
              + link.modelKind()
              + " to another stack; make it where it is needed");
    }
    Mark mark = link.mark().lent(from.jid(), owner);
    Integer home = mark.home();
    String alias = (home != null && home == to.jid() ? mark.atHome() : mark).alias();
    String subject = link.name() + " -> " + to.name();
    from.happens(
        () -> !from.has(link.name()) && to.has(newName),
        () ->
            to.here(
                () ->
                    from.ask(
                        KernelErrors::ofInterface,
                        exchange -> {
                          int patchAt =
                              LinkRequests.move(exchange.out(), link.index(), newName, alias);
                          exchange.execute("RTM_SETLINK", subject, patchAt, to.namespace());
                          return true;
                        })));
  }

  @Override
  public List<EpairEnds> epairs() {
    return LinuxEpairs.of(this);
  }

  /** Opens a netlink socket in a namespace. */
  NetlinkSocket netlink(Fd namespace, int protocol) {
    SocketKind kind = new SocketKind(AF_NETLINK, SOCK_RAW, protocol);
    return adopt(helper().socket(StackRef.namespace(namespace), kind), protocol);
  }

  /** Wraps a netlink socket that was opened in some namespace. */
  NetlinkSocket adopt(Fd socket, int protocol) {
    try {
      return new NetlinkSocket(
          socket, sender, protocol == NETLINK_ROUTE ? Rtnetlink::headerSize : Nft::headerSize);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  Vnet.UnsupportedException unsupported(String message) {
    return new Vnet.UnsupportedException(message);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Failures failures = new Failures();
    failures.collect(ends::close);
    if (!sandbox) {
      failures.collect(() -> helper.evenIfKilled(jails::removeTransient));
    }
    stacks.values().forEach(stack -> failures.collect(sandbox ? stack::end : stack::close));
    failures.collect(helper::close);
    failures.report();
  }
}
