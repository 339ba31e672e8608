// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.vnet4j.spi.ProcessSpec;
import org.vnet4j.spi.Threads;

/**
 * Configures and starts a program in a network stack. No shell is involved. The program receives
 * its three standard streams and the environment given here, and inherits nothing else. See
 * jexec(8).
 */
public final class Exec {
  /** The default {@code PATH} of a program, also used to find it. */
  public static final String DEFAULT_PATH =
      "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin";

  /**
   * Bytes that {@link #run()} collects unless {@link #maxOutput} says otherwise: 64 MiB, or a
   * sixteenth of the heap ({@code -Xmx}) if that is less.
   */
  public static final long DEFAULT_MAX_OUTPUT =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  /** Stands for no time limit; fits into a long of nanoseconds. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  /** Longest time in seconds to wait for a killed program to end. */
  private static final int MOST_TO_DIE = 5;

  private final NetworkStack stack;
  private final List<String> command;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Path directory = Path.of("/");
  private @Nullable String user;
  private Redirect stdin = Redirect.PIPE;
  private Redirect stdout = Redirect.PIPE;
  private @Nullable Redirect stderr = Redirect.PIPE;
  private boolean check;
  private long maxOutput = DEFAULT_MAX_OUTPUT;

  Exec(NetworkStack stack, List<String> command) {
    if (command.isEmpty() || command.get(0).isEmpty()) {
      throw new IllegalArgumentException("exec: no program");
    }
    command.forEach(argument -> withoutNul("argument", argument));
    this.stack = stack;
    this.command = command;
    environment.put("PATH", DEFAULT_PATH);
  }

