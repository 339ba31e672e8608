// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.net.Names;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.libc.Native;
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
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryRegistry.class);

  private static final Set<PosixFilePermission> ONLY_US =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  static final FileAttribute<Set<PosixFilePermission>> ONLY_ROOT =
      PosixFilePermissions.asFileAttribute(ONLY_US);

  /** The lock file, closed at the end of each change. */
  static final String LOCK = "lock";

  private static final String LAST = "last-jid";
  private static final int UNKNOWN = -1;
  private static final String SUFFIX = ".jail";
  private static final String NEW = ".new";
  private static final Set<OpenOption> LOCK_OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** The file lock excludes other processes, this lock other threads of this process. */
  private static final ReentrantLock TURN = new ReentrantLock();

  private final Path directory;
  private final Path namespaces;

  private final KnownJails known = new KnownJails();

  /** The damaged records, and what was logged of them. */
  private final Map<Path, String> damaged = new ConcurrentHashMap<>();

  /** The device of the file system that contains namespaces. */
  private final Object device;

  /** The interval of scans without an event. */
  private final Duration watched;

  public DirectoryRegistry(Path directory, Path namespaces) {
    this(directory, namespaces, Path.of("/proc/self/ns/net"));
  }

  /** Creates a registry that takes its namespaces to be on the device of a given file. */
  public DirectoryRegistry(Path directory, Path namespaces, Path namespace) {
    this(directory, namespaces, namespace, DirectoryWatch.WATCHED);
  }

  /** Creates one that also has its own interval of scans without an event. */
  public DirectoryRegistry(Path directory, Path namespaces, Path namespace, Duration watched) {
    this.directory = directory;
    this.namespaces = namespaces;
    this.device = device(namespace);
    this.watched = watched;
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
  public Optional<JailRecord> find(String name) {
    return entered(name).filter(this::isAlive);
  }

  /** Reads one file; reads all if another program may have created the jail. */
  @Override
  public Optional<JailRecord> find(int jid) {
    String name = known.name(jid);
    Optional<JailRecord> found = name == null ? Optional.empty() : entered(name);
    if (found.filter(jail -> jail.jid() == jid).isPresent()) {
      return found.filter(this::isAlive);
    }
    known.forget(jid);
    return known.isComplete(lastJid()) ? Optional.empty() : JailRegistry.super.find(jid);
  }

  /** Reads the files of those jails; reads all if another program may have created some. */
  @Override
  public List<JailRecord> below(String name) {
    if (!known.isComplete(lastJid())) {
      records();
    }
    List<JailRecord> jails = new ArrayList<>();
    for (String one : known.below(name)) {
      readOrWarn(file(one)).filter(this::isAlive).ifPresent(jails::add);
    }
    jails.sort(Comparator.comparingInt(JailRecord::jid));
    return jails;
  }

  /** Counts only if the known jails, and those that others may have created, could be too many. */
  @Override
  public boolean hasRoom(JailRecord jail) {
    return known.mostBelow(jail.name(), lastJid()) < jail.childrenMax()
        || JailRegistry.super.hasRoom(jail);
  }

  @Override
  public List<JailRecord> remains() {
    deleteUnfinished();
    return records().stream().filter(jail -> !isAlive(jail)).toList();
  }

  @Override
  public Optional<JailRecord> remains(String name) {
    return readOrWarn(file(name)).filter(jail -> !isAlive(jail));
  }

  /** Deletes the files that a killed program was writing. */
  private void deleteUnfinished() {
    File[] files = directory.toFile().listFiles((parent, name) -> name.endsWith(NEW));
    if (files != null && files.length > 0) {
      inTurn( // so that nobody is writing them
          () -> {
            for (File file : files) {
              LOG.debug("{} is deleted: {}", file, file.delete());
            }
            return files;
          });
    }
  }

  /**
   * Returns whether the jail's namespace is mounted on the name's file. The file alone is no
   * namespace, and another namespace is not the jail's.
   */
  private boolean isAlive(JailRecord jail) {
    Optional<String> inode = namespace(jail.name());
    return inode.filter(jail::hasInode).isPresent();
  }

  /** Returns the inode of the namespace with a name; empty if none has it. */
  private Optional<String> namespace(String name) {
    try {
      Map<String, Object> file =
          Files.readAttributes(namespaces.resolve(name), "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
      return device.equals(file.get("dev"))
          ? Optional.of(file.get("ino").toString())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
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
    return DirectoryWatch.of(directory, namespaces, watched);
  }

  @Override
  public void drop(JailRecord record, Runnable before) {
    inTurn(
        () -> {
          if (isEntered(record) && !isAlive(record)) {
            if (namespace(record.name()).isEmpty()) {
              before.run();
            }
            delete(record);
          }
          return record;
        });
  }

  /** Reads the records of all jails, in the order of their jids. */
  private List<JailRecord> records() {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    int last = lastJid();
    List<JailRecord> jails = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.getFileName().toString().endsWith(SUFFIX)) {
          readOrWarn(file).ifPresent(jails::add);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw failed("read", e);
    }
    // A file that is replaced during the scan may be missing in it, see readdir(3).
    known.missing(jails).forEach(name -> readOrWarn(file(name)).ifPresent(jails::add));
    jails.sort(Comparator.comparingInt(JailRecord::jid));
    damaged.keySet().removeIf(file -> Files.notExists(file, LinkOption.NOFOLLOW_LINKS));
    known.listed(jails, damaged.isEmpty() ? last : 0);
    return jails;
  }

  /** Leaves out a damaged record: the other jails are none the worse. */
  private Optional<JailRecord> readOrWarn(Path file) {
    try {
      Optional<JailRecord> record = read(file);
      damaged.remove(file);
      return record;
    } catch (DamagedException e) {
      if (!String.valueOf(e.getMessage()).equals(damaged.put(file, e.getMessage()))) {
        LOG.warn("{}", e.getMessage());
      }
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Reads a file without a channel, which an interrupt of the thread would close. */
  private static Optional<JailRecord> read(Path file) throws IOException {
    String name = file.getFileName().toString();
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      JailRecord record = JailRecord.parse(text.lines().toList());
      if (!name.equals(record.name() + SUFFIX)) {
        throw new IllegalArgumentException("the name in it is " + record.name());
      }
      return Optional.of(record);
    } catch (FileNotFoundException e) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new DamagedException(
          "the record " + file + " is damaged (" + e.getMessage() + "); delete it", e);
    }
  }

  private Optional<JailRecord> entered(String name) {
    try {
      return read(file(name));
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  @Override
  public @Nullable JailRecord enter(JailSpec spec, String owner, ToLongFunction<JailRecord> make) {
    return inTurn(
        () -> {
          Optional<JailRecord> before = entered(spec.name());
          if (before.filter(this::isNamed).isPresent()) {
            return null;
          }
          before.ifPresent(this::delete);
          JailRecord record = MemoryRegistry.record(nextJid(), spec, owner);
          write(file(record.name()), record.lines());
          try {
            long cookie = make.applyAsLong(record);
            String inode = namespace(record.name()).orElse("0");
            JailRecord whole = record.namespace(inode, cookie);
            append(file(record.name()), whole.lastLine());
            known.created(whole);
            return whole;
          } catch (RuntimeException e) {
            delete(record);
            throw e;
          }
        });
  }

  private int nextJid() {
    int last = lastJid();
    if (last == UNKNOWN) {
      List<JailRecord> all = records();
      last = all.isEmpty() ? 0 : all.get(all.size() - 1).jid();
    }
    Path file = directory.resolve(LAST);
    if (last == Integer.MAX_VALUE) {
      throw new VnetException(
          "no jid is left: " + file + " says " + last + "; reboot, or remove all jails and it");
    }
    write(file, List.of(Integer.toString(last + 1)));
    return last + 1;
  }

  /** Returns the last jid that any program took, or UNKNOWN if the file is missing or damaged. */
  private int lastJid() {
    try (FileInputStream in = new FileInputStream(directory.resolve(LAST).toFile())) {
      return Integer.parseInt(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException | NumberFormatException e) {
      return UNKNOWN;
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
    return entered(record.name()).filter(entered -> entered.jid() == record.jid()).isPresent();
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
      known.forget(record.jid());
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private Path file(String name) {
    return directory.resolve(Names.fullJailName(name) + SUFFIX); // a valid name has no slash
  }

  /** Writes a file so that others see it complete or not at all. */
  private void write(Path file, List<String> lines) {
    Path fresh = directory.resolve(file.getFileName() + NEW);
    try {
      write(fresh, String.join("\n", lines) + '\n', false);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      VnetException failure = failed("write", e);
      Failures.undo(failure, () -> fresh.toFile().delete());
      throw failure;
    }
  }

  private void append(Path file, String line) {
    try {
      write(file, line + '\n', true);
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  /** Writes without a channel, which an interrupt of the thread would close. */
  private static void write(Path file, String text, boolean append) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile(), append)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Does some work while no other thread and no other process changes the registry.
   *
   * @throws Vnet.InterruptException if the thread is interrupted and the lock is not free
   * @throws VnetException if the lock is not free for as long as the helper's patience
   */
  private <T> T inTurn(Supplier<T> work) {
    // The flag would close the channel of the lock; it is restored for the caller afterwards.
    boolean interrupted = Thread.interrupted();
    Waiting waiting = new Waiting(interrupted);
    try {
      while (!TURN.tryLock()) {
        waiting.more("another thread of this program");
      }
      try {
        prepare();
        // Closing the channel releases the lock.
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), LOCK_OPTIONS)) {
          while (!locked(channel)) {
            waiting.more(null);
          }
          return work.get();
        }
      } catch (IOException e) {
        throw failed("lock", e);
      } finally {
        TURN.unlock();
      }
    } finally {
      if (waiting.interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The JDK refuses at once what another copy of this class in this JVM has locked. */
  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Waits for the lock, for a limited time. */
  private final class Waiting {
    private static final long INTERRUPTIBLE_NANOS = 100_000_000L;

    private final long begin = System.nanoTime();
    private final int patience = HelperProgram.patience();
    boolean interrupted;

    Waiting(boolean interrupted) {
      this.interrupted = interrupted;
    }

    /** Waits a moment, or gives up. */
    void more(@Nullable String holder) {
      long waited = System.nanoTime() - begin;
      if (interrupted && waited > INTERRUPTIBLE_NANOS) {
        throw new Vnet.InterruptException("the registry of jails " + directory + " was locked");
      }
      if (waited > TimeUnit.SECONDS.toNanos(patience)) {
        throw new VnetException(
            "the registry of jails "
                + directory
                + " is locked for "
                + patience
                + " s by "
                + (holder == null ? holder() : holder)
                + "; end it, or wait longer: -Dorg.vnet4j.helper.patience");
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }

    /** Looks up in /proc/locks, see proc(5), which process has locked the file. */
    private String holder() {
      try {
        String inode = Files.getAttribute(directory.resolve(LOCK), "unix:ino").toString();
        for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
          String[] fields = line.strip().split("\\s+");
          if (fields.length > 5 && fields[5].endsWith(":" + inode) && !fields[1].equals("->")) {
            return fields[4].equals("-1")
                ? "a process of another container"
                : "process " + fields[4];
          }
        }
      } catch (IOException e) {
        LOG.debug("/proc/locks: {}", e.toString());
      }
      return "a process that cannot be seen here";
    }
  }

  private void prepare() throws IOException {
    try {
      Files.createDirectory(directory, ONLY_ROOT);
    } catch (FileAlreadyExistsException e) {
      PosixFileAttributes found =
          Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      int owner = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      if (!found.isDirectory()
          || !found.permissions().equals(ONLY_US)
          || owner != Native.libc().geteuid()) {
        throw new IOException(directory + " is not a directory that only root may enter", e);
      }
    }
  }

  private VnetException failed(String what, Exception e) {
    return new VnetException(
        "cannot " + what + " the registry of jails " + directory + ": " + e.getMessage(), e);
  }

  private static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
