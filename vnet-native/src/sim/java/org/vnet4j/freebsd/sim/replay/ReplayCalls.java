// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.replay.Recording.Line;

/** Replays the calls other than ioctl(2). */
final class ReplayCalls {
  private final Replay replay;
  private int jailDescriptor = -1;

  ReplayCalls(Replay replay) {
    this.replay = replay;
  }

  void play(Line line) {
    SimProcess process = replay.process(line);
    switch (line.call()) {
      case "sysctlbyname" -> sysctlByName(line, process);
      case "sysctl" -> sysctl(line, process);
      case "kldload" ->
          replay.ended(
              line, process.kldload(NativeMemory.of(line.text("module")).address), process);
      case "kldfind" ->
          replay.ended(
              line, process.kldfind(NativeMemory.of(line.text("module")).address), process);
      case "modfind" ->
          replay.ended(
              line, process.modfind(NativeMemory.of(line.text("module")).address), process);
      case "kenv" -> kenv(line, process);
      case "jail_set", "jail_get" -> jail(line, process);
      case "jail_remove" -> replay.ended(line, process.jail_remove(line.number("jid")), process);
      case "desc" -> replay.compare(line, "close", 0, replay.host.close(jailDescriptor));
      case "route" -> route(line, process);
      case "event" -> event(line);
      default -> throw new IllegalArgumentException(line.toString());
    }
  }

  private void sysctlByName(Line line, SimProcess process) {
    NativeMemory name = NativeMemory.of(line.text("name"));
    NativeMemory value = NativeMemory.of(4);
    NativeMemory size = NativeMemory.of(8);
    size.bytes.putLong(0, 4);
    int rc = process.sysctlbyname(name.address, value.address, size.address, 0, 0);
    if (replay.ended(line, rc, process)) {
      replay.compare(line, "value", line.number("value"), value.bytes.getInt(0));
    }
  }

  private void sysctl(Line line, SimProcess process) {
    int[] mib =
        switch (line.text("mib")) {
          case "net.route.0.0.iflistl.0" -> mib(0, "NET_RT_IFLISTL");
          case "net.route.0.2.dump.0" -> mib(2, "NET_RT_DUMP");
          default -> throw new IllegalArgumentException(line.toString());
        };
    NativeMemory path = NativeMemory.of(4 * mib.length);
    for (int i = 0; i < mib.length; i++) {
      path.bytes.putInt(4 * i, mib[i]);
    }
    NativeMemory old = NativeMemory.of(1 << 16);
    NativeMemory size = NativeMemory.of(8);
    size.bytes.putLong(0, 1 << 16);
    int rc =
        process.sysctl(
            jnr.ffi.Pointer.wrap(jnr.ffi.Runtime.getSystemRuntime(), path.address),
            mib.length,
            old.address,
            size.address,
            0,
            0);
    if (replay.ended(line, rc, process)) {
      byte[] out = old.array((int) size.bytes.getLong(0));
      replay.compare(line, "out", Masks.messages(line.bytes("out")), Masks.messages(out));
    }
  }

  private static int[] mib(int family, String what) {
    return new int[] {
      FreeBsdAbi.constant("CTL_NET"),
      FreeBsdAbi.constant("PF_ROUTE"),
      0,
      family,
      FreeBsdAbi.constant(what),
      0
    };
  }

  private void kenv(Line line, SimProcess process) {
    NativeMemory name = NativeMemory.of(line.text("name"));
    boolean set = line.number("action") == FreeBsdAbi.constant("KENV_SET");
    NativeMemory value = set ? NativeMemory.of(line.text("value")) : NativeMemory.of(129);
    int size = value.bytes.capacity();
    int rc = process.kenv(line.number("action"), name.address, value.address, size);
    if (replay.ended(line, rc, process) && !set) {
      byte[] recorded = (line.text("value") + "\0").getBytes();
      replay.compare(line, "value", recorded, value.array(recorded.length));
    }
  }

