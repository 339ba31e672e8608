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
 * Writes a pipe, unbuffered. After a close from another thread, a write in progress ends within a
 * tenth of a second; the descriptor is closed after it.
 */
final class FdOutputStream extends OutputStream {
  private static final int CHUNK = 8192;
  private static final int SLICE = 100;

  private final Fd fd;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Memory buffer;

  /** Takes over a descriptor that does not block (O_NONBLOCK). */
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
        int n = FdInputStream.ifOpen(fd, number -> Io.write(number, memory, chunk), 0);
        if (n > 0) {
          done += n;
        } else if (n == 0 || !Errno.here().nameOf(-n).equals("EAGAIN")) {
          throw new IOException(n == 0 ? "Stream closed" : Errno.here().textOf(-n));
        } else {
          FdInputStream.ifOpen(fd, number -> Io.writable(number, SLICE), true);
        }
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
