// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/** Reads one interface with its addresses, on the real kernel, in a sandbox. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadOneInterface {
  private Vnet vnet;
  private NetInterface end;

  /** Makes a cable with an address at one end. */
  @Setup
  public void open() {
    vnet = Vnet.sandbox();
    end = vnet.host().epair().create().a().inet("192.0.2.1/24").up();
  }

  /** Closes the sandbox; the cable goes with it. */
  @TearDown
  public void close() {
    vnet.close();
  }

  /**
   * Reads the interface.
   *
   * @return what the kernel said
   */
  @Benchmark
  public InterfaceInfo readOneInterface() {
    return end.info();
  }
}
