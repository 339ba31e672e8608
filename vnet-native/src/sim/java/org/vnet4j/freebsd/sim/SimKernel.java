// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Rule;
import org.vnet4j.freebsd.sim.ioctl.Moves;
import org.vnet4j.freebsd.sim.ipfw.IpfwFilter;
import org.vnet4j.freebsd.sim.ipfw.IpfwRequests;
import org.vnet4j.freebsd.sim.ipfw.SimIpfw;
import org.vnet4j.freebsd.sim.jail.JailMaking;
import org.vnet4j.freebsd.sim.jail.JailSyscalls;
import org.vnet4j.freebsd.sim.net.Addresses;
import org.vnet4j.freebsd.sim.net.Frame;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Ip;
import org.vnet4j.freebsd.sim.net.Kind;
import org.vnet4j.freebsd.sim.net.Links;
import org.vnet4j.freebsd.sim.net.SimAddress;
import org.vnet4j.freebsd.sim.net.Station;
import org.vnet4j.freebsd.sim.net.StationPicture;
import org.vnet4j.freebsd.sim.net.Tunnels;

/**
 * A FreeBSD kernel simulated in Java, freshly booted: one stack with lo0 up, no jails, no modules
 * loaded.
 *
 * <p>A {@link SimProcess} makes the system calls. On a real machine the helper opens sockets in a
 * jail and passes them to the caller; {@link #socketInJail} does the same here. Tests inspect the
 * whole machine with {@link #jails()}, {@link #interfaces(int)} and {@link #openDescriptors()}.
 */
public final class SimKernel {
  public static final String FORWARD4 = "net.inet.ip.forwarding";
  public static final String FORWARD6 = "net.inet6.ip6.forwarding";

  public final Map<Integer, Prison> prisons = new TreeMap<>();
  public final SimModules modules = new SimModules();
  final SimKenv kenv = new SimKenv();
  public final Sysctls sysctls = new Sysctls();
  public final JailSyscalls jails = new JailSyscalls(this);
  final JailMaking jailMaking = new JailMaking(this);
  public final Moves moves = new Moves(this);
  public final Links links = new Links(this);
  public final Tunnels tunnels = new Tunnels(this);
  public final Ip ip = new Ip(this);
  private final Map<Stack, Prison> withStation = new HashMap<>();
  private Station.@Nullable Maker stations;
  private RuleReader ruleReader = request -> null;
  final List<SimProcess> processes = new ArrayList<>();
  final List<Kqueue> kqueues = new ArrayList<>();
  public final Set<String> directories = new HashSet<>(Set.of("/", "/tmp", "/var"));
  public Chance chance = Chance.HASHED;
  public int teardownPolls;
  private int callsUntilEmptied;
  private final Map<Stack, Integer> ending = new LinkedHashMap<>();
  private Fault fault = Fault.NONE;
  private Fault faultOfWaiting = Fault.NONE;
  private final List<String> console = new ArrayList<>();
  private long calls;
  private int lastPid = 100;

  public SimKernel() {
    Stack stack = newStack("");
    Prison root = new Prison(this, null, 0, "", stack);
    root.persist = true;
    prisons.put(0, root);
    Iface lo = stack.interfaces.get(0);
    Addresses.up(lo);
    Addresses.add4(lo, new SimAddress(false, new byte[] {127, 0, 0, 1}, 8, new byte[0]));
  }

  public Prison host() {
    return prisons.get(0);
  }

  public Stack newStack(String name) {
    Stack stack = new Stack(this, name);
    if (modules.isLoaded("ipfw")) {
      startIpfw(stack);
    }
    stack.interfaces.add(new Iface(Kind.LO, "lo0", 0, freeIndex(), stack));
    return stack;
  }

  /** Decodes the request that adds a rule to ipfw into a neutral rule. */
  @FunctionalInterface
  public interface RuleReader {
    /** Decodes the request; returns null if no neutral rule expresses it. */
    @Nullable Rule read(byte[] request);
  }

  /**
   * Sets the decoder of rules. The firewall decides by the decoded rule and keeps the request's
   * bytes.
   */
  public void ruleReader(RuleReader reader) {
    ruleReader = reader;
  }

  /** Starts ipfw in every stack when the module is loaded; kenv(2) sets the default rule. */
  void startIpfw() {
    prisons.values().stream().map(p -> p.stack).distinct().forEach(this::startIpfw);
  }

  private void startIpfw(Stack stack) {
    boolean accepts = "1".equals(kenv.value("net.inet.ip.fw.default_to_accept"));
    SimIpfw ipfw = new SimIpfw(release().hasJailDescriptors() ? 1 : 0, accepts);
    stack.ipfw = ipfw;
    stack.filters.add(new IpfwFilter(stack, ipfw));
  }

  public synchronized SimIpfw ipfw(int jid) {
    return java.util.Objects.requireNonNull(prisons.get(jid).stack.ipfw, "ipfw is loaded");
  }

