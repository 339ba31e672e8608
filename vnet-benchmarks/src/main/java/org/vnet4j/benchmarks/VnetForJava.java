// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.vnet4j.InterfaceInfo;

/** The benchmarks of this library: each hot path, by the public model alone. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VnetForJava {

  /**
   * Reads an interface with its address.
   *
   * @param cable its end a is read
   * @return the interface
   */
  @Benchmark
  public InterfaceInfo readOneInterface(TestBed.Cable cable) {
    return cable.a.info();
  }

  /**
   * Reads all interfaces with their addresses.
   *
   * @param interfaces the sandbox with the interfaces
   * @return the interfaces
   */
  @Benchmark
  public List<InterfaceInfo> listInterfaces(TestBed.Interfaces interfaces) {
    return interfaces.host.ifconfig();
  }

  /**
   * Creates an epair and destroys it.
   *
   * @param ground an empty sandbox
   */
  @Benchmark
  public void createDestroyEpair(TestBed ground) {
    ground.host.epair().create().destroy();
  }

  /**
   * Creates a jail and removes it.
   *
   * @param ground an empty sandbox
   */
  @Benchmark
  public void createRemoveJail(TestBed ground) {
    ground.host.jail("jail").create().remove();
  }

  /**
   * Lends an end of an epair to a jail and takes it back.
   *
   * @param lent the end and the jail
   */
  @Benchmark
  public void giveTakeBack(TestBed.Lent lent) {
    lent.b.vnet(lent.jail).reclaim();
  }

  /**
   * Adds a second address and removes it.
   *
   * @param cable its end a receives the address
   */
  @Benchmark
  public void addRemoveAddress(TestBed.Cable cable) {
    cable.a.inet("192.0.2.2/24").deleteAddress("192.0.2.2/24");
  }

  /**
   * Adds a member to a bridge and deletes it.
   *
   * @param ground a bridge and an interface
   */
  @Benchmark
  public void bridgeAddDeleteMember(TestBed.Switch ground) {
    ground.bridge.add(ground.a).delete(ground.a);
  }

  /**
   * Sends an echo request to a jail through an epair and receives the reply.
   *
   * @param ground the jail
   */
  @Benchmark
  public void ping(TestBed.Neighbour ground) {
    if (ground.host.ping("192.0.2.2").count(1).run().received() != 1) {
      throw new IllegalStateException("no answer");
    }
  }

  /**
   * Starts a program in a jail and waits for its end.
   *
   * @param ground the jail
   * @throws InterruptedException never
   */
  @Benchmark
  public void startProcess(TestBed.Lent ground) throws InterruptedException {
    int status = ground.jail.exec("true").start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("true ended with " + status);
    }
  }

  /**
   * Adds a rule to a firewall and deletes it.
   *
   * @param ground the firewall
   */
  @Benchmark
  public void addDeleteRule(TestBed.Firewall ground) {
    ground.ipfw.add(TestBed.Firewall.RULE);
    ground.ipfw.delete(100);
  }

  /**
   * Replaces all rules of a firewall by as many others, in one transaction.
   *
   * @param ground the firewall
   */
  @Benchmark
  public void loadRules(TestBed.Rules ground) {
    ground.ipfw.load(ground.next());
  }
}
