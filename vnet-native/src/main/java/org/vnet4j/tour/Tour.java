// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.Epair;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;

/** Runs the chapters in a sandbox, so that the machine's own network is never touched. */
public final class Tour {
  /** Exit status where the machine does not let us have a sandbox: told in one sentence. */
  private static final int NOT_HERE = 3;

  private Tour() {}

  /**
   * Runs the tour.
   *
   * @param args none
   */
  public static void main(String[] args) {
    try (Narrator narrator = new Narrator(System.out)) {
      run(Vnet.sandbox(), narrator);
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      System.out.println("The tour cannot run on this machine: " + e.getMessage());
      System.exit(NOT_HERE);
    } catch (VnetException e) {
      System.out.println("The tour failed: " + e.getMessage());
      e.printStackTrace(System.out);
      System.exit(1);
    }
  }

  static void run(Vnet sandbox, Narrator narrator) {
    try (Vnet vnet = sandbox) {
      narrator.say("Vnet for Java: the tour, on " + vnet.kernelVersion());
      narrator.say("All of it happens in a sandbox; the machine's own network is not touched.");
      List<Epair> cables = new ArrayList<>();
      EmptyJail.run(vnet, narrator);
      NetworkJail.run(vnet, narrator);
      NestedJail.run(vnet, narrator, cables);
      SameAddresses.run(vnet, narrator, cables);
      narrator.chapter("What stands now");
      Picture.of(vnet, cables).forEach(narrator::say);
    }
    narrator.say("");
    narrator.say("The sandbox is closed; nothing of this is left.");
  }
}
