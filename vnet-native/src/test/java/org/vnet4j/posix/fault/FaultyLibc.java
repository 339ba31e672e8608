// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LastError;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Libc;

/**
 * Intercepts the library's calls to libc on Linux, counts them and makes a chosen one fail. It must
 * be installed before the JVM's first call. It counts the calls of the choosing thread apart from
 * those of all others.
 */
public final class FaultyLibc implements InvocationHandler {
  private static final int NLM_F_MULTI = 2;
  private static final int NLM_F_DUMP_INTR = 0x10;
  private static final int NO_SUCH_OP = 99;
  private static final int MSG_CTRUNC = 8;
  private static final int MSG_DONTWAIT = 0x40;

  private final Libc real;
  private final Runtime runtime;
  private Thread chooser = Thread.currentThread();
  private boolean counting;
  private boolean others;
  private String chosenCall = "";
  private int chosen;
  private LibcFault fault = new LibcFault(LibcFault.Kind.FAILS, 0);
  private final List<String> calls = new ArrayList<>();
  private int helper;
  private int refusal;
  private boolean happened;

  private FaultyLibc(Libc real) {
    this.real = real;
    this.runtime = Runtime.getRuntime(real);
  }

  /** Installs the interceptor. */
  public static FaultyLibc install() {
    return LibcSeam.install(FaultyLibc::new);
  }

  /** Starts to count, without a fault. */
  public synchronized void count(boolean ofOthers) {
    choose(ofOthers, "", -1, fault);
  }

  /**
   * Starts to count, and chooses the call that fails by its name and its number among those, from
   * 0.
   */
  public synchronized void choose(boolean ofOthers, String call, int number, LibcFault how) {
    chosenCall = call;
    chooser = Thread.currentThread();
    others = ofOthers;
    chosen = number;
    fault = how;
    calls.clear();
    refusal = 0;
    happened = false;
    counting = true;
  }

  /** Pauses or resumes the count. */
  public synchronized void counting(boolean on) {
    counting = on;
  }

  /** Returns the calls counted so far. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** Returns whether the chosen call was made. */
  public synchronized boolean happened() {
    return happened;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    LibcFault now;
    synchronized (this) {
      now = turn(method, args);
    }
    Object result = now == null ? call(method, args) : faulty(now, method, args);
    if (method.getName().equals("posix_spawn") && (int) result == 0) {
      helper = at((long) args[0]).getInt(0);
    }
    if (method.getName().equals("recvmsg")
        && ((int) args[2] & MSG_DONTWAIT) == 0
        && refusal != 0
        && (long) result > 0) {
      refuse(data(args));
    }
    return result;
  }

  private LibcFault turn(Method method, Object[] args) {
    if (!counting || others == (Thread.currentThread() == chooser)) {
      return null;
    }
    String name = method.getName();
    if (name.equals("fcntl") && (int) args[1] == Abi.here().io.fDupfdCloexec()) {
      name = "fcntl:dupfd";
    }
    if (name.equals("recvmsg") && ((int) args[2] & MSG_DONTWAIT) != 0) {
      name = "recvmsg:packet";
    }
    calls.add(name);
    if (!name.equals(chosenCall) || chosen-- != 0) {
      return null;
    }
    happened = true;
    return fault;
  }

  private Object call(Method method, Object[] args) throws Throwable {
    return LibcSeam.call(real, method, args);
  }

  private Object faulty(LibcFault how, Method method, Object[] args) throws Throwable {
    switch (how.kind()) {
      case FAILS -> {
        return failure(method, how.errno());
      }
      case FAILS_AFTER -> {
        call(method, args);
        return failure(method, how.errno());
      }
      case SHORT -> {
        args[2] = Math.min(1L, (long) args[2]);
        return call(method, args);
      }
      case CUT -> {
        long n = (long) call(method, args);
        return n > 0 ? Math.max(1, Math.min(n - 3, 30)) : n;
      }
      case LOST -> {
        call(method, args);
        return failure(method, Errno.LINUX.numberOf("ENOBUFS"));
      }
      case DUMP_INTERRUPTED -> {
        long n = (long) call(method, args);
        Pointer message = at((long) args[1]);
        if (n >= 16 && (message.getShort(6) & NLM_F_MULTI) != 0) {
          message.putShort(6, (short) (message.getShort(6) | NLM_F_DUMP_INTR));
        }
        return n;
      }
      case NO_DESCRIPTORS -> {
        Object n = call(method, args);
        dropDescriptors(at((long) args[1]));
        return n;
      }
      case HELPER_KILLED -> {
        ProcessHandle.of(helper).ifPresent(ProcessHandle::destroyForcibly);
        return call(method, args);
      }
      case HELPER_REFUSES -> {
        Pointer data = data(args);
        int op = data.getInt(0);
        data.putInt(0, NO_SUCH_OP);
        refusal = how.errno();
        try {
          return call(method, args);
        } finally {
          data.putInt(0, op);
        }
      }
    }
    throw new AssertionError(how);
  }

  /**
   * Reports a failure as the call does: posix_spawn functions return the errno, others return -1
   * and set it.
   */
  private Object failure(Method method, int errno) {
    if (method.getName().startsWith("posix_spawn")) {
      return errno;
    }
    LastError.setLastError(runtime, errno);
    return method.getReturnType() == long.class ? (Object) (-1L) : (Object) (-1);
  }

  private Pointer at(long address) {
    return Pointer.wrap(runtime, address);
  }

  /** Returns the address of the bytes of a sendmsg or recvmsg message. */
  private Pointer data(Object[] args) {
    long vector = at((long) args[1]).getLong(16);
    return at(at(vector).getLong(0));
  }

  /** Writes the chosen error into the helper's answer, which itself reports an unknown request. */
  private void refuse(Pointer reply) {
    reply.putInt(0, refusal);
    byte[] call = "setns".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 32; i++) {
      reply.putByte(16 + i, i < call.length ? call[i] : 0);
    }
    refusal = 0;
  }

  private void dropDescriptors(Pointer header) {
    Abi.Messages layout = Abi.here().messages;
    long length = header.getLong(layout.controllen());
    Pointer control = at(header.getLong(layout.control()));
    for (long i = 16; i + 4 <= length && i + 4 <= control.getLong(0); i += 4) {
      real.close(control.getInt(i));
    }
    if (length > 16) {
      header.putLong(layout.controllen(), 0);
      header.putInt(layout.flags(), header.getInt(layout.flags()) | MSG_CTRUNC);
    }
  }
}
