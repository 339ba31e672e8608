// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.MemoryFile;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.libc.PrivateDirectory;
import org.vnet4j.spi.KernelErrors;

/** Starts the helper by posix_spawn(3): the one in the jar, or an installed one. */
public final class HelperBinary {
  /**
   * The system property that names an installed helper, to be used instead of the one in the jar.
   */
  static final String PROPERTY = "org.vnet4j.helper";

  /** The descriptor at which the helper expects its socket. */
  private static final int SOCKET = 3;

  /** More than the size of posix_spawn_file_actions_t: 80 bytes in glibc, a pointer on FreeBSD. */
  private static final int FILE_ACTIONS = 256;

  private HelperBinary() {}

  static HelperProcess spawn(String mode, Fd socket) {
    String installed = System.getProperty(PROPERTY);
    if (installed != null) {
      return start(installed, mode, socket);
    }
    byte[] program = HelperPlatform.here().program();
    if (Abi.here() == Abi.LINUX) {
      HelperProcess process = fromMemory(program, mode, socket);
      if (process != null) {
        return process;
      }
    }
    return fromFile(program, mode, socket);
  }

  /** Writes the program that {@link #spawn} would start to a new file. */
  public static void install(Path file) throws IOException {
    String installed = System.getProperty(PROPERTY);
    write(
        file,
        installed == null
            ? HelperPlatform.here().program()
            : Files.readAllBytes(Path.of(installed)));
  }

  /** Starts the helper without a file on disk; returns null if the system does not permit that. */
  private static @Nullable HelperProcess fromMemory(byte[] program, String mode, Fd socket) {
    try (Fd memory = MemoryFile.executable("vnet-helper", program)) {
      return memory.use(fd -> start("/proc/self/fd/" + fd, mode, socket));
    } catch (VnetException e) {
      return null;
    }
  }

  /** Starts the helper from a file that only this user can reach; the file is deleted at once. */
  private static HelperProcess fromFile(byte[] program, String mode, Fd socket) {
    try (PrivateDirectory directory = PrivateDirectory.make("the helper")) {
      Path file = directory.path().resolve("vnet-helper");
      write(file, program);
      return start(file.toString(), mode, socket);
    } catch (IOException e) {
      throw new VnetException(
          "the helper cannot be written: "
              + e.getMessage()
              + "; name an installed one with -D"
              + PROPERTY,
          e);
    }
  }

  private static void write(Path file, byte[] program) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PrivateDirectory.OWNER_ONLY)) {
      ByteBuffer bytes = ByteBuffer.wrap(program);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static HelperProcess start(String path, String mode, Fd socket) {
    Libc libc = Native.libc();
    Memory actions = Memory.allocate(FILE_ACTIONS);
    Memory file = Memory.of(path);
    Memory name = Memory.of("vnet-helper");
    Memory argument = Memory.of(mode);
    Memory argv = Memory.vector(List.of(name, argument));
    Memory envp = Memory.vector(List.of());
    Memory pid = Memory.allocate(Integer.BYTES);
    check(libc.posix_spawn_file_actions_init(actions.address()), path);
    try {
      int rc =
          socket.use(
              fd -> {
                check(libc.posix_spawn_file_actions_adddup2(actions.address(), fd, SOCKET), path);
                return libc.posix_spawn(
                    pid.address(),
                    file.address(),
                    actions.address(),
                    0,
                    argv.address(),
                    Pointer.wrap(Native.runtime(), envp.address()));
              });
      check(rc, path);
      return new HelperProcess(pid.bytes().getInt(0));
    } finally {
      libc.posix_spawn_file_actions_destroy(actions.address());
      List.of(actions, file, name, argument, argv, envp, pid).forEach(Memory::keep);
    }
  }

  private static void check(int errno, String path) {
    if (errno != 0) {
      KernelError error = Errno.here().error("posix_spawn", path, errno);
      throw KernelErrors.of(error);
    }
  }
}
