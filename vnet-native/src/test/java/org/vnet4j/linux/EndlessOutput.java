// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.Exec;
import org.vnet4j.Vnet;

/** Runs several programs that write without end in a small heap, and prints how each ends. */
final class EndlessOutput {
  private static final int PROGRAMS = 4;

  private EndlessOutput() {}

  public static void main(String[] arguments) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    try (Vnet vnet = Vnet.sandbox()) {
      for (int i = 0; i < PROGRAMS; i++) {
        Thread thread = new Thread(() -> System.out.println(outcome(vnet)));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static String outcome(Vnet vnet) {
    try {
      return "ended: " + vnet.host().exec("yes").run().status();
    } catch (Exec.OutputLimitException e) {
      return "limit";
    } catch (RuntimeException | OutOfMemoryError e) {
      return e.toString();
    }
  }
}
