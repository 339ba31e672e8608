// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.LinkStatus;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;

/** A laboratory of many jails in a jail, each by a cable on the one bridge of that. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Star {

  /** The hub and its spokes. */
  @State(Scope.Benchmark)
  public static class Lab {
    private static final int MOST_TRIES = 5;

    /** How many jails. */
    @Param({"10", "100", "1000"})
    int size;

    private Vnet vnet;
    private Jail hub;
    private Bridge bridge;
    private final List<Jail> jails = new ArrayList<>();

    /** Opens a sandbox with a bridge that has an address. */
    @Setup(Level.Invocation)
    public void open() {
      start();
    }

    /** Compiles the code on the way: builds a small star and tears it down again. */
    @Setup
    public void warmUp() {
      int wanted = size;
      size = Math.min(size, 100);
      for (int i = 0; i < 10; i++) {
        start();
        build();
        awaitCarrier();
        pingAll();
        tearDown();
        close();
      }
      Leftovers.await();
      size = wanted;
    }

    private void start() {
      vnet = Vnet.sandbox();
      hub = vnet.host().jail("hub").childrenMax(size).create();
      bridge = hub.bridge().create();
      bridge.inet("10.0.0.1/16").up();
    }

    /** Closes the sandbox with what is left in it. */
    @TearDown(Level.Invocation)
    public void close() {
      vnet.close();
      jails.clear();
    }

    private static String address(int i) {
      return "10.0." + (i + 2) / 256 + "." + (i + 2) % 256;
    }

    /** Links come up last: while they do, a kernel takes longer for all else. */
    void build() {
      List<Epair> cables = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        Jail jail = hub.jail("jail" + i).create();
        Epair cable = hub.epair().vnet(jail).create();
        cable.b().inet(address(i) + "/16").up();
        bridge.add(cable.a());
        cables.add(cable);
        jails.add(jail);
      }
      cables.forEach(cable -> cable.a().up());
    }

    /** A kernel brings links up in its own time, and drops what is sent before. */
    void awaitCarrier() {
      await(hub);
      jails.forEach(Lab::await);
    }

    private static void await(NetworkStack stack) {
      while (stack.ifconfig().stream().anyMatch(one -> one.status() == LinkStatus.NO_CARRIER)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }

    /** Asks again where nobody answered: among so many, questions get lost. */
    int pingAll() {
      int answers = 0;
      for (int i = 0; i < size; i++) {
        int received = 0;
        for (int tries = 0; received == 0 && tries < MOST_TRIES; tries++) {
          received = hub.ping(address(i)).count(1).run().received();
        }
        answers += received;
      }
      return answers;
    }

    void tearDown() {
      hub.remove();
    }
  }

  /** The same, built already. */
  public static class Built extends Lab {
    /** Opens and builds it. */
    @Override
    @Setup(Level.Invocation)
    public void open() {
      super.open();
      build();
      awaitCarrier();
    }
  }

  /**
   * Makes the jails with their cables and addresses.
   *
   * @param lab the hub
   */
  @Benchmark
  public void starBuild(Lab lab) {
    lab.build();
  }

  /**
   * Pings each jail from the hub.
   *
   * @param lab the star
   */
  @Benchmark
  public void starPingAll(Built lab) {
    int answers = lab.pingAll();
    if (answers != lab.size) {
      throw new IllegalStateException(answers + " of " + lab.size + " answered");
    }
  }

  /**
   * Removes the jails; when this is done the cables are gone too.
   *
   * @param lab the star
   */
  @Benchmark
  public void starTearDown(Built lab) {
    lab.tearDown();
  }
}
