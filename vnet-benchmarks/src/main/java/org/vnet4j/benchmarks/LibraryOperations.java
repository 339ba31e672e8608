// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Rule;

/** The operations of the contest, by this library. */
final class LibraryOperations {
  private static final VnetForJava LIBRARY = new VnetForJava();
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(20);
  private static final Map<String, IntFunction<Work>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("readOneInterface", size -> on(new TestBed.Cable(), LIBRARY::readOneInterface));
    ALL.put("addRemoveAddress", size -> on(new TestBed.Cable(), LIBRARY::addRemoveAddress));
    ALL.put(
        "bridgeAddDeleteMember", size -> on(new TestBed.Switch(), LIBRARY::bridgeAddDeleteMember));
    ALL.put("createDestroyEpair", size -> on(new TestBed(), LIBRARY::createDestroyEpair));
    ALL.put("createRemoveJail", size -> on(new TestBed(), LIBRARY::createRemoveJail));
    ALL.put("giveTakeBack", size -> on(new TestBed.Lent(), LIBRARY::giveTakeBack));
    ALL.put("createJailEvery20ms", size -> new NowAndThen());
    ALL.put("ping", size -> on(TestBed.Neighbour.connected(), LIBRARY::ping));
    ALL.put("startProcess", size -> on(new TestBed.Lent(), LIBRARY::startProcess));
    ALL.put("addDeleteRule", size -> on(new TestBed.Firewall(), LIBRARY::addDeleteRule));
    ALL.put("loadRules", size -> on(TestBed.Rules.of(size), LIBRARY::loadRules));
    ALL.put("listInterfaces", size -> on(TestBed.Interfaces.of(size), LIBRARY::listInterfaces));
    ALL.put("jailBeside", Beside::new);
    ALL.put("ruleBesideWriter", BusyFirewall::new);
    ALL.put("starBuild", Star::new);
    ALL.put("starAwaitCarrier", Star::new);
    ALL.put("starPingAll", Star::new);
    ALL.put("starTearDown", Star::new);
    ALL.put("allPairs", AllPairs::new);
    ALL.put("buildMany", ManyJails::new);
    ALL.put("platformThreads", size -> new ManyThreads(size, false));
    ALL.put("virtualThreads", size -> new ManyThreads(size, true));
  }

  private LibraryOperations() {}

  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** Prepares an operation in a sandbox of its own. */
  static Work of(String name, int size) {
    IntFunction<Work> work = ALL.get(name);
    if (work == null) {
      throw new IllegalArgumentException("no operation " + name);
    }
    return work.apply(size);
  }

  /** An operation, and what has to be done before and after each of its runs. */
  interface Work extends AutoCloseable {
    /** Does what is not measured. */
    default void prepare() throws Exception {}

    /**
     * Performs the operation.
     *
     * @param name the operation, or another that works on what it has built
     * @return the nanoseconds that count, or 0 if all do
     */
    long run(String name, int times) throws Exception;

    /** Returns how many requests were repeated, or -1 where none can be lost. */
    default long retries(String name, int times) throws Exception {
      return -1;
    }

    /** Undoes a run. */
    default void undo() throws Exception {}

    @Override
    void close() throws Exception;
  }

  /** A method of {@link VnetForJava}. */
  private interface Method<T> {
    void run(T ground) throws Exception;
  }

  private static <T extends TestBed> Work on(T ground, Method<T> method) {
    return new Work() {
      @Override
      public long run(String name, int times) throws Exception {
        for (int i = 0; i < times; i++) {
          method.run(ground);
        }
        return 0;
      }

      @Override
      public void close() {
        ground.close();
      }
    };
  }

  /** Creates a jail each 20 ms. The kernel has that time for the removal of the one before. */
  private static final class NowAndThen implements Work {
    private final Vnet vnet = Vnet.sandbox();

    @Override
    public long run(String name, int times) {
      if (name.equals(Calibration.UNPACED)) {
        vnet.host().jail("jail").create().remove();
        return 0;
      }
      long took = 0;
      long next = System.nanoTime();
      for (int i = 0; i < times; i++) {
        next = Math.max(next + STEP, System.nanoTime());
        while (System.nanoTime() < next) {
          LockSupport.parkNanos(next - System.nanoTime());
        }
        long begin = System.nanoTime();
        Jail jail = vnet.host().jail("jail").create();
        took += System.nanoTime() - begin;
        jail.remove();
      }
      return took;
    }

    @Override
    public void close() {
      vnet.close();
    }
  }

  /** Creates and removes a jail beside others, with the registry in {@code /run/vnet4j}. */
  private static final class Beside implements Work {
    private final Vnet vnet = Vnet.open();
    private final List<Jail> others = new ArrayList<>();

    Beside(int size) {
      for (int i = 0; i < size; i++) {
        others.add(vnet.host().jail("beside" + i).create());
      }
    }

    @Override
    public long run(String name, int times) {
      for (int i = 0; i < times; i++) {
        vnet.host().jail("jail").create().remove();
      }
      return 0;
    }

    @Override
    public void close() {
      vnet.close();
    }
  }

  /** Adds a rule to many, while a program changes another table of the same stack each 20 ms. */
  private static final class BusyFirewall implements Work {
    private static final int NUMBER = 30_000;

    private final TestBed.Rules ground;
    private final Process writer;
    private final Rule rule = Rule.parse("deny udp from any to any 7");

    BusyFirewall(int size) {
      ground = TestBed.Rules.of(size);
      ground.ipfw.load(ground.next());
      String program = System.getProperty("bench.contenders") + "/vnet-bench";
      writer = ground.jail.exec(program, "busy").start();
    }

    @Override
    public long run(String name, int times) {
      for (int i = 0; i < times; i++) {
        ground.ipfw.add(NUMBER + i, rule);
      }
      if (!writer.isAlive()) {
        throw new IllegalStateException("the writer ended with " + writer.exitValue());
      }
      return 0;
    }

    @Override
    public void undo() {
      ground.ipfw.delete(NUMBER);
    }

    @Override
    public void close() {
      writer.destroy();
      ground.close();
    }
  }
}
