// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.UserMemory;
import org.vnet4j.freebsd.sim.replay.Recording.Line;
import org.vnet4j.freebsd.sys.FreeBsdLibc;

/**
 * A libc that answers every call with the answer of one recorded line, and keeps the bytes of the
 * call. It compares codecs with the recording itself, not with the simulated kernel.
 */
public final class Playback {
  private final Line line;
  private byte[] sent = new byte[0];
  private String request = "";

  public Playback(Line line) {
    this.line = line;
  }

  /**
   * Returns the bytes of the call: its argument, or the memory to which the argument points if the
   * recording has that.
   */
  public byte[] sent() {
    return sent.clone();
  }

  /** Returns the request number of the ioctl, or the name of another call. */
  public String request() {
    return request;
  }

  public int errno() {
    return line.number("errno");
  }

  public FreeBsdLibc libc() {
    return (FreeBsdLibc)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {FreeBsdLibc.class},
            (proxy, method, arguments) -> call(method.getName(), arguments));
  }

  private Object call(String name, Object[] arguments) {
    return switch (name) {
      case "ioctl" -> ioctl((Long) arguments[1], (Long) arguments[2]);
      case "write" -> {
        request = name;
        sent = UserMemory.copyIn((Long) arguments[1], (int) (long) (Long) arguments[2]);
        yield line.failed() ? -1L : (long) sent.length;
      }
      case "read" -> read((Long) arguments[1]);
      case "poll" -> 1;
      case "getpid" -> 125;
      case "jail_set", "jail_get" -> jail(name, (Long) arguments[0], (Integer) arguments[1]);
      default -> throw new UnsupportedOperationException(name);
    };
  }

  private boolean answered;

  /** Answers once, after the request; before it the socket is empty. */
  private long read(long buffer) {
    if (sent.length == 0 || answered) {
      return -1;
    }
    answered = true;
    byte[] out = line.bytes("out");
    UserMemory.copyOut(buffer, out);
    return out.length;
  }

  private int ioctl(long number, long argument) {
    request = Long.toString(number);
    String pointer =
        switch (line.text("req")) {
          case "SIOCGDRVSPEC", "SIOCSDRVSPEC" -> "ifdrv";
          case "SIOCSETVLAN", "SIOCGETVLAN", "SIOCGIFDATA", "SIOCSIFNAME" -> "ifreq";
          case "SIOCGIFCONF" -> "ifconf";
          default -> "";
        };
    if (pointer.isEmpty()) {
      sent = UserMemory.copyIn(argument, (int) (number >> 16) & 0x1fff);
      return answer(argument, "out");
    }
    Struct struct = new Struct(pointer, UserMemory.copyIn(argument, FreeBsdAbi.size(pointer)));
    return switch (pointer) {
      case "ifdrv" -> {
        long data = struct.getLong("ifd_data");
        sent = UserMemory.copyIn(data, (int) struct.getLong("ifd_len"));
        yield answer(data, "out");
      }
      case "ifconf" -> {
        UserMemory.putInt(argument, line.number("len"));
        yield answer(struct.getLong("ifc_ifcu"), "out");
      }
      default -> {
        long data = struct.getLong("ifr_ifru");
        if (line.has("in")) {
          sent = UserMemory.copyIn(data, line.bytes("in").length);
        } else if (line.has("to")) {
          sent = UserMemory.copyIn(data, line.text("to").length() + 1);
        }
        yield answer(data, line.has("data") ? "data" : "out");
      }
    };
  }

  private int answer(long address, String field) {
    if (line.failed()) {
      return -1;
    }
    UserMemory.copyOut(address, line.bytes(field));
    return 0;
  }

  /** Writes names and values as the recording has them, without errmsg, the last pair. */
  private int jail(String name, long iov, int niov) {
    request = name;
    StringBuilder text = new StringBuilder();
    int size = FreeBsdAbi.size("iovec");
    for (int i = 0; i < niov - 2; i += 2) {
      Struct key = new Struct("iovec", UserMemory.copyIn(iov + (long) i * size, size));
      Struct value = new Struct("iovec", UserMemory.copyIn(iov + (i + 1L) * size, size));
      byte[] keyBytes = UserMemory.copyIn(key.getLong("iov_base"), (int) key.getLong("iov_len"));
      int length = (int) value.getLong("iov_len");
      byte[] content =
          length == 0 ? new byte[0] : UserMemory.copyIn(value.getLong("iov_base"), length);
      text.append(new String(keyBytes, 0, keyBytes.length - 1)).append('=');
      text.append(length).append(':').append(Arrays.toString(content)).append('\n');
      if (name.equals("jail_get") && !line.failed()) {
        byte[] out =
            java.util.HexFormat.of()
                .parseHex(line.json().path("out").get(i / 2).path("value").asText());
        UserMemory.copyOut(value.getLong("iov_base"), out);
      }
    }
    Struct errmsg = new Struct("iovec", UserMemory.copyIn(iov + (niov - 1L) * size, size));
    UserMemory.copyOut(errmsg.getLong("iov_base"), (line.text("errmsg") + "\0").getBytes());
    sent = text.toString().getBytes();
    return line.number("rc");
  }

  /** Returns the bytes that {@link #sent()} returns for a recorded jail call. */
  public static byte[] recorded(Line line) {
    StringBuilder text = new StringBuilder();
    line.json()
        .path("in")
        .forEach(
            parameter -> {
              int length = parameter.path("len").asInt();
              byte[] shown = java.util.HexFormat.of().parseHex(parameter.path("value").asText());
              text.append(parameter.path("name").asText()).append('=').append(length);
              text.append(':').append(Arrays.toString(Arrays.copyOf(shown, length))).append('\n');
            });
    return text.toString().getBytes();
  }
}
