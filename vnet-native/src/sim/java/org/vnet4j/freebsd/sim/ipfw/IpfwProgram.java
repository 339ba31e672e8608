// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ipfw;

import java.util.List;
import java.util.Optional;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;

/**
 * The simulated ipfw(8). It lists rules, and adds the rules in the recording with exactly the
 * recorded bytes. It refuses any other command.
 */
public final class IpfwProgram {
  private static final int EX_USAGE = 64;

  private final SimKernel kernel;

  public IpfwProgram(SimKernel kernel) {
    this.kernel = kernel;
  }

  /**
   * The result of one run.
   *
   * @param status exit status
   * @param text standard output if the status is 0, else standard error
   */
  public record Result(int status, String text) {}

  /** Runs a command in a jail's stack (0: the host's). */
  public Result run(int jid, List<String> arguments) {
    if (arguments.equals(List.of("-S", "list"))) {
      return new Result(0, list(jid));
    }
    String line = String.join(" ", arguments);
    return line.startsWith("-q add ")
        ? add(jid, line.substring("-q add ".length()))
        : new Result(EX_USAGE, "ipfw: bad command `" + line + "'\n");
  }

  private Result add(int jid, String line) {
    SimIpfw ipfw = kernel.ipfw(jid);
    Optional<byte[]> request = IpfwRecording.request(line, ipfw.layout.version);
    if (request.isEmpty()) {
      String word = line.substring(line.lastIndexOf(' ') + 1);
      return new Result(EX_USAGE, "ipfw: unrecognised option [-1] " + word + "\n");
    }
    SimProcess process = kernel.process(jid, 0);
    try {
      kernel.addByProgram(process, request.get(), IpfwRecording.shown(line).orElse(null));
      return new Result(0, "");
    } finally {
      process.exit();
    }
  }

  private String list(int jid) {
    SimIpfw ipfw = kernel.ipfw(jid);
    StringBuilder text = new StringBuilder();
    for (SimIpfw.Entry entry : ipfw.rules) {
      String words =
          ipfw.isOrphans(entry)
              ? "count ip from any to any not // orphaned dynamic states counter"
              : entry.words();
      text.append(ipfw.enabled(entry) ? "" : "# DISABLED ");
      text.append("%05d set %d %s%n".formatted(entry.number(), entry.set(), words));
    }
    return text.toString();
  }
}
