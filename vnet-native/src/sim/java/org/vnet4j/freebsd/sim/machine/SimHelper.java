// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.machine;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.StackProgram;
import org.vnet4j.freebsd.ioctl.LendCalls;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.freebsd.sys.SysctlCalls;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;

/**
 * Simulates vnet-helper on FreeBSD: for each request, a process of the simulated kernel attaches to
 * the jail, makes the calls and exits.
 */
public final class SimHelper implements Helper {
  private static final int SIGKILL = 9;

  private final SimKernel machine;
  private final SimProcess receiver;
  private final SimDeferredActions laters = new SimDeferredActions();
  private final Borrowing borrowing;
  private final Map<String, SimProgram> played;
  private int lastPlayed = 5_000_000;
  private final Set<Integer> programs = new HashSet<>();
  private final Map<Integer, SimProcess> anchors = new HashMap<>();
  private int lastAnchor = 1000;
  private boolean closed;
  private boolean dead;

  /** Makes a helper that passes its sockets to the process {@code receiver}. */
  public SimHelper(SimKernel machine, SimProcess receiver) {
    this(machine, receiver, new Borrowing(machine), Map.of());
  }

  public SimHelper(
      SimKernel machine, SimProcess receiver, Borrowing borrowing, Map<String, SimProgram> played) {
    this.played = played;
    this.machine = machine;
    this.receiver = receiver;
    this.borrowing = borrowing;
    borrowing.begin();
  }

  @Override
  public long pid() {
    return 99;
  }

  @Override
  public @Nullable Fd home() {
    return null;
  }

  @Override
  public synchronized List<Fd> sockets(StackRef stack, List<SocketKind> kinds) {
    checkOpen();
    if (kinds.stream().anyMatch(SimHelper::isJavas)) {
      return borrowing.helper().sockets(station(stack).ref(), kinds);
    }
    Syscalls kernel = new Syscalls(receiver, receiver::errno);
    List<Fd> sockets = new ArrayList<>();
    try {
      for (SocketKind kind : kinds) {
        int type = kind.type() | SocketAbi.SOCK_CLOEXEC;
        long fd =
            kernel.check(
                "jail_attach",
                "socket in " + stack,
                () ->
                    machine.socketInJail(
                        receiver, stack.jid(), kind.domain(), type, kind.protocol()),
                null);
        sockets.add(Fd.owning((int) fd, new SocketCalls(kernel)::close));
      }
      return sockets;
    } catch (RuntimeException e) {
      sockets.forEach(Fd::close);
      throw e;
    }
  }

  @Override
  public synchronized Fd bpf(StackRef stack, String name, int room) {
    checkOpen();
    Syscalls kernel = new Syscalls(receiver, receiver::errno);
    long fd =
        kernel.check(
            "BIOCSETIF", name, () -> machine.bpfInJail(receiver, stack.jid(), name, room), null);
    return Fd.owning((int) fd, new SocketCalls(kernel)::close);
  }

  /**
   * Does nothing: the socket belongs to a Linux stack, in which its own bind(2) checks for
   * conflicts.
   */
  @Override
  public void bind(StackRef stack, SocketKind kind, InetAddress address, int port) {
    checkOpen();
  }

  /**
   * Returns whether a socket replaces one of the JDK's. Such a socket has a protocol; a socket for
   * ioctls has none.
   */
  private static boolean isJavas(SocketKind kind) {
    return kind.protocol() == 6 || kind.protocol() == 17;
  }

  /** Returns the station, which carries the sockets and programs of a stack. */
  private SimStation station(StackRef stack) {
    try {
      return borrowing.station(stack.jid());
    } catch (IllegalArgumentException e) {
      throw Syscalls.refusal("jail_attach", "jail " + stack.jid(), FreeBsdErrno.EINVAL, null);
    }
  }

  @Override
  public ByteBuffer sysctl(StackRef stack, String name) {
    return in(
        stack,
        kernel -> {
          SysctlCalls calls = new SysctlCalls(kernel);
          byte[] value = name.matches("[0-9.]+") ? calls.read(mib(name), name) : calls.read(name);
          return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
        });
  }

  private static int[] mib(String name) {
    return List.of(name.split("\\.")).stream().mapToInt(Integer::parseInt).toArray();
  }

  @Override
  public void sysctl(StackRef stack, String name, byte[] value) {
    in(
        stack,
        kernel -> {
          new SysctlCalls(kernel).set(name, Memory.of(value).getInt(0));
          return name;
        });
  }

  @Override
  public synchronized int anchor(int jid) {
    checkOpen();
    anchors.put(++lastAnchor, process(StackRef.jail(jid)));
    return lastAnchor;
  }

  @Override
  public synchronized boolean kill(int pid, int signal) {
    SimProcess anchor = anchors.remove(pid);
    if (anchor != null) {
      anchor.exit();
      return true;
    }
    return programs.contains(pid) && borrowing.helper().kill(pid, signal);
  }

  @Override
  public void give(StackRef stack, String name, int jid) {
    in(
        stack,
        kernel -> {
          SocketCalls sockets = new SocketCalls(kernel);
          new LendCalls(kernel).give(sockets.open(SocketAbi.AF_INET, 2, 0), name, jid);
          return name;
        });
  }

