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

/** Benchmarks of a star: many jails within one jail, each connected by an epair to its bridge. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Star {

  /** The hub and its jails. */
  @State(Scope.Benchmark)
  public static class Lab {
    private static final int MOST_TRIES = 5;

    /** The number of jails. */
    @Param({"10", "100", "1000"})
    int size;

    private Vnet vnet;
    private Jail hub;
    private Bridge bridge;
    private final List<Jail> jails = new ArrayList<>();

    /** Opens a sandbox and creates a bridge with an address. */
    @Setup(Level.Invocation)
    public void open() {
      start();
    }

    /** Warms up the JVM: builds a small star and removes it, ten times. */
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

    /** Closes the sandbox with everything left in it. */
    @TearDown(Level.Invocation)
    public void close() {
      vnet.close();
      jails.clear();
    }

    private static String address(int i) {
      return "10.0." + (i + 2) / 256 + "." + (i + 2) % 256;
    }

    /**
     * Builds the star. Sets the links at the bridge up last: while they come up, the kernel takes
     * longer for every other request.
     */
    void build() {
      List<Epair> cables = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        Jail jail = hub.jail("jail" + i).create();
        Epair cable = hub.epair().vnet(jail).create();
        cable.b().inet(address(i) + "/16").upWithoutWaiting();
        bridge.add(cable.a());
        cables.add(cable);
        jails.add(jail);
      }
      cables.forEach(cable -> cable.a().upWithoutWaiting());
    }

    /**
     * Waits for the carrier of all links: the kernel brings links up with a delay, and drops
     * packets sent before.
     */
    void awaitCarrier() {
      await(hub);
      jails.forEach(Lab::await);
    }

    private static void await(NetworkStack stack) {
      while (stack.ifconfig().stream().anyMatch(one -> one.status() == LinkStatus.NO_CARRIER)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }

    /** Pings all jails and repeats unanswered requests: among so many, some are lost. */
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

  /** A star that is already built. */
  public static class Built extends Lab {
    /** Opens the sandbox and builds the star. */
    @Override
    @Setup(Level.Invocation)
    public void open() {
      super.open();
      build();
      awaitCarrier();
    }
  }

  /**
   * Creates the jails with their epairs and addresses.
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
   * Removes the jails and destroys the epairs.
   *
   * @param lab the star
   */
  @Benchmark
  public void starTearDown(Built lab) {
    lab.tearDown();
  }
}