  /**
   * Sets a variable of the environment, which otherwise is {@code PATH} alone.
   *
   * @param name without {@code =}
   * @param value its value
   * @return this
   */
  public Exec env(String name, String value) {
    withoutNul("variable", name);
    withoutNul("value of " + name, value);
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("exec: environment variable \"" + name + "\"");
    }
    environment.put(name, value);
    return this;
  }

  /**
   * Adds the environment of this program.
   *
   * @return this
   */
  public Exec inheritEnv() {
    environment.putAll(System.getenv());
    return this;
  }

  /**
   * Sets the directory the program starts in; the root without it.
   *
   * @param path a directory
   * @return this
   */
  public Exec directory(Path path) {
    directory = path.toAbsolutePath();
    return this;
  }

  /**
   * Sets the user the program runs as, with that user's groups; this program's user without it.
   *
   * @param name a login name
   * @return this
   */
  public Exec user(String name) {
    withoutNul("user", name);
    user = name;
    return this;
  }

  /**
   * Sets the source of the program's standard input; a pipe by default.
   *
   * @param source a pipe, a file, or inherited
   * @return this
   */
  public Exec redirectInput(Redirect source) {
    stdin = source;
    return this;
  }

  /**
   * Sets the target of the program's output, a pipe by default.
   *
   * @param target a pipe, a file, or inherited
   * @return this
   */
  public Exec redirectOutput(Redirect target) {
    stdout = target;
    return this;
  }

  /**
   * Sets the target of the program's error output, a pipe by default.
   *
   * @param target a pipe, a file, or inherited
   * @return this
   */
  public Exec redirectError(Redirect target) {
    stderr = target;
    return this;
  }

  /**
   * Sends the program's error output to the target of its output.
   *
   * @return this
   */
  public Exec mergeError() {
    stderr = null;
    return this;
  }

  /**
   * Lets the program use this program's three standard streams.
   *
   * @return this
   */
  public Exec inheritIO() {
    stdin = Redirect.INHERIT;
    stdout = Redirect.INHERIT;
    stderr = Redirect.INHERIT;
    return this;
  }

  /**
   * Starts the program.
   *
   * @return the process, which lives in the stack
   * @throws StartException if the program cannot be started: the program, directory or user does
   *     not exist, or the program is not executable
   * @throws Vnet.NoThreadException if the system cannot create a thread that waits for its end
   *     (EAGAIN); the program was killed
   */
  public Process start() {
    Vnet vnet = stack.vnet();
    ProcessSpec spec =
        new ProcessSpec(command, environment, directory, user, stdin, stdout, stderr, vnet);
    return vnet.change(
        "exec " + command.get(0), stack, () -> stack.driver().processes().start(spec));
  }

  /**
   * Requires success: {@link #run()} throws {@link StatusException} if the exit status is not 0.
   *
   * @return this
   */
  public Exec check() {
    check = true;
    return this;
  }

  /**
   * Sets how many bytes {@link #run()} collects of output and error output together; {@link
   * #DEFAULT_MAX_OUTPUT} without it.
   *
   * @param bytes 0 to 2147483647
   * @return this
   */
  public Exec maxOutput(long bytes) {
    if (bytes < 0 || bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "exec: maxOutput " + bytes + " is not in 0.." + Integer.MAX_VALUE);
    }
    maxOutput = bytes;
    return this;
  }

  /**
   * Runs the program to its end without a time limit and collects its output. Also waits for child
   * processes of the program that hold its streams open.
   *
   * @return its exit status and its output
   * @throws StartException if it could not be started
   * @throws OutputLimitException if it wrote more than {@link #maxOutput}; it was killed
   * @throws StatusException after {@link #check()}, if its status is not 0
   * @throws Vnet.InterruptException if this thread is interrupted; the program was killed
   */
  public Result run() {
    return run(FOREVER);
  }

  /**
   * Runs the program to its end within a time limit and collects its output.
   *
   * @param timeout longest time to run, more than zero; after it the program is killed
   * @return its exit status and its output
   * @throws IllegalArgumentException if the time is not more than zero
   * @throws StartException if it could not be started
   * @throws TimeoutException if it ran longer; it was killed
   * @throws OutputLimitException if it wrote more than {@link #maxOutput}; it was killed
   * @throws StatusException after {@link #check()}, if its status is not 0
   * @throws Vnet.InterruptException if this thread is interrupted; the program was killed
   */
  public Result run(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("exec: timeout " + timeout);
    }
    Result result = collect(timeout.compareTo(FOREVER) > 0 ? FOREVER : timeout);
    if (check && result.status() != 0) {
      throw new StatusException(command.get(0), result);
    }
    return result;
  }

  private Result collect(Duration timeout) {
    redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    long deadline = System.nanoTime() + timeout.toNanos();
    Process process = start();
    Output output = new Output(process, maxOutput);
    boolean ended = false;
    try {
      CompletableFuture<String> out = output.reading("out", process.getInputStream());
      CompletableFuture<String> err = output.reading("err", process.getErrorStream());
      if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException(command.get(0), timeout);
      }
      Result result = new Result(process.exitValue(), rest(out, deadline), rest(err, deadline));
      ended = true;
      return result;
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException(command.get(0), timeout);
    } catch (ExecutionException e) {
      if (output.isOver() || e.getCause() instanceof OutOfMemoryError) {
        throw new OutputLimitException(command.get(0), maxOutput, output.isOver());
      }
      throw new VnetException(
          "what " + command.get(0) + " wrote is lost: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Vnet.InterruptException(command.get(0) + " ran; it was killed");
    } finally {
      if (!ended) {
        kill(process);
      }
    }
  }

  /**
   * Kills a program, closes its streams and waits for its end, even if this thread is interrupted.
   */
  static void kill(Process process) {
    process.destroyForcibly();
    process.onExit().completeOnTimeout(process, MOST_TO_DIE, TimeUnit.SECONDS).join();
  }

  /** Waits for the rest of a stream, which a child process of the program may hold open. */
  private static String rest(CompletableFuture<String> text, long deadline)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    return text.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /** Collects the output of a program, with one thread for each stream. */
  private static final class Output {
    private final Process process;
    private final long limit;
    private final AtomicLong sum = new AtomicLong();

    Output(Process process, long limit) {
      this.process = process;
      this.limit = limit;
    }

    boolean isOver() {
      return sum.get() > limit;
    }

    /**
     * Reads on a thread of its own: all threads of the common pool might wait for other programs.
     */
    CompletableFuture<String> reading(String name, InputStream stream) {
      return CompletableFuture.supplyAsync(
          () -> read(stream),
          task -> Threads.start("vnet-process-" + process.pid() + "-" + name, 0, task));
    }

    private String read(InputStream stream) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] some = new byte[8192];
      try (stream) {
        for (int n = stream.read(some); n >= 0; n = stream.read(some)) {
          if (sum.addAndGet(n) > limit) {
            process.destroyForcibly(); // closes the other stream, too
            throw new IOException("too much");
          }
          all.write(some, 0, n);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  private static void withoutNul(String what, String text) {
    if (text.indexOf(0) >= 0) {
      throw new IllegalArgumentException("exec: NUL in " + what);
    }
  }

  /**
   * The exit status and output of a program that ended.
   *
   * @param status its exit status; 128 and the signal if a signal ended it
   * @param out its output
   * @param err its error output
   */
  public record Result(int status, String out, String err) {}

  /** The program could not be started. */
  public static final class StartException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the call that failed
     * @param hint the remedy, or null
     */
    public StartException(KernelError error, @Nullable String hint) {
      super(error, hint);
    }
  }

  /** Thrown after {@link Exec#check()} if the program ended with a status that is not 0. */
  public static final class StatusException extends VnetException {
    private static final long serialVersionUID = 1L;

    /** Number of characters kept from the end of the output. */
    private static final int TAIL = 1000;

    private final int status;
    private final String tail;

    StatusException(String program, Result result) {
      this(program, result.status(), tail(result.err().isBlank() ? result.out() : result.err()));
    }

    private StatusException(String program, int status, String tail) {
      super(program + " ended with status " + status + (tail.isEmpty() ? "" : ": " + tail));
      this.status = status;
      this.tail = tail;
    }

    private static String tail(String text) {
      String stripped = text.strip();
      return stripped.length() <= TAIL
          ? stripped
          : "..." + stripped.substring(stripped.length() - TAIL);
    }

    /**
     * Returns the exit status.
     *
     * @return 1 to 255; 128 and the signal if a signal ended it
     */
    public int status() {
      return status;
    }

    /**
     * Returns the end of the error output, or of the output if it wrote no errors.
     *
     * @return at most 1000 characters and an ellipsis
     */
    public String tail() {
      return tail;
    }
  }

  /** Thrown if the program wrote more than the limit, or than the heap holds; it was killed. */
  public static final class OutputLimitException extends VnetException {
    private static final long serialVersionUID = 1L;

    OutputLimitException(String program, long limit, boolean over) {
      super(
          program
              + (over
                  ? " wrote more than " + limit + " bytes and was killed; raise"
                  : " wrote more than the heap holds and was killed; lower")
              + " the limit by exec(..).maxOutput(bytes), now "
              + limit
              + ", or let it write to a file by redirectOutput");
    }
  }

  /** Thrown if the program ran longer than the timeout; it was killed. */
  public static final class TimeoutException extends VnetException {
    private static final long serialVersionUID = 1L;

    TimeoutException(String program, Duration timeout) {
      super(program + " did not end within " + timeout.toMillis() + " ms and was killed");
    }
  }
}