  @Override
  public void reclaim(StackRef stack, String name, int jid) {
    in(
        stack,
        kernel -> {
          SocketCalls sockets = new SocketCalls(kernel);
          new LendCalls(kernel).takeBack(sockets.open(SocketAbi.AF_INET, 2, 0), name, jid);
          return name;
        });
  }

  private synchronized <T> T in(StackRef stack, Function<Syscalls, T> work) {
    checkOpen();
    SimProcess process = process(stack);
    try {
      return work.apply(new Syscalls(process, process::errno));
    } finally {
      process.exit();
    }
  }

  private SimProcess process(StackRef stack) {
    try {
      return machine.process(stack.jid(), 0);
    } catch (IllegalArgumentException e) {
      throw Syscalls.refusal("jail_attach", "jail " + stack.jid(), FreeBsdErrno.EINVAL, null);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new Vnet.ClosedException();
    }
    if (dead) {
      throw new LostException("vnet-helper was killed");
    }
  }

  /**
   * Simulates that the helper is killed: the jails it keeps alive lose its processes, what it was
   * to do later is not done, and every later request is refused.
   */
  public synchronized void die() {
    dead = true;
    laters.discard();
    anchors.values().forEach(SimProcess::exit);
    anchors.clear();
  }

  /** Closes the helper; what it keeps alive ends with it. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    laters.end();
    anchors.values().forEach(SimProcess::exit);
    anchors.clear();
    programs.forEach(pid -> borrowing.helper().kill(pid, SIGKILL));
    borrowing.end();
  }

  /**
   * Runs a program played by the test, or a real one in the Linux stack that stands for the jail's.
   */
  @Override
  public synchronized Started exec(
      StackRef stack, Command command, List<Fd> stdio, Consumer<Started> meanwhile) {
    checkOpen();
    SimProgram program = played.get(command.argv().get(0));
    if (program == null && isDhclientWithoutAddress(stack, command.argv())) {
      program = (jid, arguments, input) -> dhclientOf13(arguments);
    }
    if (program != null) {
      process(stack).exit();
      Started played = SimProgram.start(program, ++lastPlayed, stack.jid(), command.argv(), stdio);
      meanwhile.accept(played);
      return played;
    }
    String hostname = machine.hostname(stack.jid());
    Command there =
        new Command(
            command.argv(),
            command.environment(),
            command.directory(),
            command.user(),
            hostname.isEmpty() ? null : hostname);
    Started started = borrowing.helper().exec(station(stack).ref(), there, stdio, meanwhile);
    programs.add(started.pid());
    return started;
  }

  private boolean isDhclientWithoutAddress(StackRef stack, List<String> argv) {
    String iface = argv.get(argv.size() - 1);
    return !machine.release().dhclientNeedsNoAddress()
        && argv.get(0).endsWith("/dhclient")
        && !iface.startsWith("-")
        && !machine.hasInet(stack.jid(), iface);
  }

  private static StackProgram.Output dhclientOf13(List<String> arguments) {
    String iface = arguments.get(arguments.size() - 1);
    return new StackProgram.Output(1, "", iface + ": not found\nexiting.\n");
  }

  // ---- requests that only Linux has

  private static RuntimeException unsupported(String request) {
    return FreeBsdErrors.ofInterface(
        Syscalls.refusal(request, "simulated kernel", 45, "not on FreeBSD, or not simulated"));
  }

  @Override
  public Namespace createNamespace(String name, boolean persist, List<SocketKind> kinds) {
    throw unsupported("namespace");
  }

  @Override
  public Namespace findNamespace(String name) {
    throw unsupported("namespace");
  }

  @Override
  public int removeNamespaces(List<Named> namespaces) {
    throw unsupported("namespace");
  }

  @Override
  public int send(Fd socket, ByteBuffer message, int patchAt, @Nullable Fd patch) {
    throw unsupported("send");
  }

  @Override
  public synchronized int later(Duration delay, Deferred what) {
    checkOpen();
    if (what instanceof Deferred.Exec exec) {
      return later(delay, exec);
    }
    if (!(what instanceof Deferred.SetOption option)) {
      throw unsupported("later");
    }
    SimProcess keeper = machine.process(0, 0);
    int socket = option.socket().use(fd -> receiver.passTo(keeper, fd));
    Memory value = Memory.of(option.value());
    return laters.arm(
        delay,
        () ->
            keeper.setsockopt(socket, option.level(), option.name(), value.address(), value.size()),
        keeper::exit);
  }

  /** Arms a program that the test plays. Its output is discarded. */
  private int later(Duration delay, Deferred.Exec exec) {
    List<String> argv = exec.command().argv();
    SimProgram program = played.get(argv.get(0));
    if (program == null) {
      throw unsupported("later " + argv);
    }
    Fd input = exec.stdio().get(0).duplicate();
    int jid = exec.stack().jid();
    return laters.arm(
        delay,
        () -> program.run(jid, argv.subList(1, argv.size()), input.use(SimProgram::read)),
        input::close);
  }

  @Override
  public synchronized boolean cancel(int number) {
    checkOpen();
    return laters.cancel(number);
  }

  @Override
  public Tap tap(StackRef stack, String name) {
    throw unsupported("tap");
  }
}