  /** Adds a rule as ipfw(8) does, and keeps the text by which ipfw(8) lists it. */
  public synchronized void addByProgram(
      SimProcess process, byte[] request, @Nullable String shown) {
    SimIpfw ipfw = ipfw(process.prison.jid);
    Set<SimIpfw.Entry> before = new HashSet<>(ipfw.rules);
    ipfw(process, process.prison.stack, request);
    for (SimIpfw.Entry entry : ipfw.rules) {
      if (!before.contains(entry) && shown != null) {
        entry.shown = shown.replaceFirst("^[0-9]+ ", "");
      }
    }
  }

  public byte[] ipfw(SimProcess process, Stack stack, byte[] request) {
    SimIpfw ipfw = stack.ipfw;
    if (ipfw == null) {
      throw new SysError("ENOPROTOOPT");
    }
    return new IpfwRequests(process, ipfw, ruleReader, request).handle();
  }

  /** Returns the lowest free interface index. All stacks share one range of indexes. */
  public int freeIndex() {
    Set<Integer> taken = new HashSet<>();
    allInterfaces().forEach(iface -> taken.add(iface.index));
    int index = 1;
    while (taken.contains(index)) {
      index++;
    }
    return index;
  }

  public List<Iface> allInterfaces() {
    List<Iface> all = new ArrayList<>();
    prisons.values().stream()
        .map(p -> p.stack)
        .distinct()
        .forEach(stack -> all.addAll(stack.interfaces));
    ending.keySet().forEach(stack -> all.addAll(stack.interfaces));
    return all;
  }

  /** Notifies the kernel event queues that watch the jail. */
  public void tell(Prison prison, String event, long data) {
    List.copyOf(kqueues).forEach(queue -> queue.tell(prison, FreeBsdAbi.constant(event), data));
  }

  synchronized void enter(String call) {
    for (Stack stack : List.copyOf(ending.keySet())) {
      if (ending.merge(stack, -1, Integer::sum) <= 0) {
        empty(stack);
      }
    }
    boolean waits = Thread.currentThread().getName().equals("vnet-jail-ends");
    int error = waits ? faultOfWaiting.errno(0, call) : fault.errno(++calls, call);
    if (error != 0) {
      throw new InjectedFault(error);
    }
  }

  /** The failure of a call that a {@link Fault} chose. */
  static final class InjectedFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int errno;

