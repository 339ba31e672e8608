// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import static org.vnet4j.linux.netlink.LinuxErrno.EAGAIN;
import static org.vnet4j.posix.libc.Abi.EINTR;
import static org.vnet4j.posix.libc.Abi.ENOENT;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.libc.Wakeup;
import org.vnet4j.spi.JailWatch;
import org.vnet4j.spi.KernelErrors;

/**
 * Signals that the set of jails may have changed: watches the registry and the directory with the
 * names of the namespaces, see inotify(7). Keeps no events, only that there were some; so an
 * overflow of the queue costs one scan.
 */
public final class DirectoryWatch implements JailWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

  private static final int IN_CLOSE_WRITE = 0x8;
  private static final int IN_MOVED_FROM = 0x40;
  private static final int IN_MOVED_TO = 0x80;
  private static final int IN_CREATE = 0x100;
  private static final int IN_DELETE = 0x200;
  private static final int IN_ONLYDIR = 0x1000000;
  private static final int IN_NONBLOCK = 0x800;
  private static final int IN_CLOEXEC = 0x80000;

  /**
   * The events that signal a change, in the registry and in the directory of names. A change of the
   * registry is complete when its lock file is closed: by then the namespace exists or is removed.
   */
  private static final int[] MASKS = {IN_CLOSE_WRITE, IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO};

  /** Offsets in {@code struct inotify_event} of the mask and of the length of the name. */
  private static final int MASK = 4;

  private static final int LENGTH = 12;
  private static final int HEADER = 16;

  /**
   * The interval of scans while both directories are watched: a name may be unmounted and remain as
   * a file, without an event.
   */
  public static final Duration WATCHED = Duration.ofSeconds(10);

  private static final Duration UNWATCHED = Duration.ofSeconds(1);

  /** The most reads of the queue before a scan. */
  private static final int MOST = 64;

  private final Fd inotify;
  private final Wakeup wakeup;
  private final List<Path> directories;
  private final Set<String> names;
  private final int[] numbers;
  private final Memory buffer = Memory.allocate(64 * 1024);
  private final Duration watched;
  private Duration patience;
  private boolean complained;
  private volatile boolean closed;

  private DirectoryWatch(Fd inotify, Path registry, Path namespaces, Duration watched) {
    this.watched = watched;
    this.patience = watched;
    this.inotify = inotify;
    this.wakeup = Wakeup.of(inotify);
    this.directories = List.of(registry, namespaces);
    this.names = Set.of(registry.getFileName().toString(), namespaces.getFileName().toString());
    this.numbers = new int[directories.size()];
    watchAll();
  }

  /**
   * Watches both directories; signals every second instead if the system has no watches left.
   *
   * @param watched the interval of scans without an event, while both are watched
   */
  public static JailWatch of(Path registry, Path namespaces, Duration watched) {
    int number = Native.libc().inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return of(number < 0 ? -Native.errno() : number, registry, namespaces, watched);
  }

  /** Creates a watch from the result of inotify_init1(2): a descriptor or the negative errno. */
  public static JailWatch of(int number, Path registry, Path namespaces, Duration watched) {
    if (number < 0) {
      complain(Errno.LINUX.error("inotify_init1", "the jails of the machine", -number));
      return JailWatch.polling(UNWATCHED);
    }
    return new DirectoryWatch(Fd.owning(number), registry, namespaces, watched);
  }

  private static void complain(KernelError error) {
    LOG.warn(
        "{}: jails of other programs are looked for every second; more room:"
            + " sysctl fs.inotify.max_user_instances, fs.inotify.max_user_watches",
        error);
  }

  /**
   * Watches each directory; for a missing one, watches its parent until it appears. Adding a watch
   * again changes nothing, and shows whether it is still the same directory.
   *
   * @return whether a directory is watched that was not watched before
   */
  private boolean watchAll() {
    boolean fresh = false;
    patience = watched;
    for (int i = 0; i < numbers.length; i++) {
      int number = watch(directories.get(i), MASKS[i]);
      if (number < 0 && number != -ENOENT) {
        patience = UNWATCHED;
        if (!complained) {
          complained = true;
          complain(Errno.LINUX.error("inotify_add_watch", directories.get(i).toString(), -number));
        }
      }
      fresh |= number > 0 && number != numbers[i];
      numbers[i] = number;
    }
    return fresh;
  }

  private int watch(Path directory, int mask) {
    int number = add(directory, mask);
    if (number == -ENOENT) {
      int parent = add(directory.getParent(), IN_CREATE);
      number = parent < 0 ? parent : add(directory, mask);
    }
    return number;
  }

  /** Returns the number of the watch, or the negative errno. */
  private int add(Path directory, int mask) {
    Memory path = Memory.of(directory.toString());
    int number =
        inotify.use(
            fd -> {
              int n = Native.libc().inotify_add_watch(fd, path.address(), mask | IN_ONLYDIR);
              return n < 0 ? -Native.errno() : n;
            });
    path.keep();
    return number;
  }

  @Override
  public void await() {
    try {
      if (!watchAll()) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!closed && !happensUntil(deadline)) {}
      }
    } catch (VnetException e) {
      if (!closed) { // if it is closed meanwhile, the wait simply ends
        throw e;
      }
    }
  }

  /**
   * Waits for the next event. Returns true if it signals a change, at the deadline, or after a
   * wake-up.
   */
  private boolean happensUntil(long deadline) {
    long left = Math.max(0, deadline - System.nanoTime());
    if (!wakeup.awaitInput(inotify, Duration.ofNanos(left))) {
      wakeup.clear();
      return true;
    }
    boolean worth = readAll();
    if (worth) {
      watchAll();
    }
    return worth;
  }

  private boolean readAll() {
    boolean worth = false;
    for (int i = 0; i < MOST; i++) {
      int length = inotify.use(this::read);
      if (length == -EAGAIN) {
        break;
      } else if (length > 0) {
        worth |= isWorthALook(buffer.bytes(), length, names);
      } else if (length != -EINTR) {
        throw KernelErrors.of(Errno.LINUX.error("read", "inotify", -length));
      }
    }
    return worth;
  }

  private int read(int fd) {
    long n = Native.libc().read(fd, buffer.address(), buffer.bytes().capacity());
    return n < 0 ? -Native.errno() : (int) n;
  }

  /**
   * Returns whether some of the events signal a change. A file written within a change does not,
   * nor does another file created beside an awaited directory; an overflow of the queue does.
   */
  static boolean isWorthALook(ByteBuffer events, int length, Set<String> directories) {
    int at = 0;
    while (at + HEADER <= length) {
      int mask = events.getInt(at + MASK);
      int room = events.getInt(at + LENGTH);
      if (room < 0 || room > length - at - HEADER) {
        return true;
      }
      String name = name(events, at + HEADER, room);
      boolean midst = (mask & IN_CLOSE_WRITE) != 0 && !name.equals(DirectoryRegistry.LOCK);
      boolean stranger = (mask & IN_CREATE) != 0 && !directories.contains(name);
      if (!midst && !stranger) {
        return true;
      }
      at += HEADER + room;
    }
    return false;
  }

  private static String name(ByteBuffer events, int at, int room) {
    int end = at;
    while (end < at + room && events.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    events.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void wake() {
    if (!closed) {
      wakeup.wake();
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      wakeup.wake();
      inotify.close();
      wakeup.close();
    }
  }
}
