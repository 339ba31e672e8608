// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.net.Errno.ENOENT;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.vnet4j.Exec;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.spi.ProcessSpec;
import org.vnet4j.spi.Threads;

/** Runs a program of the base system in a stack and waits for its end. */
public final class StackProgram {
  /** One byte more than is read of the output: 64 MiB. */
  private static final int MOST = (64 << 20) + 1;

  private StackProgram() {}

  /**
   * The result of a program.
   *
   * @param status its exit status
   * @param out its output
   * @param err its error output
   */
  public record Output(int status, String out, String err) {
    /** Throws if the exit status is not 0. The message contains the program's error output. */
    Output orThrow(String what) {
      if (status != 0) {
        throw new VnetException(what + ": " + (err.isBlank() ? "status " + status : err.strip()));
      }
      return this;
    }
  }

  /**
   * Runs a program.
   *
   * @param input its standard input
   * @throws Vnet.UnsupportedException if the system does not have the program
   */
  static Output run(FreeBsdStack stack, String input, String... command) {
    ProcessSpec spec =
        new ProcessSpec(
            List.of(command),
            Map.of("PATH", Exec.DEFAULT_PATH),
            Path.of("/"),
            null,
            Redirect.PIPE,
            Redirect.PIPE,
            Redirect.PIPE,
            stack);
    Process process;
    try {
      process = stack.ask(() -> stack.processes().start(spec));
    } catch (Exec.StartException e) {
      if (e.isErrno(ENOENT)) {
        throw new Vnet.UnsupportedException(
            "no " + command[0] + "(8) in " + Exec.DEFAULT_PATH + ": it is of the base system");
      }
      throw e;
    }
    boolean ended = false;
    try {
      Executor own = task -> Threads.start("vnet-process-" + process.pid() + "-stream", 0, task);
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(() -> write(process.getOutputStream(), input), own);
      CompletableFuture<String> out =
          CompletableFuture.supplyAsync(() -> read(process.getInputStream()), own);
      CompletableFuture<String> errors =
          CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), own);
      int status = process.waitFor();
      writing.get();
      Output output = new Output(status, out.get(), errors.get());
      ended = true;
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Vnet.InterruptException(command[0] + "(8) ran; it was killed");
    } catch (ExecutionException e) {
      throw new VnetException(
          "what " + command[0] + "(8) wrote is lost: " + e.getCause().getMessage(), e.getCause());
    } finally {
      if (!ended) {
        process.destroyForcibly();
      }
    }
  }

  /** A program that refuses its input may not read it to the end. */
  private static void write(OutputStream to, String input) {
    try (to) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return;
    }
  }

  private static String read(InputStream from) {
    try (from) {
      byte[] bytes = from.readNBytes(MOST);
      if (bytes.length == MOST) { // in a jail with files of its own it is anybody's program
        throw new VnetException("more than " + (MOST - 1) + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
