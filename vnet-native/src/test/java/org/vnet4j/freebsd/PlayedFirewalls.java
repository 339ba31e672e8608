// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sim.machine.SimProgram;
import org.vnet4j.posix.libc.Errno;

/**
 * Plays pfctl(8), ipf(8) and ipfstat(8). They keep the rules of each stack and print them, as far
 * as the library needs. A run that fails changes nothing, as when the real program cannot open its
 * device.
 */
final class PlayedFirewalls {
  private static final StackProgram.Output WELL = new StackProgram.Output(0, "", "");

  private final ToIntFunction<String> fault;
  private final Map<Integer, Pf> pfs = new HashMap<>();
  private final Map<Integer, Ipf> ipfs = new HashMap<>();

  private PlayedFirewalls(ToIntFunction<String> fault) {
    this.fault = fault;
  }

  /**
   * Adds the programs to a machine.
   *
   * @param fault called before each run; returns the errno with which it fails, or 0
   */
  static void on(SimMachine machine, ToIntFunction<String> fault) {
    PlayedFirewalls played = new PlayedFirewalls(fault);
    machine.programs.put("pfctl", played.program("pfctl", "/dev/pf", played::pfctl));
    machine.programs.put("ipf", played.program("ipf", "open device", played::ipf));
    machine.programs.put("ipfstat", played.program("ipfstat", "open device", played::ipfstat));
  }

  private SimProgram program(String name, String device, SimProgram program) {
    return (jid, arguments, input) -> {
      int errno = fault.applyAsInt(name);
      synchronized (this) {
        return errno == 0
            ? program.run(jid, arguments, input)
            : bad(name + ": " + device + ": " + Errno.FREEBSD.textOf(errno));
      }
    };
  }

  private static StackProgram.Output bad(String error) {
    return new StackProgram.Output(1, "", error + "\n");
  }

  private static StackProgram.Output says(String text) {
    return new StackProgram.Output(0, text, "");
  }

  private static final class Pf {
    boolean enabled;
    List<String> rules = List.of();
    final Map<String, TreeSet<String>> tables = new TreeMap<>();
  }

  private StackProgram.Output pfctl(int jid, List<String> arguments, String input) {
    Pf pf = pfs.computeIfAbsent(jid, key -> new Pf());
    String command = String.join(" ", arguments);
    switch (command) {
      case "-e", "-d" -> {
        boolean on = command.equals("-e");
        if (pf.enabled == on) {
          return bad("pfctl: pf " + (on ? "already enabled" : "not enabled"));
        }
        pf.enabled = on;
        return WELL;
      }
      case "-s info" -> {
        return says("Status: " + (pf.enabled ? "Enabled" : "Disabled") + " for 0 days 00:00:04\n");
      }
      case "-n -q -o none -N -R -T load -f -" -> {
        return input.contains("unloadable") ? bad("stdin:1: syntax error") : WELL;
      }
      case "-q -o none -f -", "-q -o none -N -R -T load -f -" -> {
        pf.rules = input.lines().filter(line -> !line.startsWith("table ")).toList();
        return WELL;
      }
      case "-s rules" -> {
        return says(pf.rules.stream().filter(r -> !isNat(r)).map(r -> r + "\n").collect(joined()));
      }
      case "-s nat" -> {
        return says(pf.rules.stream().filter(r -> isNat(r)).map(r -> r + "\n").collect(joined()));
      }
      case "-vv -s rules" -> {
        String counted = "  [ Evaluations: 0         Packets: 0         Bytes: 0           ]\n";
        return says(pf.rules.stream().map(r -> "@0 " + r + "\n" + counted).collect(joined()));
      }
      case "-q -F all" -> {
        pf.rules = List.of();
        pf.tables.clear();
        return WELL;
      }
      case "-v -s Tables" -> {
        return says(pf.tables.keySet().stream().map(t -> "-pa----\t" + t + "\n").collect(joined()));
      }
      default -> {
        if (!command.startsWith("-q -t ")) {
          throw new IllegalArgumentException("pfctl " + command);
        }
        return table(pf.tables, arguments.get(2), arguments.get(4), input.lines().toList());
      }
    }
  }

  private static boolean isNat(String rule) {
    return rule.startsWith("nat ") || rule.startsWith("rdr ");
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joined() {
    return Collectors.joining();
  }

  private static StackProgram.Output table(
      Map<String, TreeSet<String>> tables, String name, String command, List<String> prefixes) {
    switch (command) {
      case "add" -> tables.computeIfAbsent(name, key -> new TreeSet<>()).addAll(prefixes);
      case "kill" -> tables.remove(name);
      case "show" -> {
        return says(tables.get(name).stream().map(p -> "   " + p + "\n").collect(joined()));
      }
      default -> throw new IllegalArgumentException("pfctl -T " + command);
    }
    return WELL;
  }

  private static final class Ipf {
    boolean enabled;
    List<String> active = List.of();
    List<String> inactive = List.of();
  }

  private StackProgram.Output ipf(int jid, List<String> arguments, String input) {
    Ipf ipf = ipfs.computeIfAbsent(jid, key -> new Ipf());
    String command = String.join(" ", arguments);
    switch (command) {
      case "-E", "-D" -> ipf.enabled = command.equals("-E");
      case "-V" -> {
        return says("Running: " + (ipf.enabled ? "yes" : "no") + "\nDefault: pass all, Logging\n");
      }
      case "-I -Fa -f -" -> ipf.inactive = input.lines().toList();
      case "-s" -> {
        List<String> active = ipf.active;
        ipf.active = ipf.inactive;
        ipf.inactive = active;
      }
      case "-I -Fa -f - -s" -> {
        ipf.inactive = ipf.active;
        ipf.active = input.lines().toList();
      }
      case "-Fa -FS" -> ipf.active = List.of();
      default -> throw new IllegalArgumentException("ipf " + command);
    }
    return WELL;
  }

  private StackProgram.Output ipfstat(int jid, List<String> arguments, String input) {
    boolean accounting = arguments.get(0).contains("a");
    boolean hits = arguments.get(0).contains("h");
    String counters = (accounting ? "0 " : "") + (hits ? "0 " : "");
    return says(
        ipfs.computeIfAbsent(jid, key -> new Ipf()).active.stream()
            .filter(rule -> rule.startsWith("count ") == accounting)
            .map(rule -> counters + rule + "\n")
            .collect(joined()));
  }
}