  private void jail(Line line, SimProcess process) {
    List<NativeMemory> kept = new ArrayList<>();
    List<NativeMemory> values = new ArrayList<>();
    JsonNode in = line.json().path("in");
    int entry = FreeBsdAbi.size("iovec");
    NativeMemory iov = NativeMemory.of((in.size() + 1) * 2 * entry);
    int at = 0;
    for (JsonNode parameter : in) {
      NativeMemory name = NativeMemory.of(parameter.path("name").asText());
      int length = parameter.path("len").asInt();
      byte[] shown = HexFormat.of().parseHex(parameter.path("value").asText());
      NativeMemory value = NativeMemory.of(Arrays.copyOf(shown, length));
      kept.add(name);
      values.add(value);
      at = iovec(iov, at, name.address, name.bytes.capacity());
      at = iovec(iov, at, length == 0 ? 0 : value.address, length);
    }
    NativeMemory name = NativeMemory.of("errmsg");
    NativeMemory errmsg = NativeMemory.of(1024);
    at = iovec(iov, at, name.address, 7);
    at = iovec(iov, at, errmsg.address, 1024);
    int flags = line.number("flags");
    boolean set = line.call().equals("jail_set");
    boolean attach = set && (flags & FreeBsdAbi.constant("JAIL_ATTACH")) != 0;
    SimProcess caller = attach ? replay.kernel.process() : process;
    int rc =
        set
            ? caller.jail_set(iov.address, at / entry, flags)
            : caller.jail_get(iov.address, at / entry, flags);
    if (attach) {
      replay.started("attached", caller);
    }
    boolean succeeded = replay.ended(line, rc, caller);
    String words = new String(errmsg.array(1024)).replaceAll("\0.*", "");
    replay.compare(line, "errmsg", line.text("errmsg"), words);
    if (succeeded
        && set
        && !values.isEmpty()
        && in.get(in.size() - 1).path("name").asText().equals("desc")) {
      jailDescriptor = values.get(values.size() - 1).bytes.getInt(0);
    }
    if (succeeded && !set) {
      answers(line, values);
    }
    java.lang.ref.Reference.reachabilityFence(kept);
  }

  private void answers(Line line, List<NativeMemory> values) {
    JsonNode out = line.json().path("out");
    for (int i = 0; i < out.size(); i++) {
      byte[] recorded = HexFormat.of().parseHex(out.get(i).path("value").asText());
      replay.compare(
          line, out.get(i).path("name").asText(), recorded, values.get(i).array(recorded.length));
    }
  }

  private static int iovec(NativeMemory iov, int at, long base, int length) {
    iov.bytes.putLong(at + FreeBsdAbi.offset("iovec", "iov_base"), base);
    iov.bytes.putLong(at + FreeBsdAbi.offset("iovec", "iov_len"), length);
    return at + FreeBsdAbi.size("iovec");
  }

  /** Replays a route request. The answer is read from a socket opened for this request. */
  private void route(Line line, SimProcess process) {
    byte[] request = line.bytes("in");
    boolean jail = line.text("socket").equals("emptyjail");
    int socket = replay.routeSocket(jail ? 1 : 0);
    long rc = process.write(socket, NativeMemory.of(request).address, request.length);
    if (replay.ended(line, rc, process)) {
      byte[] answer = read(socket);
      replay.compare(line, "out", Masks.messages(line.bytes("out")), Masks.messages(answer));
    }
    process.close(socket);
  }

  private void event(Line line) {
    byte[] message = read(replay.listener(line.text("socket")));
    replay.compare(line, "out", Masks.messages(line.bytes("out")), Masks.messages(message));
    replay.compare(line, "rc", line.number("rc"), message.length);
  }

  byte[] read(int socket) {
    NativeMemory buffer = NativeMemory.of(4096);
    long length = replay.host.read(socket, buffer.address, 4096);
    return length < 0 ? new byte[0] : buffer.array((int) length);
  }
}
