// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;

/** Tests streams that another thread closes while the program at the pipe ends. */
@Timeout(120)
class FdInputStreamTest {
  private static final int ROUNDS = 20_000;

  private static Fd[] pipe() {
    Memory pair = Memory.allocate(2 * Integer.BYTES);
    assertThat(Native.libc().pipe2(pair.address(), Abi.here().io.oCloexec())).isZero();
    return new Fd[] {
      Fd.owning(pair.bytes().getInt(0)), Fd.owning(pair.bytes().getInt(Integer.BYTES))
    };
  }

  /** Writes several chunks, so that there is more to read after the first. */
  private static void write(Fd pipe, int chunks) {
    Memory bytes = Memory.allocate(FdInputStream.CHUNK);
    for (int i = 0; i < chunks; i++) {
      long n = pipe.use(fd -> Native.libc().write(fd, bytes.address(), FdInputStream.CHUNK));
      assertThat(n).isEqualTo(FdInputStream.CHUNK);
    }
  }

  private interface Reading {
    void of(FdInputStream stream) throws IOException;
  }

  /** Reads many streams, each of which another thread closes at the same moment. */
  private static void whileClosing(int mostChunks, Reading reading) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < ROUNDS; i++) {
        Fd[] ends = pipe();
        FdInputStream stream = new FdInputStream(ends[0]);
        write(ends[1], i % (mostChunks + 1));
        Future<?> closing =
            other.submit(
                () -> {
                  start.await();
                  stream.close();
                  return null;
                });
        start.await();
        reading.of(stream);
        closing.get(10, TimeUnit.SECONDS);
        ends[1].close();
        assertThat(ends[0].isOpen()).isFalse();
      }
    } finally {
      other.shutdownNow();
    }
  }

  /** The end of a program must be reported whatever its reader does meanwhile. */
  @Test
  void an_end_and_a_close_at_the_same_moment_are_both_well() throws Exception {
    whileClosing(3, FdInputStream::ended);
  }

  @Test
  void what_may_be_read_of_a_stream_that_is_closed_meanwhile_is_nothing_or_an_error()
      throws Exception {
    whileClosing(
        0,
        stream -> {
          try {
            assertThat(stream.available()).isZero();
          } catch (IOException e) {
            assertThat(e).hasMessage("Stream closed");
          }
        });
  }
}
