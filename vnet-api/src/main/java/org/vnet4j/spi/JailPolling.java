// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

/**
 * A watch by polling: wakes at a fixed interval, for kernels that do not report changes of jails.
 */
final class JailPolling implements JailWatch {
  private final long milliseconds;
  private boolean woken;
  private boolean closed;

  JailPolling(long milliseconds) {
    this.milliseconds = milliseconds;
  }

  @Override
  public synchronized void await() {
    if (!woken && !closed) {
      try {
        wait(milliseconds);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    woken = false;
  }

  @Override
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
