// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.ipfw.IpfwLayout;

/**
 * A pipe of dummynet. It loses and delays frames; it stores a rate and a queue size without effect.
 */
public final class Pipe {
  private static final double ALL = 0x7fffffff;
  private static final long SEED = 4711;

  private final SimKernel kernel;
  private final Random random = new Random(SEED);
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private byte[] flowSet;
  private long bandwidth;
  private int delay;

  private record Waiting(long due, Runnable delivery) {}

  public Pipe(SimKernel kernel, byte[] flowSet) {
    this.kernel = kernel;
    this.flowSet = flowSet;
  }

  public void link(long bitsPerSecond, int milliseconds) {
    bandwidth = bitsPerSecond;
    delay = milliseconds;
  }

  public long bandwidth() {
    return bandwidth;
  }

  public int delay() {
    return delay;
  }

  public void flowSet(byte[] set) {
    flowSet = set;
  }

  public byte[] flowSet() {
    return flowSet;
  }

  /**
   * Returns the loss in a flow set. The structure of FreeBSD 14 is shorter and has it at another
   * offset.
   */
  private double loss() {
    boolean old = flowSet.length == FreeBsdAbi.size("dn_fs", "14");
    return IpfwLayout.in(flowSet).getInt(old ? 20 : 120) / ALL;
  }

  /** Takes a frame, and delivers it later or never. The caller holds the kernel's lock. */
  void take(Runnable delivery) {
    if (random.nextDouble() < loss()) {
      return;
    }
    long now = System.nanoTime();
    long due = now + TimeUnit.MILLISECONDS.toNanos(delay);
    waiting.add(new Waiting(due, delivery));
    CompletableFuture.delayedExecutor(due - now, TimeUnit.NANOSECONDS).execute(this::deliver);
  }

  private void deliver() {
    synchronized (kernel) {
      while (!waiting.isEmpty() && waiting.peek().due() <= System.nanoTime()) {
        waiting.remove().delivery().run();
      }
    }
  }
}
