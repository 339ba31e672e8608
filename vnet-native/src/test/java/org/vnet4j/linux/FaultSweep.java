// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnet4j.Modules;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.posix.fault.FaultScenarios;
import org.vnet4j.posix.fault.FaultScenarios.Run;
import org.vnet4j.posix.fault.FaultScenarios.Step;
import org.vnet4j.posix.fault.FaultyLibc;
import org.vnet4j.posix.fault.LibcFault;
import org.vnet4j.posix.helper.Helper;

/**
 * Repeats each scenario, once for each libc call that it makes and each way in which that call can
 * fail. A step must then succeed, or throw a typed error and change nothing. Every handle must
 * report its true stack, the next attempt must succeed, and nothing may be left at the end.
 *
 * <p>This is a program of its own, as {@link FaultyLibc} must be installed before the first libc
 * call.
 */
final class FaultSweep {
  /** One fault to try. */
  private record Case(String scenario, boolean others, int call, String name, LibcFault fault) {
    @Override
    public String toString() {
      return scenario
          + (others ? ", other threads" : "")
          + ", call "
          + call
          + " "
          + name
          + ", "
          + fault;
    }
  }

  /** Longest time that a fault may add to one attempt, in milliseconds. */
  private static final long LONGEST = 8_000;

  private static final int EPERM = 1;

  private final FaultyLibc libc = FaultyLibc.install();
  private final Map<String, List<Step>> scenarios = FaultScenarios.all();
  private final Map<String, List<String>> pictures = new HashMap<>();
  private final Map<String, List<Object>> results = new HashMap<>();
  private final List<String> defects = new ArrayList<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private Map<String, Integer> before = Map.of();

  /**
   * Whether the host is the machine itself, which this program must have for itself, and no
   * sandbox.
   */
  private boolean machine;

  /** Arguments: seconds, seed, {@code sandbox} or {@code machine}, and the scenarios. */
  public static void main(String[] args) {
    if (ProcessHandle.current().pid() == 1) {
      throw new IllegalStateException("process 1 gets the orphans of all: start an init first");
    }
    int status = new FaultSweep().sweep(args);
    System.out.println(status == 0 ? "ok" : "defects");
    System.exit(status);
  }

  private int sweep(String[] args) {
    machine = args[2].equals("machine");
    scenarios.keySet().retainAll(List.of(args).subList(3, args.length));
    scenarios.forEach(this::rehearse);
    before = belongings();
    List<Case> cases = new ArrayList<>();
    scenarios.keySet().forEach(name -> cases.addAll(cases(name)));
    cases.stream()
        .collect(Collectors.groupingBy(Case::scenario, Collectors.counting()))
        .forEach((name, faults) -> System.out.println(name + ": " + faults + " faults"));
    int calls =
        cases.stream().map(c -> c.scenario + c.others + c.name + c.call).distinct().toList().size();
    Collections.shuffle(cases, new Random(Long.parseLong(args[1])));
    long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000_000L;
    int tried = 0;
    for (Case one : cases) {
      if (System.nanoTime() > end || defects.size() > 20) {
        break;
      }
      long millis = timed(one);
      tried++;
      if (millis > LONGEST) {
        Case none = without(one.scenario, one.others);
        long usual = timed(none); // other programs may use the processors
        millis = timed(one);
        if (millis > LONGEST + usual) {
          defects.add(one + ": took " + millis + " ms, without the fault " + usual + " ms");
        }
      }
    }
    defects.forEach(System.out::println);
    System.out.printf(
        "seed %s: %d scenarios, %d calls, %d faults, %d tried: %s, %d defects%n",
        args[1], scenarios.size(), calls, cases.size(), tried, outcomes, defects.size());
    return defects.isEmpty() ? 0 : 1;
  }

  /**
   * Runs the steps without a fault and records their results and the state after each. Does so
   * twice, as the first run may differ.
   */
  private void rehearse(String name, List<Step> steps) {
    for (int round = 0; round < 2; round++) {
      List<String> seen = new ArrayList<>();
      List<Object> said = new ArrayList<>();
      try (Vnet vnet = open()) {
        Run run = new Run(vnet);
        seen.add(FaultScenarios.picture(name, vnet));
        for (Step step : steps) {
          said.add(step.run(run));
          seen.add(FaultScenarios.picture(name, vnet));
        }
      } catch (IOException e) {
        throw new IllegalStateException(name, e);
      }
      tidy(name);
      pictures.put(name, seen);
      results.put(name, said);
    }
  }

  private Vnet open() {
    return machine ? Vnet.open() : Vnet.sandbox();
  }

