// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Io;
import org.vnet4j.posix.libc.Memory;

/**
 * Reads a pipe. After a close from another thread, a read in progress ends within a tenth of a
 * second; the descriptor is closed after it.
 */
final class FdInputStream extends InputStream {
  static final int CHUNK = 8192;
  private static final int SLICE = 100;
  private static final int MOST_KEPT = 1 << 20;

  private final @Nullable Fd fd;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Memory buffer;
  private byte[] kept = new byte[0];
  private int keptAt;
  private boolean atEnd;
  private volatile boolean closed;

  /** Takes over a descriptor; null for an empty stream. */
  FdInputStream(@Nullable Fd fd) {
    this.fd = fd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    lock.lock();
    try {
      if (closed) {
        throw new IOException("Stream closed");
      }
      if (length == 0) {
        return 0;
      }
      if (keptAt < kept.length) {
        int n = Math.min(length, kept.length - keptAt);
        System.arraycopy(kept, keptAt, into, offset, n);
        keptAt += n;
        return n;
      }
      int n = atEnd ? 0 : fill(Math.min(length, CHUNK));
      if (n == 0) {
        return -1;
      }
      memory().bytes().get(0, into, offset, n);
      return n;
    } finally {
      lock.unlock();
    }
  }

  private Memory memory() {
    if (buffer == null) {
      buffer = Memory.allocate(CHUNK);
    }
    return buffer;
  }

  /** Reads into the native memory; closes the descriptor at the end of file. */
  private int fill(int length) throws IOException {
    if (fd == null || !fd.isOpen()) {
      atEnd = true;
      return 0;
    }
    while (!closed && !ifOpen(fd, number -> Io.readable(number, SLICE), true)) {
      // no bytes yet
    }
    int n = closed ? 0 : ifOpen(fd, number -> Io.read(number, memory(), length), 0);
    if (closed) {
      throw new IOException("Stream closed");
    }
    if (n < 0) {
      throw new IOException("read: " + Errno.here().textOf(-n));
    }
    if (n == 0) {
      atEnd = true;
      fd.close();
    }
    return n;
  }

  @Override
  public int available() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("Stream closed");
      }
      int more = fd == null || atEnd ? 0 : ifOpen(fd, Io::available, 0);
      return kept.length - keptAt + more;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads what the program left in the pipe, so that the descriptor can be closed even if nobody
   * reads the stream. The descriptor stays open while another process can still write to the pipe,
   * or while a read is in progress.
   */
  void ended() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      while (!closed
          && fd != null
          && !atEnd
          && rest.size() < MOST_KEPT
          && ifOpen(fd, number -> Io.readable(number, 0), false)) {
        int n = fill(CHUNK);
        byte[] bytes = new byte[n];
        memory().bytes().get(0, bytes);
        rest.writeBytes(bytes);
      }
      byte[] before = java.util.Arrays.copyOfRange(kept, keptAt, kept.length);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(before);
      rest.writeTo(all);
      kept = all.toByteArray();
      keptAt = 0;
    } catch (IOException e) {
      atEnd = true;
    } finally {
      lock.unlock();
    }
  }

  /** Runs an action, or returns the default if another thread has closed the descriptor. */
  static <T> T ifOpen(Fd fd, Fd.Action<T> question, T otherwise) {
    try {
      return fd.use(question);
    } catch (VnetException e) {
      if (fd.isOpen()) {
        throw e;
      }
      return otherwise;
    }
  }

  @Override
  public void close() {
    closed = true;
    if (fd != null) {
      fd.close();
    }
  }
}
