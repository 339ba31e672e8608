// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import static org.vnet4j.net.Errno.ENOENT;
import static org.vnet4j.net.Errno.ETIMEDOUT;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Exec;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Io;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.libc.Poller;
import org.vnet4j.posix.libc.SlowCalls;
import org.vnet4j.spi.ProcessSpec;

/**
 * A program that the helper started, as a {@link Process}. The {@link Poller} notices its end, as
 * that of all others; then its streams are drained and their descriptors closed.
 */
public final class StackProcess extends Process {
  private static final int SIGNALLED = 128;
  private static final int UNKNOWN = -1;
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final Helper helper;
  private final Object session;
  private final int pid;
  private final OutputStream stdin;
  private final FdInputStream stdout;
  private final FdInputStream stderr;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private StackProcess(Helper helper, Object session, Helper.Started started, Stdio stdio) {
    this.helper = helper;
    this.session = session;
    this.pid = started.pid();
    this.stdin = stdio.stdin();
    this.stdout = stdio.stdout();
    this.stderr = stdio.stderr();
    Poller.whenReadable(started.status(), () -> ended(started.status()));
  }

  /**
   * Starts a program.
   *
   * @param helper the helper that starts it and is its parent process
   * @param stack the stack
   * @param spec the program to run, and its redirections
   * @param users finds the user to run as by its name
   * @param hostname the hostname that it sees (Linux), or null for the helper's
   * @return the process
   * @throws Exec.StartException if it could not be started; the error's call names the step
   */
  public static StackProcess start(
      Helper helper,
      StackRef stack,
      ProcessSpec spec,
      Function<String, Helper.User> users,
      @Nullable String hostname) {
    Helper.Command command = command(spec, users, hostname);
    Stdio stdio = Stdio.open(spec);
    List<StackProcess> made = new ArrayList<>();
    try {
      helper.exec(
          stack,
          command,
          stdio.childEnds(),
          started -> {
            stdio.childEnds().forEach(Fd::close); // the streams must end when the program does
            made.add(new StackProcess(helper, spec.session(), started, stdio));
          });
      return made.get(0);
    } catch (VnetException e) {
      stdio.closeOurs();
      throw refusal(e, spec);
    } catch (RuntimeException | OutOfMemoryError e) {
      stdio.closeOurs();
      throw e;
    } finally {
      stdio.childEnds().forEach(Fd::close);
    }
  }

  private static Helper.Command command(
      ProcessSpec spec, Function<String, Helper.User> users, @Nullable String hostname) {
    try {
      return new Helper.Command(
          spec.command(),
          spec.environment(),
          spec.directory().toString(),
          spec.user() == null ? null : users.apply(spec.user()),
          hostname);
    } catch (VnetException e) {
      throw refusal(e, spec);
    }
  }

  private static VnetException refusal(VnetException e, ProcessSpec spec) {
    KernelError error = e.kernelError().orElse(null);
    return error == null ? e : new Exec.StartException(error, hint(error, spec));
  }

  private static @Nullable String hint(KernelError error, ProcessSpec spec) {
    return switch (error.call()) {
      case "execve" ->
          error.isErrno(ENOENT)
              ? "no such program on the PATH " + spec.environment().getOrDefault("PATH", "(none)")
              : error.isErrno(ETIMEDOUT)
                  ? "a process of its user stops it, or a file system does not answer; it was"
                      + " killed"
                  : null;
      case "chdir" -> "the directory to start in is " + spec.directory();
      case "getpwnam" -> "no user " + spec.user();
      case "initgroups", "setgroups", "setgid", "setuid" ->
          "only root may start a program as another user ("
              + spec.user()
              + "); a sandbox in a user namespace has no other user";
      default -> null;
    };
  }

  /** Runs on the poller's thread: does not wait. The status is closed if the program never ran. */
  private void ended(Fd status) {
    int code = UNKNOWN;
    try (status) {
      code = FdInputStream.ifOpen(status, StackProcess::code, SIGNALLED + Abi.SIGKILL);
    } finally {
      if (code == UNKNOWN) {
        SlowCalls.start(this::awaitDeath);
      } else {
        complete(code);
      }
    }
  }

  private static int code(int status) {
    Memory value = Memory.allocate(Integer.BYTES);
    if (Io.read(status, value, Integer.BYTES) != Integer.BYTES) {
      return UNKNOWN;
    }
    int raw = value.bytes().getInt(0);
    int signal = raw & 0x7f;
    return signal == 0 ? raw >> 8 & 0xff : SIGNALLED + signal;
  }

  private void complete(int code) {
    try {
      stdout.ended();
      stderr.ended();
      Io.closeQuietly(stdin);
    } finally {
      exit.complete(code); // in any case, so that no caller waits for ever
      Reference.reachabilityFence(session);
    }
  }

  /**
   * Waits until the kernel has killed the program: a helper that was killed reports no status, and
   * the kernel kills its programs after it.
   */
  private void awaitDeath() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (Native.libc().kill(pid, 0) == 0 && System.nanoTime() < deadline) {
      Native.libc().poll(0, 0, 1);
    }
    complete(SIGNALLED + Abi.SIGKILL);
  }

  @Override
  public OutputStream getOutputStream() {
    return stdin;
  }

  @Override
  public InputStream getInputStream() {
    return stdout;
  }

  @Override
  public InputStream getErrorStream() {
    return stderr;
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      return exit.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      exit.get(Math.max(0, timeout), unit);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int exitValue() {
    Integer code = exit.getNow(null);
    if (code == null) {
      throw new IllegalThreadStateException("process hasn't exited");
    }
    return code;
  }

  @Override
  public boolean isAlive() {
    return !exit.isDone();
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return exit.thenApplyAsync(code -> this); // not on the thread that notices all ends
  }

  @Override
  public void destroy() {
    signal(Abi.SIGTERM);
    closeStreams();
  }

  @Override
  public Process destroyForcibly() {
    signal(Abi.SIGKILL);
    closeStreams();
    return this;
  }

  private void signal(int signal) {
    if (isAlive()) {
      try {
        helper.kill(pid, signal);
      } catch (Helper.LostException | Vnet.ClosedException e) {
        // The program was killed when the helper ended.
        return;
      }
    }
  }

  private void closeStreams() {
    List<AutoCloseable> streams = List.of(stdin, stdout, stderr);
    streams.forEach(Io::closeQuietly);
  }

  @Override
  public boolean supportsNormalTermination() {
    return true;
  }

  @Override
  public long pid() {
    return pid;
  }

  /**
   * Returns a handle of the process.
   *
   * @return a handle
   * @throws UnsupportedOperationException if the process has ended and the system no longer knows
   *     it
   */
  @Override
  public ProcessHandle toHandle() {
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new UnsupportedOperationException("process " + pid + " has ended"));
  }

  @Override
  public String toString() {
    return "Process[pid=" + pid + ", exitValue=" + exit.getNow(null) + "]";
  }
}
