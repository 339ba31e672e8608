// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * A FreeBSD machine of test code, freshly booted: one stack with lo0 up, no jails, no modules
 * loaded.
 *
 * <p>Calls are made by a {@link SimProcess}. What the helper does on a real machine, opening
 * sockets in a jail and handing them over, is {@link #socketInJail}. Tests may look at the machine
 * from above: {@link #jails()}, {@link #interfaces(int)}, {@link #openDescriptors()}.
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
  private Fault fault = Fault.NONE;
  private Fault faultOfWaiting = Fault.NONE;
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

  /** Understands the request that adds a rule to ipfw, as far as a neutral rule can say it. */
  @FunctionalInterface
  public interface RuleReader {
    /** Reads it; null if a neutral rule cannot say it. */
    @Nullable Rule read(byte[] request);
  }

  /** Says who reads rules for deciding packets by them; their bytes are kept as they are. */
  public void ruleReader(RuleReader reader) {
    ruleReader = reader;
  }

  /**
   * The module came: every stack has an ipfw from now on, with the default the loader was given.
   */
  void startIpfw() {
    prisons.values().stream().map(p -> p.stack).distinct().forEach(this::startIpfw);
  }

  private void startIpfw(Stack stack) {
    int release = sysctls.variables.get("kern.osreldate");
    boolean accepts = "1".equals(kenv.value("net.inet.ip.fw.default_to_accept"));
    SimIpfw ipfw = new SimIpfw(release < 1_500_000 ? 0 : 1, accepts);
    stack.ipfw = ipfw;
    stack.filters.add(new IpfwFilter(stack, ipfw));
  }

  public synchronized SimIpfw ipfw(int jid) {
    return java.util.Objects.requireNonNull(prisons.get(jid).stack.ipfw, "ipfw is loaded");
  }

  /** Adds a rule as a program does, and keeps how ipfw(8) lists it. */
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

  /** One row of numbers serves all stacks; the lowest free one is taken. */
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
    return all;
  }

  /** Something happened to a jail: those who asked for it are notified. */
  public void tell(Prison prison, String event, long data) {
    List.copyOf(kqueues).forEach(queue -> queue.tell(prison, FreeBsdAbi.constant(event), data));
  }

  synchronized void enter(String call) {
    boolean waits = Thread.currentThread().getName().equals("vnet-jail-ends");
    int error = waits ? faultOfWaiting.errno(0, call) : fault.errno(++calls, call);
    if (error != 0) {
      throw new InjectedFault(error);
    }
  }

  /** A call fails because a test wants it to. */
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
   * Makes chosen calls fail of threads that wait for the ends of jails. They come at any time, so
   * no number counts them.
   */
  public synchronized void faultOfWaiting(Fault chosen) {
    faultOfWaiting = chosen;
  }

  /** How many calls were made since the faults were last chosen. */
  public synchronized long calls() {
    return calls;
  }

  /** Puts in what a real kernel draws by chance. */
  public void chance(Chance drawn) {
    chance = drawn;
  }

  /** Delays a jail's end: the number of queries after which it no longer exists; 0 for at once. */
  public void teardownPolls(int looks) {
    teardownPolls = looks;
  }

  /** Adds a directory that a jail's path may name. */
  public void directory(String path) {
    directories.add(path);
  }

  /** Starts a process of root on the host. */
  public SimProcess process() {
    return process(0, 0);
  }

  /** Starts a process in a jail, 0 for the host, with a user id, 0 for root. */
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
   * Does what the helper does: a process of root attaches to the jail, opens a socket there, hands
   * it to the receiver and ends. The socket pins the jail until it is closed.
   *
   * @return the receiver's descriptor, or -1 with its errno set
   */
  public synchronized int socketInJail(
      SimProcess receiver, int jid, int domain, int type, int protocol) {
    return receiver.receiveSocket(jid, domain, type, protocol);
  }

  /**
   * The same with a packet filter device, which is bound to an interface of the jail's stack and
   * pins nothing.
   *
   * @return the receiver's descriptor, or -1 with its errno set
   */
  public synchronized int bpfInJail(SimProcess receiver, int jid, String name, int room) {
    return receiver.receiveBpf(jid, name, room);
  }

  // ---- where sockets and programs really are

  /** Says who makes stations, from now on; null takes away those there are. */
  public synchronized void stations(Station.@Nullable Maker maker) {
    stations = maker;
    if (maker == null) {
      List.copyOf(withStation.keySet()).forEach(this::leaveStation);
    }
  }

  /** The station of a jail's stack, 0 for the host's; made if there is none. */
  public synchronized Station station(int jid) {
    Prison prison = prisons.get(jid);
    Station station = prison == null || !prison.alive ? null : stationOf(prison.stack);
    if (station == null) {
      throw new IllegalArgumentException("no jail " + jid + ", or no stations");
    }
    return station;
  }

  /** A station sends a frame by an interface of its stack. */
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

  /** After each call: stations learn what has changed. */
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

  /** The hostname that processes in a jail see; empty for the machine's. */
  public synchronized String hostname(int jid) {
    Prison prison = prisons.get(jid);
    return prison == null ? "" : (String) prison.values.getOrDefault("host.hostname", "");
  }

  /** The names of the jails, dying ones too. */
  public synchronized List<String> jails() {
    return prisons.values().stream().filter(p -> p.jid != 0).map(p -> p.name).toList();
  }

  /** The names of the interfaces in a jail's stack, 0 for the host's. */
  public synchronized List<String> interfaces(int jid) {
    return prisons.get(jid).stack.interfaces.stream().map(i -> i.name).toList();
  }

  /** How many descriptors all processes hold. */
  public synchronized int openDescriptors() {
    return processes.stream().mapToInt(SimProcess::descriptors).sum();
  }

  /** How many processes there are. */
  public synchronized int runningProcesses() {
    return processes.size();
  }

  /** A system variable of a jail's stack, 0 for the host's. */
  public synchronized int variable(int jid, String name) {
    return prisons.get(jid).stack.variables.get(name);
  }

  /** The numbers of the rules in a jail's ipfw, but the last, which the kernel has itself. */
  public synchronized List<Integer> ruleNumbers(int jid) {
    return ipfw(jid).rules.stream()
        .map(SimIpfw.Entry::number)
        .filter(number -> number != SimIpfw.DEFAULT)
        .toList();
  }

  /** Sets a system variable of the machine, as another kernel would have it. */
  public synchronized void variable(String name, int value) {
    sysctls.variables.put(name, value);
  }
}
