// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import org.vnet4j.Vnet;

/** Starts the threads of the model and of the providers: daemons, each with a name. */
public final class Threads {
  private Threads() {}

  /**
   * Starts a thread.
   *
   * @param name that tools show
   * @param stack bytes of its stack, 0 for the JVM's default
   * @param work what it does
   * @return the thread, which runs
   * @throws Vnet.NoThreadException if the system gives no more threads
   */
  public static Thread start(String name, long stack, Runnable work) {
    Thread thread = new Thread(null, work, name, stack);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // pthread_create(3) said EAGAIN
      throw new Vnet.NoThreadException(name, e);
    }
    return thread;
  }
}
