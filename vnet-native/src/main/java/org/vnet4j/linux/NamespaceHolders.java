// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.vnet4j.net.Names;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Native;

/**
 * Finds the programs that have a network namespace open, which keeps it although its name is gone.
 * Every user may open {@code /run/netns/NAME}. Programs of this program's user that have a Vnet do
 * not count: such a program closes the namespace when it next looks at the jail. A program of
 * another user counts, whatever it is called.
 */
final class NamespaceHolders {
  // From fcntl(2).
  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1024;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;

  private static final int SIGURG = 23;
  private static final int EAGAIN = 11;

  /** The last component of the path of the helper's program: in a file, and in memory. */
  private static final Set<String> HELPER = Set.of("vnet-helper", "memfd:vnet-helper (deleted)");

  /** How /proc shows the descriptor of a namespace: with its name, without, or by that of /proc. */
  private static final Pattern SHOWN = Pattern.compile("/run/netns/.*|/|net:.*");

  private NamespaceHolders() {}

  /**
   * Returns the other programs that have the namespace open, as {@code 4711 (sleep) of nobody}.
   * Looks at the descriptors of all programs only if there is one: the kernel grants a write lease
   * to whoever is the only one that has a file open (fs/locks.c, check_conflicting_open).
   */
  static List<String> of(Fd namespace) {
    return namespace.use(fd -> isShared(fd) ? find(fd) : List.of());
  }

  private static boolean isShared(int fd) {
    Libc libc = Native.libc();
    libc.fcntl(fd, F_SETSIG, SIGURG); // SIGIO, by which an open breaks a lease, would end the JVM
    if (libc.fcntl(fd, F_SETLEASE, F_WRLCK) != 0) {
      return Native.errno() == EAGAIN;
    }
    libc.fcntl(fd, F_SETLEASE, F_UNLCK);
    return false;
  }

  private static List<String> find(int fd) {
    try {
      Object identity = identity(Path.of("/proc/self/fd/" + fd));
      long self = ProcessHandle.current().pid();
      return ProcessHandle.allProcesses()
          .filter(process -> process.pid() != self && holds(process.pid(), identity))
          .filter(process -> !hasVnet(process))
          .map(NamespaceHolders::describe)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean hasVnet(ProcessHandle process) {
    return isOurs(process.info())
        && Stream.concat(Stream.of(process), process.children())
            .map(ProcessHandle::info)
            .anyMatch(one -> HELPER.contains(program(one)) && isOurs(one));
  }

  private static boolean isOurs(ProcessHandle.Info process) {
    Optional<String> user = process.user();
    return user.isPresent() && user.equals(ProcessHandle.current().info().user());
  }

  private static String program(ProcessHandle.Info process) {
    return process.command().map(path -> Path.of(path).getFileName().toString()).orElse("?");
  }

  private static boolean holds(long pid, Object identity) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return descriptors.anyMatch(
          descriptor -> {
            try {
              String text = Files.readSymbolicLink(descriptor).toString();
              return SHOWN.matcher(text).matches() && identity(descriptor).equals(identity);
            } catch (IOException e) {
              return false; // closed since the listing
            }
          });
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static Object identity(Path descriptor) throws IOException {
    return Files.readAttributes(descriptor, "unix:dev,ino");
  }

  private static String describe(ProcessHandle process) {
    ProcessHandle.Info info = process.info();
    String program = Names.visible(program(info));
    return process.pid() + " (" + program + ") of " + info.user().orElse("?");
  }
}
