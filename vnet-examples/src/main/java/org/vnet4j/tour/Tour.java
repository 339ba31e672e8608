// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Epair;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;

/** Runs the chapters of the tour in a sandbox. The machine's own network stays unchanged. */
public final class Tour {
  /**
   * Exit status if this machine cannot provide a sandbox. The reason is printed in one sentence.
   */
  private static final int NOT_HERE = 3;

  private Tour() {}

  /**
   * Runs the tour.
   *
   * @param args the name of an SVG file for a picture of the final network; no argument for no
   *     picture
   */
  public static void main(String[] args) {
    try (Narrator narrator = new Narrator(System.out)) {
      run(Vnet::sandbox, narrator, args.length == 0 ? null : Path.of(args[0]));
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      System.out.println("The tour cannot run on this machine: " + e.getMessage());
      System.exit(NOT_HERE);
    } catch (VnetException e) {
      System.out.println("The tour failed: " + e.getMessage());
      e.printStackTrace(System.out);
      System.exit(1);
    }
  }

  static void run(Supplier<Vnet> sandboxes, Narrator narrator) {
    run(sandboxes, narrator, null);
  }

  private static void run(Supplier<Vnet> sandboxes, Narrator narrator, @Nullable Path svg) {
    try (Vnet vnet = sandboxes.get()) {
      narrator.say("Vnet for Java: the tour, on " + vnet.kernelVersion());
      narrator.say("All of it happens in a sandbox; the machine's own network is not touched.");
      List<Epair> cables = new ArrayList<>();
      EmptyJail.run(vnet, narrator);
      NetworkJail.run(vnet, narrator);
      NestedJail.run(vnet, narrator, cables);
      FirewallJail.run(vnet, sandboxes, narrator);
      SameAddresses.run(vnet, narrator, cables);
      narrator.chapter("What stands now");
      StackDrawing.of(vnet, cables).forEach(narrator::say);
      if (svg != null) {
        Files.writeString(svg, org.vnet4j.picture.Picture.of(vnet).toSvg());
        narrator.say("The same as a drawing: " + svg);
      }
    } catch (IOException e) {
      throw new VnetException("the picture " + svg + ": " + e.getMessage(), e);
    }
    narrator.say("");
    narrator.say("The sandbox is closed; nothing of this is left.");
  }
}