  /**
   * Destroys what a scenario left on the machine itself: the user's interfaces. Jails without
   * {@code persist} must be removed already, with all in them.
   */
  private void tidy(Object what) {
    if (!machine) {
      return;
    }
    try (Vnet vnet = Vnet.open()) {
      if (!vnet.jls().isEmpty()) {
        defects.add("DEFECT " + what + ": left " + vnet.jls());
      }
      String[] names = Path.of("/run/netns").toFile().list();
      if (names != null && names.length > 0) {
        defects.add("DEFECT " + what + ": left the namespaces " + List.of(names));
      }
      vnet.host().interfaces().stream()
          .filter(
              iface ->
                  !iface.name().equals("lo") && iface.exists()) // destroying one end destroys both
          .forEach(NetInterface::destroy);
      vnet.host().routes().list().stream()
          .filter(route -> route.gateway().isPresent())
          .forEach(vnet.host().routes()::delete);
      vnet.host().forwarding(false);
    }
  }

  private List<Case> cases(String name) {
    List<Case> cases = new ArrayList<>();
    for (boolean others : new boolean[] {false, true}) {
      libc.count(others);
      run(without(name, others));
      libc.counting(false);
      tidy(name);
      Map<String, Integer> seen = new HashMap<>();
      for (String call : libc.calls()) {
        int number = seen.merge(call, 1, Integer::sum) - 1;
        for (LibcFault fault : LibcFault.of(call)) {
          cases.add(new Case(name, others, number, call, fault));
        }
      }
    }
    return cases;
  }

  private static Case without(String scenario, boolean others) {
    return new Case(scenario, others, -1, "", new LibcFault(LibcFault.Kind.FAILS, 0));
  }

  private long timed(Case one) {
    long start = System.nanoTime();
    attempt(one);
    return (System.nanoTime() - start) / 1_000_000;
  }

  private void attempt(Case one) {
    libc.choose(one.others, one.name, one.call, one.fault);
    try {
      run(one);
    } catch (RuntimeException | Error e) {
      defect(one, "threw " + e, e);
    }
    libc.counting(false);
    tidy(one);
    if (!libc.happened()) {
      count("did not come up");
    }
    Map<String, Integer> left = Await.until(FaultSweep::belongings, before::equals);
    if (!left.equals(before)) {
      defect(one, "left " + left + ", before " + before, null);
      before = left;
    }
  }

  private void run(Case one) {
    Vnet vnet;
    try {
      vnet = open();
    } catch (VnetException e) {
      refused(one, "open", e);
      return;
    }
    try {
      steps(one, new Run(vnet));
    } finally {
      libc.counting(true);
      try {
        vnet.close();
      } catch (VnetException e) {
        refused(one, "close", e);
      }
      libc.counting(false);
    }
  }

  private void steps(Case one, Run run) {
    List<Step> steps = scenarios.get(one.scenario);
    for (int i = 0; i < steps.size(); i++) {
      libc.counting(true);
      Object said = null;
      Exception failure = null;
      try {
        said = steps.get(i).run(run);
      } catch (VnetException | IOException e) {
        failure = e;
      }
      libc.counting(false);
      if (one.fault.errno() == EPERM
          && (failure instanceof Vnet.UnsupportedException
              || failure instanceof Modules.NotFoundException)) {
        count("taken for missing");
        return; // a probe got EPERM and reported the feature as missing
      }
      boolean again = one.fault.kind() != LibcFault.Kind.HELPER_KILLED;
      if (failure != null) {
        refused(one, "step " + i, failure);
        if (isLost(failure)) {
          return; // everything ends with the helper; belongings() checks the rest
        }
      } else if (one.fault.errno()
              != EPERM // after EPERM the library may report that the kernel lacks a feature
          && !Objects.equals(said, results.get(one.scenario).get(i))
          && !wasKilled(one, said)
          && !one.others) {
        defect(one, "step " + i + " said " + said, null);
      }
      if (failure != null || i == steps.size() - 1) {
        if (!look(one, run, i, failure) || failure == null || !again) {
          return;
        }
        retry(one, run, i, failure);
      }
    }
  }

  /** Returns whether the step's program was killed with its helper, and its status shows that. */
  private static boolean wasKilled(Case one, Object said) {
    return one.fault.kind() == LibcFault.Kind.HELPER_KILLED
        && String.valueOf(said).contains("status=137");
  }

  /** Returns whether an error is the end of the helper, or was caused by it. */
  private static boolean namesLostHelper(Exception e) {
    return e instanceof Helper.LostException || e.getCause() instanceof Helper.LostException;
  }

  private static boolean isLost(Exception e) {
    return namesLostHelper(e)
        || Stream.of(e.getSuppressed()).anyMatch(Helper.LostException.class::isInstance);
  }

