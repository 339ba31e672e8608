// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.posix.libc.Libc;

/**
 * Counts the library's calls to libc, of all threads. It must be installed before the JVM's first
 * call.
 */
public final class CountingLibc implements InvocationHandler {
  /**
   * What was counted.
   *
   * @param names the calls in their order
   * @param waits how many of them may wait for another process
   */
  public record Count(List<String> names, int waits) {
    /** Returns the number of calls. */
    public int calls() {
      return names.size();
    }

    /** Returns the number of requests to the helper: nothing else is sent with sendmsg(2). */
    public int requests() {
      return (int) names.stream().filter("sendmsg"::equals).count();
    }
  }

  private final Libc real;
  private final List<String> names = new ArrayList<>();
  private int waits;

  private CountingLibc(Libc real) {
    this.real = real;
  }

  /** Installs the counter. */
  public static CountingLibc install() {
    return LibcSeam.install(CountingLibc::new);
  }

  /** Starts to count anew. */
  public synchronized void start() {
    names.clear();
    waits = 0;
  }

  /** Returns the counts since the start. */
  public synchronized Count stop() {
    return new Count(List.copyOf(names), waits);
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    synchronized (this) {
      names.add(method.getName());
      waits += method.getName().equals("poll") && (int) args[2] != 0 ? 1 : 0;
    }
    return LibcSeam.call(real, method, args);
  }
}
