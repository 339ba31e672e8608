// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.net.Names;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.JailWatch;

/**
 * The jail registry of the machine: a file for each jail in {@code /run/vnet4j}, which only root
 * can read and which a reboot empties. Processes exclude one another by a lock on the file {@code
 * lock}.
 *
 * <p>A record without a namespace (removed by {@code ip netns}) is no longer a jail; it is deleted
 * when a new jail takes its name.
 */
public final class DirectoryRegistry implements JailRegistry {
  private static final Set<PosixFilePermission> ONLY_US =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  /** The lock file, closed at the end of each change. */
  static final String LOCK = "lock";

  private static final String SUFFIX = ".jail";
  private static final Set<OpenOption> LOCK_OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** The file lock excludes other processes, this lock other threads of this process. */
  private static final ReentrantLock TURN = new ReentrantLock();

  private final Path directory;
  private final Path namespaces;

  /** The device of the file system that contains namespaces. */
  private final Object device;

  public DirectoryRegistry(Path directory, Path namespaces) {
    this(directory, namespaces, Path.of("/proc/self/ns/net"));
  }

  /** Creates a registry that takes its namespaces to be on the device of a given file. */
  public DirectoryRegistry(Path directory, Path namespaces, Path namespace) {
    this.directory = directory;
    this.namespaces = namespaces;
    this.device = device(namespace);
  }

  private static Object device(Path file) {
    try {
      return Files.getAttribute(file, "unix:dev");
    } catch (IOException e) {
      return "none";
    }
  }

  @Override
  public List<JailRecord> list() {
    return records().stream().filter(this::isAlive).toList();
  }

  @Override
  public List<JailRecord> remains() {
    return records().stream().filter(jail -> !isAlive(jail)).toList();
  }

  /** Returns whether a namespace is mounted on the name's file; the file alone is no namespace. */
  private boolean isAlive(JailRecord jail) {
    try {
      Path name = namespaces.resolve(jail.name());
      return device.equals(Files.getAttribute(name, "unix:dev", LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isNamed(JailRecord jail) {
    return Files.exists(namespaces.resolve(jail.name()), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Watches the lock file, which every change of the registry closes, and the directory of names,
   * from which {@code ip netns} removes names without taking the lock.
   */
  @Override
  public JailWatch watch() {
    return DirectoryWatch.of(directory, namespaces);
  }

  @Override
  public void drop(JailRecord record, Runnable before) {
    inTurn(
        () -> {
          if (isEntered(record) && !isAlive(record)) {
            before.run();
            delete(record);
          }
          return record;
        });
  }

  private List<JailRecord> records() {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    List<JailRecord> jails = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).toList()) {
        JailRecord jail = read(file);
        if (jail != null) {
          jails.add(jail);
        }
      }
    } catch (IOException e) {
      throw failed("read", e);
    }
    jails.sort(Comparator.comparingInt(JailRecord::jid));
    return jails;
  }

  private static @Nullable JailRecord read(Path file) throws IOException {
    try {
      return JailRecord.parse(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is damaged: " + e.getMessage() + "; delete it", e);
    }
  }

  @Override
  public @Nullable JailRecord enter(JailSpec spec, String owner, Consumer<JailRecord> make) {
    return inTurn(
        () -> {
          for (JailRecord jail : records()) {
            if (jail.name().equals(spec.name())) {
              if (isNamed(jail)) {
                return null;
              }
              delete(jail);
            }
          }
          JailRecord record = MemoryRegistry.record(nextJid(), spec, owner);
          write(file(record.name()), record.lines());
          try {
            make.accept(record);
          } catch (RuntimeException e) {
            delete(record);
            throw e;
          }
          return record;
        });
  }

  private int nextJid() {
    Path file = directory.resolve("last-jid");
    try {
      int last = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
      write(file, List.of(Integer.toString(last + 1)));
      return last + 1;
    } catch (IOException | NumberFormatException e) {
      throw failed("read " + file + " of", e);
    }
  }

  @Override
  public void update(JailRecord record) {
    inTurn(
        () -> {
          if (isEntered(record)) {
            write(file(record.name()), record.lines());
          }
          return record;
        });
  }

  /** Returns whether the file of that name still belongs to that jail. */
  private boolean isEntered(JailRecord record) {
    try {
      JailRecord entered = read(file(record.name()));
      return entered != null && entered.jid() == record.jid();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  @Override
  public void remove(JailRecord record) {
    inTurn(
        () -> {
          if (isEntered(record)) {
            delete(record);
          }
          return record;
        });
  }

  private void delete(JailRecord record) {
    try {
      Files.deleteIfExists(file(record.name()));
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private Path file(String name) {
    return directory.resolve(Names.fullJailName(name) + SUFFIX); // a valid name has no slash
  }

  /** Writes a file so that others see it complete or not at all. */
  private void write(Path file, List<String> lines) {
    Path fresh = directory.resolve(file.getFileName() + ".new");
    try {
      Files.write(
          fresh,
          lines,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private <T> T inTurn(Supplier<T> work) {
    TURN.lock();
    // An interrupt would close the channel during the work; it is restored for the caller
    // afterwards.
    boolean interrupted = Thread.interrupted();
    try {
      prepare();
      while (true) {
        // Closing the channel releases the lock.
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), LOCK_OPTIONS)) {
          channel.lock();
          return work.get();
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } catch (IOException e) {
      throw failed("lock", e);
    } finally {
      TURN.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void prepare() throws IOException {
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ONLY_US));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
          || !Files.getPosixFilePermissions(directory).equals(ONLY_US)) {
        throw new IOException(directory + " is not a directory that only root may enter", e);
      }
    }
  }

  private VnetException failed(String what, Exception e) {
    return new VnetException(
        "cannot " + what + " the registry of jails " + directory + ": " + e.getMessage(), e);
  }
}
