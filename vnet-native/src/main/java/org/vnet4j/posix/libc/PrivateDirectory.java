// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;

/**
 * A temporary directory that only this user can enter and that permits the execution of files. Its
 * parent is chosen so that no other user can replace the directory.
 */
public final class PrivateDirectory implements AutoCloseable {
  public static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int OTHERS_WRITE = 022;
  private static final int STICKY = 01000;

  private final Path path;

  private PrivateDirectory(Path path) {
    this.path = path;
  }

  /**
   * Creates a directory: in {@code java.io.tmpdir}, in {@code XDG_RUNTIME_DIR}, or in {@code
   * .cache} in the home directory.
   *
   * @param what the thing to be executed, for the error
   * @throws VnetException if none of them is suitable; the message gives the reason for each
   */
  public static PrivateDirectory make(String what) {
    List<String> refused = new ArrayList<>();
    for (String parent : parents()) {
      try {
        return makeIn(Path.of(parent));
      } catch (IOException e) {
        refused.add(parent + ": " + reason(e));
      }
    }
    throw new VnetException(
        what
            + " needs a directory whose files can be executed, and where only this user can replace"
            + " them; set java.io.tmpdir to one: "
            + String.join("; ", refused));
  }

  /** Of some exceptions of java.nio the message is the path alone. */
  private static @Nullable String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    return e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
  }

  private static Set<String> parents() {
    Set<String> parents = new LinkedHashSet<>();
    parents.add(System.getProperty("java.io.tmpdir"));
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    if (runtime != null && !runtime.isEmpty()) {
      parents.add(runtime);
    }
    parents.add(System.getProperty("user.home") + "/.cache");
    return parents;
  }

  private static PrivateDirectory makeIn(Path parent) throws IOException {
    PrivateDirectory made =
        new PrivateDirectory(Files.createTempDirectory(parent, "vnet-", OWNER_ONLY));
    try {
      checkParent(parent, made.path);
      Path probe = Files.createFile(made.path.resolve("probe"), OWNER_ONLY);
      if (!Files.isExecutable(probe)) {
        throw new IOException("its files cannot be executed (mounted noexec)");
      }
      Files.delete(probe);
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /**
   * Checks the parent and all above it: whoever can write to one can rename its entries, unless the
   * sticky bit is set.
   */
  private static void checkParent(Path parent, Path made) throws IOException {
    int self = (int) Files.getAttribute(made, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Path itself = parent.toRealPath();
    for (Path at = itself; at != null; at = at.getParent()) {
      String which = at.equals(itself) ? "it" : at.toString();
      int mode = (int) Files.getAttribute(at, "unix:mode");
      if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
        throw new IOException("others may write there, and " + which + " has no sticky bit");
      }
      int owner = (int) Files.getAttribute(at, "unix:uid");
      if (owner != 0 && owner != self && (at.equals(itself) || owner != unmapped())) {
        throw new IOException(
            which
                + " belongs to another user (uid "
                + owner
                + "); set java.io.tmpdir to a directory of your own");
      }
    }
  }

  /**
   * Returns the uid that stands for all that a user namespace does not know, such as the machine's
   * root; -1 outside of one, where all are known.
   */
  private static int unmapped() {
    try (InputStream overflow = new FileInputStream("/proc/sys/kernel/overflowuid")) {
      String map = Files.readString(Path.of("/proc/self/uid_map")).strip();
      byte[] uid = new byte[16]; // in one read: the file has an end after the first
      int length = overflow.read(uid);
      return map.matches("0 +0 +4294967295")
          ? -1
          : Integer.parseInt(new String(uid, 0, length, StandardCharsets.US_ASCII).strip());
    } catch (IOException | RuntimeException e) {
      return -1; // no user namespaces here
    }
  }

  public Path path() {
    return path;
  }

  /**
   * Deletes the directory and its files; programs that run from them and mappings of them are not
   * affected.
   */
  @Override
  public void close() {
    if (path.toFile().delete()) {
      return; // it was empty: no descriptor is needed, of which there may be none
    }
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new VnetException("cannot delete " + path + ": " + e.getMessage(), e);
    }
  }
}
