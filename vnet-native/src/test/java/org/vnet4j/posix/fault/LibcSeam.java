// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Native;

/** Puts a handler between the library and libc, before the first call of this JVM. */
final class LibcSeam {
  private LibcSeam() {}

  /**
   * Installs a handler.
   *
   * @param make makes it, around the real libc
   */
  static <T extends InvocationHandler> T install(Function<Libc, T> make) {
    AtomicReference<T> made = new AtomicReference<>();
    Native.seam =
        real -> {
          made.set(make.apply(real));
          ClassLoader loader = LibcSeam.class.getClassLoader();
          return (Libc) Proxy.newProxyInstance(loader, new Class<?>[] {Libc.class}, made.get());
        };
    Native.libc();
    return made.get();
  }

  /** Makes a call; what it throws is thrown as it is. */
  static Object call(Libc real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
