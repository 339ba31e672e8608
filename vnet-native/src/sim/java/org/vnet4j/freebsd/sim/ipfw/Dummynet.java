// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ipfw;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Pipe;

/**
 * The dummynet of one stack: answers the socket option IP_DUMMYNET3, and chooses the pipe that an
 * outgoing frame passes.
 */
public final class Dummynet {
  private static final int ID = FreeBsdAbi.size("dn_id");
  private static final int MOST_PIPES = FreeBsdAbi.constant("DN_MAX_ID");
  private static final int MOST_SLOTS = 100;
  private static final int SLOTS = 50;
  private static final int O_LAYER2 = 14;
  private static final int O_PIPE = 50;
  private static final int O_XMIT = 18;
  private static final String ETHER = "net.link.ether.ipfw";

  private final Stack stack;
  private final Map<Integer, Pipe> pipes = new TreeMap<>();

  public Dummynet(Stack stack) {
    this.stack = stack;
  }

  private int flowSetSize() {
    return FreeBsdAbi.size("dn_fs", stack.kernel.release().hasJailDescriptors() ? "15" : "14");
  }

  // ---- the socket option

  /** Carries out a list of objects up to the first invalid one. */
  public void set(SimProcess process, byte[] request) {
    process.checkRoot();
    if (new Struct("dn_id", request).getInt("id") != FreeBsdAbi.constant("DN_API_VERSION")) {
      throw new SysError("EINVAL");
    }
    for (int at = 0; at + ID <= request.length; ) {
      Struct id = new Struct("dn_id", request, at);
      int length = id.getShort("len");
      int type = id.getByte("type");
      if (length < ID || length > request.length - at) {
        throw new SysError("EINVAL");
      }
      byte[] object = Arrays.copyOfRange(request, at, at + length);
      if (type == FreeBsdAbi.constant("DN_SCH")) {
        scheduler(object);
      } else if (type == FreeBsdAbi.constant("DN_LINK")) {
        link(object);
      } else if (type == FreeBsdAbi.constant("DN_FS")) {
        flowSet(object);
      } else if (type == FreeBsdAbi.constant("DN_CMD_DELETE")) {
        int number = IpfwLayout.in(object).getInt(ID);
        if (pipes.remove(number) == null) {
          throw new SysError("EINVAL");
        }
      }
      at += length;
    }
  }

  private void scheduler(byte[] object) {
    int number = new Struct("dn_sch", object).getInt("sched_nr");
    if (object.length != FreeBsdAbi.size("dn_sch") || number < 1 || number >= MOST_PIPES) {
      throw new SysError("EINVAL");
    }
    pipes.computeIfAbsent(
        number,
        n -> {
          Struct set = new Struct("dn_fs", new byte[flowSetSize()]);
          set.putInt("fs_nr", n + 2 * MOST_PIPES).putInt("sched_nr", n + MOST_PIPES);
          set.putInt("qsize", SLOTS);
          id(set.array(), "DN_FS");
          return new Pipe(stack.kernel, set.array());
        });
  }

  private static byte[] id(byte[] object, String type) {
    Struct id = new Struct("dn_id", object);
    id.putShort("len", object.length).putByte("type", FreeBsdAbi.constant(type));
    return object;
  }

  private void link(byte[] object) {
    Struct link = new Struct("dn_link", object);
    Pipe pipe = pipes.get(link.getInt("link_nr"));
    if (object.length != FreeBsdAbi.size("dn_link") || pipe == null) {
      throw new SysError("EINVAL");
    }
    pipe.link(Integer.toUnsignedLong(link.getInt("bandwidth")), link.getInt("delay"));
  }

  /** Sets a flow set. An invalid one is reported as 1, which is EPERM. */
  private void flowSet(byte[] object) {
    Struct set = new Struct("dn_fs", object);
    Pipe pipe = pipes.get(set.getInt("fs_nr") - 2 * MOST_PIPES);
    if (object.length != flowSetSize() || pipe == null) {
      throw new SysError("EPERM");
    }
    int slots = set.getInt("qsize");
    set.putInt("qsize", slots == 0 ? SLOTS : Math.max(1, Math.min(slots, MOST_SLOTS)));
    pipe.flowSet(object);
  }

  /** Lists the pipes in a range of numbers: for each its link, flow set and scheduler. */
  public byte[] get(SimProcess process, byte[] request) {
    process.checkRoot();
    ByteBuffer range = IpfwLayout.in(request);
    byte[] answer = Arrays.copyOf(request, ID);
    new Struct("dn_id", answer).putShort("len", ID).putInt("id", request.length);
    for (Map.Entry<Integer, Pipe> one : pipes.entrySet()) {
      int number = one.getKey() + MOST_PIPES;
      if (number >= range.getInt(ID) && number <= range.getInt(ID + 4)) {
        Struct link = new Struct("dn_link", id(new byte[FreeBsdAbi.size("dn_link")], "DN_LINK"));
        link.putInt("link_nr", number).putInt("bandwidth", (int) one.getValue().bandwidth());
        link.putInt("delay", one.getValue().delay());
        byte[] scheduler = id(new byte[FreeBsdAbi.size("dn_sch")], "DN_SCH");
        answer = IpfwLayout.join(answer, link.array());
        answer = IpfwLayout.join(answer, one.getValue().flowSet());
        answer = IpfwLayout.join(answer, scheduler);
      }
    }
    return Arrays.copyOf(answer, Math.min(answer.length, request.length));
  }

  // ---- frames

  /**
   * Returns the pipe into which the rules send a frame, null for none. Reads only layer 2 rules.
   */
  @Nullable
  public Pipe pipeOf(Iface out) {
    SimIpfw ipfw = stack.ipfw;
    if (ipfw == null || stack.variables.getOrDefault(ETHER, 0) == 0) {
      return null;
    }
    for (SimIpfw.Entry entry : ipfw.rules) {
      int target = ipfw.enabled(entry) ? target(entry.body, out.name) : -1;
      if (target >= 0) {
        return pipes.get(target);
      }
    }
    return null;
  }

  /**
   * Returns the pipe that a layer 2 rule names, 0 if it lets the frame pass, -1 if it does not
   * match.
   */
  private static int target(byte[] body, String name) {
    ByteBuffer buffer = IpfwLayout.in(body);
    int end = IpfwLayout.COMMANDS + 4 * buffer.getShort(FreeBsdAbi.offset("ip_fw_rule", "cmd_len"));
    boolean frames = false;
    for (int at = IpfwLayout.COMMANDS; at + 4 <= Math.min(end, body.length); ) {
      int opcode = body[at] & 0xff;
      int size = 4 * (body[at + 1] & 0x3f);
      frames |= opcode == O_LAYER2;
      if (opcode == O_XMIT && !IpfwLayout.text(body, at + 8, 16).equals(name) || size == 0) {
        return -1;
      } else if (frames && opcode == O_PIPE) {
        return buffer.getShort(at + 2) & 0xffff;
      } else if (frames && opcode == FreeBsdAbi.constant("O_ACCEPT")) {
        return 0;
      }
      at += size;
    }
    return -1;
  }
}
