// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.replay.Recording.Line;

/** Replays ioctl(2) calls. Most lines contain the argument's bytes; some name the values in it. */
final class ReplayIoctls {
  private static final int ROOM = 16384;

  private final Replay replay;
  private byte[] members = new byte[0];

  ReplayIoctls(Replay replay) {
    this.replay = replay;
  }

  void play(Line line) {
    switch (line.text("req")) {
      case "SIOCGIFCONF" -> conf(line);
      case "SIOCGIFGROUP" -> groups(line);
      case "SIOCIFGCLONERS" -> cloners(line);
      case "SIOCGIFDATA" -> data(line);
      case "SIOCGIFDESCR" -> getDescription(line);
      case "SIOCSIFDESCR" -> buffer(line, NativeMemory.of(line.text("descr")), true);
      case "SIOCSIFNAME" -> buffer(line, NativeMemory.of(line.text("to")), false);
      case "SIOCGDRVSPEC", "SIOCSDRVSPEC" -> driver(line);
      case "SIOCSETVLAN" -> buffer(line, NativeMemory.of(line.bytes("in")), false);
      case "SIOCGETVLAN" -> getVlan(line);
      default -> plain(line);
    }
  }

  private boolean make(Line line, NativeMemory argument) {
    SimProcess process = replay.process(line);
    int rc = process.ioctl(replay.socket(process, line), line.request(), argument.address);
    return replay.ended(line, rc, process);
  }

  private void plain(Line line) {
    byte[] in = line.bytes("in");
    NativeMemory argument = NativeMemory.of(in);
    if (make(line, argument)) {
      replay.compare(line, "out", line.bytes("out"), argument.array(in.length));
    }
  }

  private static NativeMemory named(String type, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    return NativeMemory.of(Arrays.copyOf(text, FreeBsdAbi.size(type)));
  }

  private void conf(Line line) {
    NativeMemory list = NativeMemory.of(ROOM);
    NativeMemory argument = NativeMemory.of(FreeBsdAbi.size("ifconf"));
    argument.bytes.putInt(0, ROOM).putLong(FreeBsdAbi.offset("ifconf", "ifc_ifcu"), list.address);
    if (make(line, argument)) {
      int length = argument.bytes.getInt(0);
      replay.compare(line, "len", line.number("len"), length);
      replay.compare(line, "out", line.bytes("out"), list.array(length));
    }
  }

  private void groups(Line line) {
    NativeMemory argument = named("ifgroupreq", line.text("ifname"));
    if (!make(line, argument)) {
      return;
    }
    int room = argument.bytes.getInt(FreeBsdAbi.offset("ifgroupreq", "ifgr_len"));
    NativeMemory list = NativeMemory.of(room);
    argument.bytes.putLong(FreeBsdAbi.offset("ifgroupreq", "ifgr_ifgru"), list.address);
    make(line, argument);
    replay.compare(line, "groups", line.texts("groups"), names(list, room));
  }

  private static List<String> names(NativeMemory list, int length) {
    List<String> names = new ArrayList<>();
    int entry = FreeBsdAbi.constant("IFNAMSIZ");
    for (int at = 0; at < length; at += entry) {
      byte[] name = Arrays.copyOfRange(list.array(length), at, at + entry);
      names.add(new String(name, StandardCharsets.UTF_8).replace("\0", ""));
    }
    return names;
  }

  private void cloners(Line line) {
    int total = line.number("total");
    int room = total * FreeBsdAbi.constant("IFNAMSIZ");
    NativeMemory list = NativeMemory.of(room);
    NativeMemory argument = NativeMemory.of(FreeBsdAbi.size("if_clonereq"));
    argument.bytes.putInt(FreeBsdAbi.offset("if_clonereq", "ifcr_count"), total);
    argument.bytes.putLong(FreeBsdAbi.offset("if_clonereq", "ifcr_buffer"), list.address);
    if (make(line, argument)) {
      replay.compare(line, "total", total, argument.bytes.getInt(0));
      replay.compare(line, "names", line.texts("names"), names(list, room));
    }
  }

  private void data(Line line) {
    NativeMemory data = NativeMemory.of(FreeBsdAbi.size("if_data"));
    NativeMemory argument = named("ifreq", line.text("ifname"));
    argument.bytes.putLong(FreeBsdAbi.offset("ifreq", "ifr_ifru"), data.address);
    if (make(line, argument)) {
      replay.compare(
          line,
          "data",
          Masks.interfaceData(line.bytes("data"), 0),
          Masks.interfaceData(data.array(FreeBsdAbi.size("if_data")), 0));
    }
  }

  private void getDescription(Line line) {
    NativeMemory text = NativeMemory.of(1024);
    NativeMemory argument = named("ifreq", line.text("ifname"));
    int value = FreeBsdAbi.offset("ifreq", "ifr_ifru");
    argument.bytes.putLong(value, 1024).putLong(value + 8, text.address);
    if (make(line, argument)) {
      replay.compare(line, "length", (long) line.number("length"), argument.bytes.getLong(value));
      byte[] recorded = (line.text("descr") + "\0").getBytes(StandardCharsets.UTF_8);
      replay.compare(line, "descr", recorded, text.array(recorded.length));
    }
  }

  /** Replays a request that points to a buffer, with or without the length of the buffer. */
  private void buffer(Line line, NativeMemory content, boolean length) {
    NativeMemory argument = named("ifreq", line.text("ifname"));
    int value = FreeBsdAbi.offset("ifreq", "ifr_ifru");
    if (length) {
      argument.bytes.putLong(value, content.bytes.capacity()).putLong(value + 8, content.address);
    } else {
      argument.bytes.putLong(value, content.address);
    }
    make(line, argument);
  }

  private void getVlan(Line line) {
    byte[] recorded = line.bytes("out");
    NativeMemory content = NativeMemory.of(recorded.length);
    buffer(line, content, false);
    replay.compare(line, "out", recorded, content.array(recorded.length));
  }

  private void driver(Line line) {
    byte[] in = line.bytes("in");
    NativeMemory content = NativeMemory.of(in);
    NativeMemory list = NativeMemory.of(ROOM);
    boolean lists = line.text("cmd").equals("BRDGGIFS");
    int address = FreeBsdAbi.offset("ifbifconf", "ifbic_ifbicu");
    if (lists) {
      content.bytes.putLong(address, list.address);
    }
    NativeMemory argument = named("ifdrv", line.text("ifname"));
    argument.bytes.putLong(FreeBsdAbi.offset("ifdrv", "ifd_cmd"), line.number("cmdno"));
    argument.bytes.putLong(FreeBsdAbi.offset("ifdrv", "ifd_len"), in.length);
    argument.bytes.putLong(FreeBsdAbi.offset("ifdrv", "ifd_data"), content.address);
    if (!make(line, argument)) {
      return;
    }
    byte[] out = content.array(in.length);
    if (lists) {
      members = list.array(content.bytes.getInt(0));
      replay.compare(
          line, "out", Masks.address(line.bytes("out"), address), Masks.address(out, address));
    } else {
      replay.compare(line, "out", line.bytes("out"), out);
    }
  }

  /** Compares the list of members that the previous line read. */
  void members(Line line) {
    replay.compare(line, "ifbreq", line.bytes("ifbreq"), members);
  }
}
