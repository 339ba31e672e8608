// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.io.IOException;
import java.util.function.UnaryOperator;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;

/** Loads the native libraries on first use, binds libc, and reads errno. */
public final class Native {
  /** Wraps the binding of libc; a test replaces it before the first call. */
  public static UnaryOperator<Libc> seam = UnaryOperator.identity();

  private static final String EXTRACT_DIR = "jffi.extract.dir";
  private static final String BOOT_PATH = "jffi.boot.library.path";

  /** Why the library could not be loaded at the first call. */
  private static volatile @Nullable VnetException failed;

  private Native() {}

  /**
   * Returns the binding of libc.
   *
   * @return the same binding for the life of the JVM
   * @throws VnetException if the native library cannot be loaded; the message names the remedy
   */
  public static Libc libc() {
    return Loaded.get().libc();
  }

  /**
   * Returns the runtime of jnr-ffi, for bindings in other packages.
   *
   * @return the runtime of {@link #libc()}
   */
  public static Runtime runtime() {
    return Loaded.get().runtime();
  }

  /**
   * Reads errno of this thread. Must be called immediately after the call that failed, in the same
   * method.
   *
   * @return the number, which differs between systems
   */
  public static int errno() {
    return LastError.getLastError(Loaded.get().runtime());
  }

  /**
   * Binds an interface to libc.
   *
   * @param <T> the interface
   * @param binding methods with the names of libc
   * @return its implementation
   * @throws VnetException if the native library cannot be loaded
   */
  public static <T> T bind(Class<T> binding) {
    try {
      return LibraryLoader.create(binding)
          .failImmediately() // else each call would throw a raw UnsatisfiedLinkError
          .load(Platform.getNativePlatform().getStandardCLibraryName());
    } catch (LinkageError | RuntimeException e) {
      throw cannotLoad(e);
    }
  }

  static VnetException cannotLoad(Throwable cause) {
    return new VnetException(
        "the native library (jffi) cannot be loaded on "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ": "
            + root(cause)
            + "; "
            + remedy(cause),
        cause);
  }

  private static Throwable root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String remedy(Throwable cause) {
    if (root(cause) instanceof NoClassDefFoundError
        || root(cause) instanceof ClassNotFoundException) {
      return "put all jars that vnet-native depends on (jnr-ffi, jffi and its native jar) on the"
          + " class path or module path";
    }
    if (root(cause) instanceof IOException) {
      return "it is written to a file first: make room in java.io.tmpdir, or name an installed one"
          + " with -Djffi.boot.library.path";
    }
    return "start the JVM with --enable-native-access=ALL-UNNAMED on JDK 24 and later (on the"
        + " module path: --enable-native-access=org.jnrproject.jffi); see that the native jar of"
        + " jffi is there, and room in java.io.tmpdir";
  }

  private record Loaded(Libc libc, Runtime runtime) {
    static Loaded get() {
      try {
        return Holder.LOADED;
      } catch (ExceptionInInitializerError e) {
        failed = e.getCause() instanceof VnetException known ? known : cannotLoad(e);
        throw failed;
      } catch (NoClassDefFoundError e) { // the class is not initialized twice
        throw failed == null ? cannotLoad(e) : new VnetException(failed.getMessage(), failed);
      }
    }
  }

  private static final class Holder {
    static final Loaded LOADED = load();

    /**
     * Binds libc. jffi writes its library to a file before it loads it. By default that file is in
     * a directory that everybody may write to, and it stays there if the JVM is killed; so a
     * private directory is used.
     */
    private static Libc bindPrivately() {
      if (System.getProperty(EXTRACT_DIR) != null || System.getProperty(BOOT_PATH) != null) {
        return bind(Libc.class);
      }
      try (PrivateDirectory directory = PrivateDirectory.make("the native library (jffi)")) {
        System.setProperty(EXTRACT_DIR, directory.path().toString());
        return bind(Libc.class);
      } finally {
        System.clearProperty(EXTRACT_DIR);
      }
    }

    private static Loaded load() {
      Libc libc = bindPrivately();
      return new Loaded(seam.apply(libc), Runtime.getRuntime(libc));
    }
  }
}
