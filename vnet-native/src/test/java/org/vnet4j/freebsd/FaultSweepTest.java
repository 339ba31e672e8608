// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.freebsd.sim.Fault;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.posix.fault.FaultScenarios;
import org.vnet4j.posix.fault.FaultScenarios.Run;
import org.vnet4j.posix.fault.FaultScenarios.Step;

/**
 * Makes each system call of the simulated FreeBSD kernel fail with the errnos that its manual page
 * lists. A step must then succeed or change nothing, and work when it is repeated. The programs of
 * pf and ipfilter are played by the test and fail as if their system calls did.
 */
class FaultSweepTest {
  private static final boolean ALL = Boolean.getBoolean("vnet.soak");

  /** Number of calls above which only a sample of a scenario's faults is tried, unless all are. */
  private static final int FEW = 100;

  /** Scenarios with slow programs, of which one fault in three is tried. */
  private static final Set<String> SLOW = Set.of("pf", "ipf");

  private static final int EPERM = 1;
  private static final int EBUSY = 16;
  private static final int EMFILE = 24;

  private final List<String> pictures = new ArrayList<>();
  private int faults;
  private int refused;

  private static int[] errnos(String call) {
    if (call.startsWith("ioctl")) {
      return new int[] {
        EPERM, FreeBsdErrno.EINTR, FreeBsdErrno.ENOMEM, EBUSY, FreeBsdErrno.ENOBUFS
      };
    }
    return switch (call) {
      case "close" -> new int[0];
      case "socket" -> new int[] {EPERM, FreeBsdErrno.ENOMEM, EMFILE, FreeBsdErrno.ENOBUFS};
      default -> new int[] {EPERM, FreeBsdErrno.EINTR, FreeBsdErrno.ENOMEM};
    };
  }

  /**
   * Fails the n-th call of one name. Counts only while a step runs, and not the calls of event
   * threads.
   */
  private static final class Nth implements Fault {
    final List<String> calls = new ArrayList<>();
    final String name;
    final int errno;
    private int chosen;
    volatile boolean on;

    /** Whether the chosen call was made in this step. */
    volatile boolean hit;

    Nth(String name, int chosen, int errno) {
      this.name = name;
      this.chosen = chosen;
      this.errno = errno;
    }

    @Override
    public synchronized int errno(long number, String call) {
      if (!on || Thread.currentThread().getName().startsWith("vnet4j events")) {
        return 0;
      }
      calls.add(call);
      if (call.equals(name) && chosen-- == 0) {
        hit = true;
        return errno;
      }
      return 0;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jail",
        "nested",
        "moves",
        "bridge",
        "addresses",
        "routes",
        "listing",
        "captures",
        "ipfw",
        "trial",
        "pf",
        "ipf",
        "events",
        "topology"
      })
  void a_call_that_fails_anywhere_is_told_and_leaves_all_as_it_was(String name) throws Exception {
    List<Step> steps = FaultScenarios.all().get(name);
    Nth all = new Nth("", -1, 0);
    run(name, name, steps, all, true);
    Map<String, Integer> seen = new HashMap<>();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int sample =
        all.calls.size() > FEW ? 100 * FEW / all.calls.size() / 4 : SLOW.contains(name) ? 33 : 100;
    int percent = ALL ? 100 : sample;
    for (String call : all.calls) {
      int nth = seen.merge(call, 1, Integer::sum) - 1;
      for (int errno : errnos(call)) {
        if (random.nextInt(100) >= percent) {
          continue;
        }
        run(
            name,
            name + ": " + call + " " + nth + ", errno " + errno,
            steps,
            new Nth(call, nth, errno),
            false);
        faults++;
      }
    }
    System.out.printf(
        "FreeBSD %s: %d calls, %d faults, %d refused (%d percent tried, seed %d)%n",
        name, all.calls.size(), faults, refused, percent, seed);
    assertThat(refused).isGreaterThan(faults / 3);
  }

  private void run(String scenario, String what, List<Step> steps, Nth fault, boolean rehearsal)
      throws IOException {
    SimMachine machine = new SimMachine();
    Set<String> before = machine.leftoversBesideInterfaces();
    machine.kernel.fault(fault);
    PlayedFirewalls.on(machine, program -> fault.errno(0, program));
    try (Vnet vnet = machine.open()) {
      Run run = new Run(vnet);
      if (rehearsal) {
        pictures.add(FaultScenarios.picture(scenario, vnet));
      }
      for (int i = 0; i < steps.size(); i++) {
        VnetException failure = attempt(run, steps.get(i), fault);
        if (!rehearsal && !fault.hit && i < steps.size() - 1) {
          assertThat(failure).as("%s: step %d", what, i).isNull();
          continue; // The step must succeed, as without faults.
        }
        String picture = FaultScenarios.picture(scenario, vnet);
        if (rehearsal) {
          pictures.add(picture);
        } else if (failure == null) {
          assertThat(picture).as("%s: step %d happened", what, i).isEqualTo(pictures.get(i + 1));
        } else {
          refused++;
          assertThat(names(failure, fault.name)).as("%s: %s", what, failure).isTrue();
          if (!(steps.get(i) instanceof FaultScenarios.Removal)) {
            assertThat(picture)
                .as("%s: step %d threw %s", what, i, failure)
                .isEqualTo(pictures.get(i));
          }
          VnetException again = attempt(run, steps.get(i), fault);
          if (again != null) {
            fail(what + ": step " + i + " does not work the second time", again);
          }
          assertThat(FaultScenarios.picture(scenario, vnet))
              .as(what)
              .isEqualTo(pictures.get(i + 1));
        }
      }
    }
    // A thread that waits for events may still close its descriptor.
    assertThat(Await.until(machine::leftoversBesideInterfaces, before::equals))
        .as(what)
        .isEqualTo(before);
  }

  private static boolean names(VnetException failure, String call) {
    return failure.kernelError().isPresent()
        || failure.getMessage().contains(call + " ") && failure.getClass() == VnetException.class;
  }

  private static VnetException attempt(Run run, Step step, Nth fault) throws IOException {
    fault.hit = false;
    fault.on = true;
    try {
      step.run(run);
      return null;
    } catch (VnetException e) {
      return e;
    } finally {
      fault.on = false;
    }
  }
}
