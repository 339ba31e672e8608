// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.ProcessSpec;

/**
 * The three standard streams of a program: its ends, and the other ends of those that are pipes.
 *
 * @param childEnds standard input, output and error
 * @param in the end to which its input is written, or null
 * @param out the end from which its output is read, or null
 * @param err the end from which its error output is read, or null
 */
record Stdio(List<Fd> childEnds, @Nullable Fd in, @Nullable Fd out, @Nullable Fd err) {
  private static final int READ_WRITE_ALL = 0666;

  static Stdio open(ProcessSpec spec) {
    List<Fd> opened = new ArrayList<>();
    try {
      Fd[] in = end(spec.stdin(), 0, opened);
      Fd[] out = end(spec.stdout(), 1, opened);
      Fd[] err;
      Redirect errors = spec.stderr();
      if (errors == null) {
        Fd same = out[0].duplicate();
        opened.add(same);
        err = new Fd[] {same};
      } else {
        err = end(errors, 2, opened);
      }
      return new Stdio(List.of(in[0], out[0], err[0]), ours(in), ours(out), ours(err));
    } catch (RuntimeException e) {
      opened.forEach(Fd::close);
      throw e;
    }
  }

  private static @Nullable Fd ours(Fd[] ends) {
    return ends.length == 2 ? ends[1] : null;
  }

  /** Returns the program's end, and for a pipe also the other end. */
  private static Fd[] end(Redirect redirect, int number, List<Fd> opened) {
    if (redirect.type() == Redirect.Type.PIPE) {
      Memory pair = Memory.allocate(2 * Integer.BYTES);
      if (Native.libc().pipe2(pair.address(), Abi.here().io.oCloexec()) == -1) {
        throw KernelErrors.of(Errno.here().error("pipe2", "stream " + number, Native.errno()));
      }
      Fd read = Fd.owning(pair.bytes().getInt(0));
      Fd write = Fd.owning(pair.bytes().getInt(Integer.BYTES));
      opened.addAll(List.of(read, write));
      if (number == 0) {
        long flags = Abi.O_WRONLY | Abi.here().io.oNonblock();
        write.use(fd -> Native.libc().fcntl(fd, Abi.F_SETFL, flags));
      }
      return number == 0 ? new Fd[] {read, write} : new Fd[] {write, read};
    }
    Fd fd = redirect.type() == Redirect.Type.INHERIT ? inherited(number) : file(redirect);
    opened.add(fd);
    return new Fd[] {fd};
  }

  private static Fd inherited(int number) {
    int copy = Native.libc().fcntl(number, Abi.here().io.fDupfdCloexec(), 3);
    if (copy == -1) {
      throw KernelErrors.of(Errno.here().error("fcntl", "stream " + number, Native.errno()));
    }
    return Fd.owning(copy);
  }

  private static Fd file(Redirect redirect) {
    Abi.Io io = Abi.here().io;
    int flags =
        switch (redirect.type()) {
          case READ -> Abi.O_RDONLY;
          case APPEND -> Abi.O_WRONLY | io.oCreat() | io.oAppend();
          default -> Abi.O_WRONLY | io.oCreat() | io.oTrunc();
        };
    String path = redirect.file().toString();
    Memory name = Memory.of(path);
    int fd = Native.libc().open(name.address(), flags | io.oCloexec(), READ_WRITE_ALL);
    int errno = fd == -1 ? Native.errno() : 0;
    name.keep();
    if (fd == -1) {
      throw KernelErrors.of(Errno.here().error("open", path, errno));
    }
    return Fd.owning(fd);
  }

  OutputStream stdin() {
    return in == null ? OutputStream.nullOutputStream() : new FdOutputStream(in);
  }

  FdInputStream stdout() {
    return new FdInputStream(out);
  }

  FdInputStream stderr() {
    return new FdInputStream(err);
  }

  void closeOurs() {
    for (Fd fd : new Fd[] {in, out, err}) {
      if (fd != null) {
        fd.close();
      }
    }
  }
}
