// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process of a contender, in a network stack of its own, which performs one operation as often
 * as it is asked to, and measures itself. The protocol is described in {@code src/main/c/bench.c}.
 */
final class Sitting implements AutoCloseable {
  /** What a run answers: nanoseconds, and how many requests were repeated, or null. */
  record Answer(long nanos, @Nullable Long retries) {
    static Answer parse(String line) {
      String[] words = line.split(" retries=");
      return new Answer(Long.parseLong(words[0]), words.length > 1 ? Long.valueOf(words[1]) : null);
    }
  }

  private final List<String> command;
  private final Process process;
  private final BufferedReader in;
  private final PrintStream out;
  private final CompletableFuture<Void> overdue;

  /**
   * Starts the process and waits until it is ready.
   *
   * @param atMost the time after which the process is killed
   */
  Sitting(List<String> command, Duration atMost) throws IOException {
    this.command = command;
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    in = process.inputReader(StandardCharsets.UTF_8);
    out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Executor later = CompletableFuture.delayedExecutor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    overdue = CompletableFuture.runAsync(process::destroyForcibly, later);
    try {
      expect("ready");
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void expect(String word) throws IOException {
    String answer = in.readLine();
    if (!word.equals(answer)) {
      throw new IOException(String.join(" ", command) + " answered " + answer);
    }
  }

  /** Performs the operation some times, with what has to be done before and after it. */
  Answer run(int times) throws IOException {
    prepare();
    Answer answer = ask("run " + times);
    undo();
    return answer;
  }

  void prepare() throws IOException {
    out.println("prepare");
    expect("done");
  }

  void undo() throws IOException {
    out.println("undo");
    expect("done");
  }

  /** Sends a line, and reads a time. */
  Answer ask(String line) throws IOException {
    out.println(line);
    String answer = in.readLine();
    if (answer == null) {
      throw new IOException(String.join(" ", command) + " ended");
    }
    return Answer.parse(answer);
  }

  /** Ends the process. */
  @Override
  public void close() {
    out.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      overdue.cancel(false);
    }
  }
}