  /** Compares the state with the expected one; returns false if the helper was killed. */
  private boolean look(Case one, Run run, int step, Exception failure) {
    String picture;
    try {
      picture = FaultScenarios.picture(one.scenario, run.vnet);
      run.handles.values().forEach(handle -> honest(one, run, handle));
    } catch (Helper.LostException e) {
      return false;
    } catch (VnetException e) {
      defect(one, "after step " + step + " looking fails: " + e, e);
      return false;
    }
    List<String> seen = pictures.get(one.scenario);
    boolean unknown = failure instanceof NetlinkSocket.LostException;
    boolean asBefore = picture.equals(seen.get(step));
    boolean asAfter = picture.equals(seen.get(step + 1));
    if (failure != null
        && scenarios.get(one.scenario).get(step) instanceof FaultScenarios.Removal) {
      return true;
    }
    if (failure == null ? !asAfter : !asBefore && !(unknown && asAfter)) {
      defect(
          one,
          "step "
              + step
              + (failure == null ? " happened" : " threw " + failure)
              + " and left"
              + picture
              + "and not"
              + seen.get(failure == null ? step + 1 : step),
          failure);
    }
    return true;
  }

  /** Reports a defect if an interface exists in another stack than its handle reports. */
  private void honest(Case one, Run run, Object handle) {
    if (!(handle instanceof NetInterface end) || end.exists()) {
      return;
    }
    String name = end.name();
    List<String> found = new ArrayList<>();
    if (run.vnet.host().ifconfig().stream().anyMatch(info -> info.name().equals(name))) {
      found.add("host");
    }
    run.vnet.jails().stream()
        .filter(jail -> jail.ifconfig().stream().anyMatch(info -> info.name().equals(name)))
        .forEach(jail -> found.add(jail.name()));
    if (!found.isEmpty()) {
      defect(one, name + " is in " + found + ", its handle says " + end.stack(), null);
    }
  }

  /** Repeats the failed step, which must now succeed unless it took effect the first time. */
  private void retry(Case one, Run run, int step, Exception failure) {
    List<Step> steps = scenarios.get(one.scenario);
    try {
      steps.get(step).run(run);
      if (!FaultScenarios.picture(one.scenario, run.vnet)
          .equals(pictures.get(one.scenario).get(step + 1))) {
        defect(
            one,
            "step "
                + step
                + " the second time left"
                + FaultScenarios.picture(one.scenario, run.vnet),
            failure);
      }
    } catch (VnetException | IOException e) {
      if (!(failure instanceof NetlinkSocket.LostException)) {
        defect(one, "step " + step + " does not work the second time: " + e, e);
      }
    }
  }

  private void refused(Case one, String where, Exception e) {
    boolean typed =
        e instanceof IOException
            || e instanceof VnetException known
                && (known.kernelError().isPresent()
                    || String.valueOf(e.getMessage()).contains("read: ")
                    || namesLostHelper(e)
                    || e instanceof Vnet.ClosedException);
    count(isLost(e) ? "helper lost" : "refused");
    if (!typed || one.call < 0) {
      defect(one, where + " threw without naming a call: " + e, e);
    }
    for (Throwable more : e.getSuppressed()) {
      if (!isLost(e) && !(more instanceof Helper.LostException)) {
        defect(one, where + ": rolling back failed: " + more, more);
      }
    }
  }

  private void defect(Case one, String what, Throwable e) {
    StringBuilder text = new StringBuilder("DEFECT " + one + ": " + what);
    if (e != null) {
      Stream.of(e.getStackTrace()).limit(12).forEach(frame -> text.append("\n      at " + frame));
    }
    defects.add(text.toString());
  }

  private void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  /**
   * Counts descriptors by kind, child processes and threads, but not those that poll, which end a
   * while after the last program, and their pipes.
   */
  private static Map<String, Integer> belongings() {
    Map<String, Integer> found = new TreeMap<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      descriptors.forEach(
          fd -> {
            try {
              String target = Files.readSymbolicLink(fd).toString();
              if (!target.startsWith("/") || target.startsWith("/memfd")) {
                found.merge(target.replaceAll("[:(\\[].*", ""), 1, Integer::sum);
              }
            } catch (IOException e) {
              return; // closed since the listing
            }
          });
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    ProcessHandle.current().children().forEach(c -> found.merge("process", 1, Integer::sum));
    Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("vnet-.*|vnet4j events.*"))
        .forEach(
            name -> {
              boolean poller = name.matches("vnet-poller|vnet-programs");
              found.merge(poller ? "pipe" : "thread", poller ? -2 : 1, Integer::sum);
            });
    found.remove("pipe", 0);
    return found;
  }
}
