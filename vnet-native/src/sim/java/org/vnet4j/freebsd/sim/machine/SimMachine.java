// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Rule;
import org.vnet4j.freebsd.FreeBsdKernel;
import org.vnet4j.freebsd.StackProgram;
import org.vnet4j.freebsd.ipfw.IpfwRuleCodec;
import org.vnet4j.freebsd.ipfw.IpfwVersion;
import org.vnet4j.freebsd.sim.Release;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.ipfw.IpfwProgram;
import org.vnet4j.freebsd.sys.ModuleCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.StackParts;

/** A simulated machine for tests: a kernel, and a process in which the FreeBSD provider runs. */
public final class SimMachine {
  private static final int CALLS_OF_SLOW_ENDS = 10;

  public final SimKernel kernel = new SimKernel();
  public final SimProcess process;
  private final Borrowing borrowing = new Borrowing(kernel);
  private @Nullable SimHelper youngest;

  /** The programs that tests play, by name. Any other name starts a program of this system. */
  public final Map<String, SimProgram> programs = new HashMap<>();

  /**
   * Boots a machine with the modules that its loader.conf would name, and starts a process of root.
   */
  public SimMachine() {
    this(0);
  }

  public SimMachine(int uid) {
    kernel.ruleReader(SimMachine::rule);
    IpfwProgram ipfw = new IpfwProgram(kernel);
    programs.put(
        "ipfw",
        (jid, arguments, input) -> {
          IpfwProgram.Result result = ipfw.run(jid, arguments);
          boolean well = result.status() == 0;
          return new StackProgram.Output(
              result.status(), well ? result.text() : "", well ? "" : result.text());
        });
    SimProcess root = kernel.process();
    ModuleCalls modules = new ModuleCalls(new Syscalls(root, root::errno));
    for (String module : new String[] {"if_epair", "if_bridge", "if_vxlan", "if_gre"}) {
      modules.load(module);
    }
    root.exit();
    process = kernel.process(0, uid);
  }

  private static @Nullable Rule rule(byte[] request) {
    ByteBuffer bytes = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
    IpfwVersion version = IpfwVersion.values()[bytes.getShort(2)];
    return new IpfwRuleCodec(version).added(bytes).rule();
  }

  /** Loads ipfw, with a default rule that lets everything pass, and dummynet. */
  public SimMachine ipfw() {
    try (Vnet loader = open()) {
      loader.modules().loadIpfw(Action.Plain.ALLOW);
      loader.modules().load("dummynet");
    }
    return this;
  }

  /** Makes the kernel another release of FreeBSD. */
  public SimMachine release(Release release) {
    kernel.release(release);
    return this;
  }

  /** Makes the kernel another release of FreeBSD, by the number of kern.osreldate. */
  public SimMachine release(int number) {
    return release(new Release(number));
  }

  /** Lets the stacks of removed jails end some system calls later than the jails. */
  public SimMachine slowEnds() {
    kernel.emptiesStacksAfter(CALLS_OF_SLOW_ENDS);
    return this;
  }

  /** Returns the reason why TCP, UDP and programs are missing; empty if they are not. */
  public static Optional<String> lacks() {
    return Borrowing.LACKS;
  }

  /** Opens a sandbox on the machine. */
  public Vnet sandbox(Capability... without) {
    return open(process, true, without);
  }

  public Vnet open(Capability... without) {
    return open(process, false, without);
  }

  public Vnet open(SimProcess who, boolean sandbox, Capability... without) {
    Syscalls calls = new Syscalls(who, who::errno);
    return StackParts.vnet(
        FreeBsdKernel.open(
            calls,
            () -> {
              SimHelper helper = new SimHelper(kernel, who, borrowing, programs);
              youngest = helper;
              return helper;
            },
            new OpenRequest(sandbox, "test", Set.of(without))));
  }

  /** Kills the helper that was started last. */
  public void killHelper() {
    Objects.requireNonNull(youngest).die();
  }

  /** Names everything on the machine that a test could leave behind. */
  public Set<String> leftovers() {
    Set<String> found = new TreeSet<>();
    kernel.jails().forEach(jail -> found.add("jail " + jail));
    kernel.interfaces(0).forEach(name -> found.add("interface " + name));
    found.add(kernel.openDescriptors() + " descriptors");
    found.add(kernel.runningProcesses() + " processes");
    return found;
  }

  /** Does the same without interfaces, for tests in which the user destroys them. */
  public Set<String> leftoversBesideInterfaces() {
    Set<String> found = leftovers();
    found.removeIf(one -> one.startsWith("interface "));
    return found;
  }
}
