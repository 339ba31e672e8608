// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.vnet4j.freebsd.sim.Chance;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.replay.Recording.Line;

/**
 * Repeats the recorded calls on the simulated kernel, and notes every difference in the answers.
 */
final class Replay {
  /** The recorder's process id, which the answers of the route socket contain. */
  private static final int PID = 125;

  final SimKernel kernel = new SimKernel();
  final SimProcess host = kernel.process();
  final List<String> differences = new ArrayList<>();
  private final Map<String, Integer> sockets = new HashMap<>();
  private final Map<String, Integer> listeners = new HashMap<>();
  private final Map<String, SimProcess> processes = new HashMap<>();
  private final ReplayCalls calls = new ReplayCalls(this);
  private final ReplayIoctls ioctls = new ReplayIoctls(this);

  Replay(Map<String, String> macs) {
    kernel.chance(
        new Chance() {
          @Override
          public byte[] mac(String stack, String name) {
            String recorded = macs.get(name);
            return recorded == null ? HASHED.mac(stack, name) : HexFormat.of().parseHex(recorded);
          }

          @Override
          public byte[] identifier() {
            return HASHED.identifier();
          }
        });
    host.pid(PID);
    sockets.put(
        "host", host.socket(FreeBsdAbi.constant("AF_INET"), FreeBsdAbi.constant("SOCK_DGRAM"), 0));
    sockets.put(
        "host6",
        host.socket(FreeBsdAbi.constant("AF_INET6"), FreeBsdAbi.constant("SOCK_DGRAM"), 0));
    listeners.put("host", routeSocket(0));
  }

  int routeSocket(int jid) {
    int domain = FreeBsdAbi.constant("PF_ROUTE");
    int raw = FreeBsdAbi.constant("SOCK_RAW");
    return jid == 0 ? host.socket(domain, raw, 0) : kernel.socketInJail(host, jid, domain, raw, 0);
  }

  /** Returns the process that makes a call: on the host, in a jail, or without privilege. */
  SimProcess process(Line line) {
    String step = line.text("step");
    boolean insideOuter =
        step.equals("nested-give-from-inside")
            && line.text("socket").equals("outer")
            && !sockets.containsKey("outer");
    if (insideOuter) {
      return processes.computeIfAbsent("outer", name -> kernel.process(3, 0));
    }
    if (step.equals("unprivileged")) {
      return processes.computeIfAbsent("user", name -> kernel.process(0, 1001));
    }
    boolean insideEmptyjail =
        step.equals("children-limit-from-inside") || line.text("who").equals("jail");
    if (insideEmptyjail) {
      return kernel.process(1, 0);
    }
    return host;
  }

  /** Returns the socket of a call: for IPv6 requests an IPv6 socket of the same stack. */
  int socket(SimProcess process, Line line) {
    String name = line.text("socket");
    if (process != host) {
      return processSockets.computeIfAbsent(
          process,
          p -> p.socket(FreeBsdAbi.constant("AF_INET"), FreeBsdAbi.constant("SOCK_DGRAM"), 0));
    }
    boolean six = line.text("req").contains("IN6") || line.text("req").contains("SIFINFO");
    return sockets.get(six ? name + "6" : name);
  }

  private final Map<SimProcess, Integer> processSockets = new HashMap<>();

  /** Opens the four sockets that the recorder's helper opened: two datagram, one raw, one route. */
  void enter(Line line) {
    int jid = line.number("jid");
    SimProcess inside = processes.remove("outer");
    if (inside != null) {
      inside.exit();
    }
    String name = kernel.prisons.get(jid).name;
    name = name.substring(name.lastIndexOf('.') + 1);
    int inet = FreeBsdAbi.constant("AF_INET");
    int dgram = FreeBsdAbi.constant("SOCK_DGRAM");
    int raw = FreeBsdAbi.constant("SOCK_RAW");
    sockets.put(name, kernel.socketInJail(host, jid, inet, dgram, 0));
    sockets.put(
        name + "6", kernel.socketInJail(host, jid, FreeBsdAbi.constant("AF_INET6"), dgram, 0));
    sockets.put(name + "raw", kernel.socketInJail(host, jid, inet, raw, 0));
    listeners.put(name, routeSocket(jid));
    compare(line, "rc", line.number("rc"), 4);
  }

  /** Closes the sockets of a jail, as the recorder did. */
  void leave(String name) {
    for (String suffix : List.of("", "6", "raw")) {
      host.close(sockets.remove(name + suffix));
    }
    host.close(listeners.remove(name));
  }

  int listener(String name) {
    return listeners.get(name);
  }

  /** Checks that the kernel sent no message that the recording lacks. */
  void expectSilence(Line before) {
    listeners.forEach(
        (name, socket) -> {
          byte[] more = calls.read(socket);
          if (more.length > 0) {
            differences.add(
                "before " + before + ": said on " + name + ": " + HexFormat.of().formatHex(more));
          }
        });
  }

  void exit(String name) {
    processes.remove(name).exit();
  }

  void started(String name, SimProcess process) {
    processes.put(name, process);
  }

  void play(Line line) {
    switch (line.call()) {
      case "ioctl" -> ioctls.play(line);
      case "data" -> ioctls.members(line);
      case "enter" -> enter(line);
      case "wait-interface-back" -> {
        leave("emptyjail");
        compare(line, "back", line.number("back"), host(line, "epair0b") ? 1 : 0);
      }
      default -> calls.play(line);
    }
  }

  private boolean host(Line line, String name) {
    return kernel.interfaces(0).contains(name);
  }

  /** Compares a call's result and errno; returns whether both succeeded. */
  boolean ended(Line line, long rc, SimProcess process) {
    if (line.failed()) {
      compare(line, "rc", -1L, rc);
      compare(line, "errno", line.number("errno"), rc == -1 ? process.errno() : 0);
      return false;
    }
    compare(line, "rc", (long) line.number("rc"), rc);
    if (rc == -1) {
      differences.add(line + ": errno " + process.errno());
    }
    return rc != -1;
  }

  void compare(Line line, String what, Object recorded, Object answered) {
    if (!recorded.equals(answered)) {
      differences.add(line + ": " + what + ": recorded " + recorded + ", answered " + answered);
    }
  }

  void compare(Line line, String what, byte[] recorded, byte[] answered) {
    HexFormat hex = HexFormat.of();
    compare(line, what, hex.formatHex(recorded), hex.formatHex(answered));
  }
}
