// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.machine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vnet4j.freebsd.StackProgram;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;

/** A program of FreeBSD that a test plays: a function of its arguments and its input. */
public interface SimProgram {
  int CHUNK = 4096;

  /** Runs the program in the stack of a jail (0: the host's). */
  StackProgram.Output run(int jid, List<String> arguments, String input);

  /**
   * Starts the program on a thread, with the descriptors of a real one. It runs when its input has
   * ended.
   */
  static Helper.Started start(
      SimProgram program, int pid, int jid, List<String> argv, List<Fd> stdio) {
    List<Fd> own = stdio.stream().map(Fd::duplicate).toList();
    Memory pair = Memory.allocate(8);
    if (Native.libc().pipe2(pair.address(), 02000000) != 0) {
      throw new IllegalStateException("pipe2: " + Native.errno());
    }
    Fd toldBy = Fd.owning(pair.bytes().getInt(0));
    Fd tells = Fd.owning(pair.bytes().getInt(4));
    Thread thread =
        new Thread(
            () -> {
              String input = own.get(0).use(SimProgram::read);
              StackProgram.Output output = program.run(jid, argv.subList(1, argv.size()), input);
              write(own.get(1), output.out().getBytes(StandardCharsets.UTF_8));
              write(own.get(2), output.err().getBytes(StandardCharsets.UTF_8));
              own.forEach(Fd::close);
              write(tells, new byte[] {0, (byte) output.status(), 0, 0});
              tells.close();
            },
            "sim-" + argv.get(0));
    thread.setDaemon(true);
    thread.start();
    return new Helper.Started(pid, toldBy);
  }

  static String read(int fd) {
    Memory chunk = Memory.allocate(CHUNK);
    StringBuilder text = new StringBuilder();
    long length = Native.libc().read(fd, chunk.address(), CHUNK);
    while (length > 0) {
      byte[] bytes = new byte[(int) length];
      chunk.bytes().get(0, bytes);
      text.append(new String(bytes, StandardCharsets.UTF_8));
      length = Native.libc().read(fd, chunk.address(), CHUNK);
    }
    return text.toString();
  }

  private static void write(Fd to, byte[] bytes) {
    Memory buffer = Memory.allocate(Math.max(1, bytes.length));
    buffer.bytes().put(0, bytes);
    to.use(
        fd -> {
          for (long at = 0; at < bytes.length; ) {
            long written = Native.libc().write(fd, buffer.address() + at, bytes.length - at);
            if (written <= 0) {
              return fd;
            }
            at += written;
          }
          return fd;
        });
    buffer.keep();
  }
}
