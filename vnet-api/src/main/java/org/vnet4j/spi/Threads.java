// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import org.vnet4j.Vnet;

/** Starts the threads of this library as named daemon threads. */
public final class Threads {
  private Threads() {}

  /**
   * Starts a thread.
   *
   * @param name its name, as thread dumps show it
   * @param stack size of its stack in bytes, 0 for the JVM's default
   * @param work the work of the thread
   * @return the started thread
   * @throws Vnet.NoThreadException if the system cannot create another thread (EAGAIN)
   */
  public static Thread start(String name, long stack, Runnable work) {
    Thread thread = new Thread(null, work, name, stack);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // pthread_create(3) failed with EAGAIN
      throw new Vnet.NoThreadException(name, e);
    }
    return thread;
  }
}
