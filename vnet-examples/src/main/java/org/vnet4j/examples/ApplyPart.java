// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Part;
import org.vnet4j.topology.Reachability;
import org.vnet4j.topology.file.TopologyFile;

/**
 * A program for each machine of a fleet, to be run by an orchestrator: applies the machine's part
 * of a topology in a file, prints the plan of that, pings all nodes from this machine, or removes
 * the part.
 */
public final class ApplyPart {
  private ApplyPart() {}

  /**
   * Runs the program.
   *
   * @param args {@code plan}, {@code apply}, {@code ping} or {@code destroy}, the file, and the
   *     machine's name in it
   * @throws IOException if the file cannot be read
   */
  public static void main(String... args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException("usage: plan|apply|ping|destroy FILE MACHINE");
    }
    if (!run(args[0], TopologyFile.readSpread(Path.of(args[1])).part(args[2]))) {
      System.exit(1);
    }
  }

  /** Returns false if some node did not reply. */
  private static boolean run(String command, Part part) {
    boolean good = true;
    try (Vnet vnet = Vnet.builder().application("fleet").open()) {
      switch (command) {
        case "plan" -> System.out.println(part.plan(vnet));
        case "apply" -> part.persist(vnet);
        case "ping" -> {
          Reachability reached = part.pingAll(part.persist(vnet));
          System.out.println(reached);
          good = reached.isComplete();
        }
        case "destroy" -> Part.destroy(vnet, part.topology().name());
        default -> throw new IllegalArgumentException("there is no command " + command);
      }
    }
    return good;
  }
}
