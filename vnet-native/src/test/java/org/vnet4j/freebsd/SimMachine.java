// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.spi.OpenRequest;

/** A simulated machine with a process of root on it, in which the provider runs. */
public final class SimMachine {
  final SimKernel kernel = new SimKernel();
  final SimProcess process;
  private final Borrowing borrowing = new Borrowing(kernel);

  /** Boots a machine with the modules that loader.conf of such a machine names. */
  public SimMachine() {
    this(0);
  }

  SimMachine(int uid) {
    SimProcess root = kernel.process();
    ModuleCalls modules = new ModuleCalls(new FreeBsdKernel(root, root::errno));
    for (String module : new String[] {"if_epair", "if_bridge", "if_vxlan"}) {
      modules.load(module);
    }
    root.exit();
    process = kernel.process(0, uid);
  }

  /** Takes the kernel for another release. */
  SimMachine release(int version) {
    kernel.variable("kern.osreldate", version);
    return this;
  }

  /** Tells why TCP, UDP and programs are missing here; empty if they are not. */
  public static Optional<String> lacks() {
    return Borrowing.LACKS;
  }

  /** Opens a sandbox on it. */
  public Vnet sandbox(Capability... without) {
    return open(process, true, without);
  }

  Vnet open(Capability... without) {
    return open(process, false, without);
  }

  Vnet open(SimProcess who, boolean sandbox, Capability... without) {
    FreeBsdKernel calls = new FreeBsdKernel(who, who::errno);
    return Vnet.builder()
        .of(
            FreeBsdSession.open(
                calls,
                new SimHelper(kernel, who, borrowing),
                new OpenRequest(sandbox, "test", Set.of(without))));
  }

  /** Names what could be left behind and is there now. */
  Set<String> leftovers() {
    Set<String> found = new TreeSet<>();
    kernel.jails().forEach(jail -> found.add("jail " + jail));
    kernel.interfaces(0).forEach(name -> found.add("interface " + name));
    found.add(kernel.openDescriptors() + " descriptors");
    found.add(kernel.runningProcesses() + " processes");
    return found;
  }

  /** As {@link #leftovers()} where the user is to destroy interfaces: those of the machine stay. */
  Set<String> leftoversBesideInterfaces() {
    Set<String> found = leftovers();
    found.removeIf(one -> one.startsWith("interface "));
    return found;
  }
}
