// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Io;
import org.vnet4j.posix.libc.Memory;

/**
 * Writes a pipe, unbuffered. A close does not interrupt a write in progress; the descriptor is
 * closed after it.
 */
final class FdOutputStream extends OutputStream {
  private static final int CHUNK = 8192;

  private final Fd fd;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Memory buffer;

  FdOutputStream(Fd fd) {
    this.fd = fd;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    lock.lock();
    try {
      if (!fd.isOpen()) {
        throw new IOException("Stream closed");
      }
      Memory memory = buffer == null ? Memory.allocate(CHUNK) : buffer;
      buffer = memory;
      int done = 0;
      while (done < length) {
        int chunk = Math.min(CHUNK, length - done);
        memory.bytes().put(0, from, offset + done, chunk);
        int n = fd.isOpen() ? fd.use(number -> Io.write(number, memory, chunk)) : 0;
        if (n <= 0) {
          throw new IOException(n == 0 ? "Stream closed" : Errno.here().textOf(-n));
        }
        done += n;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