    InjectedFault(int errno) {
      super("injected", null, false, false);
      this.errno = errno;
    }
  }

  /** Makes chosen calls fail from now on; {@link Fault#NONE} ends that. */
  public synchronized void fault(Fault chosen) {
    fault = chosen;
    calls = 0;
  }

  /**
   * Makes chosen calls of the threads that watch jails fail. These calls happen at any time and are
   * not counted.
   */
  public synchronized void faultOfWaiting(Fault chosen) {
    faultOfWaiting = chosen;
  }

  /** Prints a message to the console. */
  public void print(String message) {
    console.add(message);
  }

  /** Returns what the kernel printed to the console. */
  public synchronized List<String> console() {
    return List.copyOf(console);
  }

  /** Returns the number of calls since the fault was last set. */
  public synchronized long calls() {
    return calls;
  }

  /** Sets the source of values that a real kernel draws at random. */
  public void chance(Chance drawn) {
    chance = drawn;
  }

  /** Sets the number of jail_get(2) calls before a dying jail is removed; 0 removes it at once. */
  public void teardownPolls(int looks) {
    teardownPolls = looks;
  }

  /**
   * Sets the number of system calls after which the stack of a freed jail is emptied; 0 empties it
   * at once. Until then its interfaces in other stacks remain, as in a real kernel, which forgets a
   * jail before it destroys its stack ({@code prison_deref} in kern/kern_jail.c).
   */
  public synchronized void emptiesStacksAfter(int laterCalls) {
    callsUntilEmptied = laterCalls;
  }

  /** Ends the stack of a freed jail. */
  public void end(Stack stack) {
    ending.put(stack, callsUntilEmptied);
    if (callsUntilEmptied == 0) {
      empty(stack);
    }
  }

  private void empty(Stack stack) {
    moves.evacuate(stack);
    ending.remove(stack);
  }

  /** Adds a directory that a jail's path may name. */
  public void directory(String path) {
    directories.add(path);
  }

  /** Starts a process of root on the host. */
  public SimProcess process() {
    return process(0, 0);
  }

  /** Starts a process in a jail (0: the host) with a user id (0: root). */
  public synchronized SimProcess process(int jid, int uid) {
    Prison prison = prisons.get(jid);
    if (prison == null || !prison.alive) {
      throw new IllegalArgumentException("no jail " + jid);
    }
    SimProcess process = new SimProcess(this, prison, uid, ++lastPid);
    processes.add(process);
    prison.processes.add(process);
    return process;
  }

  /**
   * Does the helper's work: a process of root attaches to the jail, opens a socket, passes it to
   * the receiver and exits. The socket keeps the jail from being removed until it is closed.
   *
   * @return the receiver's descriptor, or -1 with its errno set
   */
  public synchronized int socketInJail(
      SimProcess receiver, int jid, int domain, int type, int protocol) {
    return receiver.receiveSocket(jid, domain, type, protocol);
  }

  /**
   * Does the same with a packet filter device. The device is bound to an interface of the jail's
   * stack and does not keep the jail from being removed.
   *
   * @return the receiver's descriptor, or -1 with its errno set
   */
  public synchronized int bpfInJail(SimProcess receiver, int jid, String name, int room) {
    return receiver.receiveBpf(jid, name, room);
  }

  // ---- stations: Linux stacks that carry the sockets and programs

  /** Sets the factory of stations; null closes all stations. */
  public synchronized void stations(Station.@Nullable Maker maker) {
    stations = maker;
    if (maker == null) {
      List.copyOf(withStation.keySet()).forEach(this::leaveStation);
    }
  }

  /** Returns the station of a jail's stack (0: the host's), made on first use. */
  public synchronized Station station(int jid) {
    Prison prison = prisons.get(jid);
    Station station = prison == null || !prison.alive ? null : stationOf(prison.stack);
    if (station == null) {
      throw new IllegalArgumentException("no jail " + jid + ", or no stations");
    }
    return station;
  }

  /** Passes on a frame that a station sends by an interface of its stack. */
  public synchronized void emit(Station station, String iface, byte[] frame) {
    for (Stack stack : withStation.keySet()) {
      if (stack.station == station) {
        ip.emit(stack, iface, Frame.parse(frame));
        return;
      }
    }
  }

  @Nullable
  public Station stationOf(Stack stack) {
    Station.Maker maker = stations;
    if (stack.station == null && maker != null) {
      for (Prison prison : prisons.values()) {
        if (prison.stack == stack && prison.ownStack && prison.alive) {
          stack.station = maker.make(prison.jid);
          withStation.put(stack, prison);
          tellStation(stack);
          break;
        }
      }
    }
    return stack.station;
  }

  /** Notifies the stations of changes; called after each system call. */
  void settle() {
    for (Stack stack : List.copyOf(withStation.keySet())) {
      if (withStation.get(stack).alive) {
        tellStation(stack);
      } else {
        leaveStation(stack);
      }
    }
  }

  private static void tellStation(Stack stack) {
    Station.Picture picture = StationPicture.of(stack);
    if (stack.station != null && !picture.equals(stack.lastTold)) {
      stack.lastTold = picture;
      stack.station.changed(picture);
    }
  }

  private void leaveStation(Stack stack) {
    withStation.remove(stack);
    Station station = stack.station;
    stack.station = null;
    stack.lastTold = null;
    if (station != null) {
      station.gone();
    }
  }

  /** Returns the hostname that processes of a jail see; empty for the machine's. */
  public synchronized String hostname(int jid) {
    Prison prison = prisons.get(jid);
    return prison == null ? "" : (String) prison.values.getOrDefault("host.hostname", "");
  }

  /** Returns the names of all jails, dying ones included. */
  public synchronized List<String> jails() {
    return prisons.values().stream().filter(p -> p.jid != 0).map(p -> p.name).toList();
  }

  /** Returns the names of the interfaces in a jail's stack (0: the host's). */
  public synchronized List<String> interfaces(int jid) {
    return prisons.get(jid).stack.interfaces.stream().map(i -> i.name).toList();
  }

  /** Returns the enabled capabilities of an interface of a jail's stack (0: the host's). */
  public synchronized int capabilities(int jid, String name) {
    return prisons.get(jid).stack.get(name).capabilities;
  }

  /** Returns whether an interface of a jail's stack (0: the host's) has an IPv4 address. */
  public synchronized boolean hasInet(int jid, String name) {
    Iface iface = prisons.get(jid).stack.find(name);
    return iface != null && !iface.inet(false).isEmpty();
  }

  /** Returns the number of descriptors that all processes hold. */
  public synchronized int openDescriptors() {
    return processes.stream().mapToInt(SimProcess::descriptors).sum();
  }

  /** Returns the number of processes. */
  public synchronized int runningProcesses() {
    return processes.size();
  }

  /** Returns a sysctl variable of a jail's stack (0: the host's). */
  public synchronized int variable(int jid, String name) {
    return prisons.get(jid).stack.variables.get(name);
  }

  /** Returns the numbers of the rules in a jail's ipfw, without the kernel's own default rule. */
  public synchronized List<Integer> ruleNumbers(int jid) {
    return ipfw(jid).rules.stream()
        .map(SimIpfw.Entry::number)
        .filter(number -> number != SimIpfw.DEFAULT)
        .toList();
  }

  /** Returns the release of FreeBSD that this kernel simulates. */
  public Release release() {
    return new Release(sysctls.variables.get("kern.osreldate"));
  }

  /** Makes this kernel another release of FreeBSD. */
  public synchronized void release(Release release) {
    sysctls.variables.put("kern.osreldate", release.number());
  }

  /** Sets a sysctl variable of the machine, to simulate another kernel. */
  public synchronized void variable(String name, int value) {
    sysctls.variables.put(name, value);
  }
}
