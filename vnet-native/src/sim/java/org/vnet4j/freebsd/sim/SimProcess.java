// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import jnr.ffi.Pointer;
import org.vnet4j.freebsd.sim.ioctl.Bpf;
import org.vnet4j.freebsd.sim.ioctl.InterfaceIoctls;
import org.vnet4j.freebsd.sim.jail.JailOptions;
import org.vnet4j.freebsd.sim.net.RawSend;
import org.vnet4j.freebsd.sim.net.RouteRequests;
import org.vnet4j.freebsd.sys.FreeBsdLibc;

/** A process of the simulated machine: its system calls, privilege, jail and open descriptors. */
public final class SimProcess implements FreeBsdLibc {
  private static final long IOC_OUT = 0x40000000L;
  private static final long IOC_IN = 0x80000000L;
  private static final int POLLIN = 1;

  final SimKernel kernel;
  public Prison prison;
  private final int uid;
  private int pid;
  private final ThreadLocal<Integer> errno = ThreadLocal.withInitial(() -> 0);
  private final TreeMap<Integer, Descriptor> descriptors = new TreeMap<>();

  SimProcess(SimKernel kernel, Prison prison, int uid, int pid) {
    this.kernel = kernel;
    this.prison = prison;
    this.uid = uid;
    this.pid = pid;
  }

  /** Returns the error number of this thread's last call that returned -1. */
  public int errno() {
    return errno.get();
  }

  /** Sets the process id. */
  public void pid(int other) {
    pid = other;
  }

  /**
   * Ends the process. Its descriptors close; a jail that lives only by its processes is removed.
   */
  public void exit() {
    synchronized (kernel) {
      Prison left = prison;
      left.processes.remove(this);
      kernel.processes.remove(this);
      List.copyOf(descriptors.keySet()).forEach(fd -> descriptors.remove(fd).close());
      kernel.jails.processLeft(left);
      kernel.settle();
    }
  }

  /** Returns whether exec closes the descriptor. */
  public boolean closesOnExec(int fd) {
    return (descriptor(fd).flags & FreeBsdAbi.constant("FD_CLOEXEC")) != 0;
  }

  public void attach(Prison jail) {
    prison.processes.remove(this);
    prison = jail;
    prison.processes.add(this);
    kernel.tell(prison, "NOTE_JAIL_ATTACH", pid);
  }

  public void checkRoot() {
    if (uid != 0) {
      throw new SysError("EPERM");
    }
  }

  void checkHostRoot() {
    if (uid != 0 || prison.jid != 0) {
      throw new SysError("EPERM");
    }
  }

  int descriptors() {
    return descriptors.size();
  }

  public int open(Descriptor descriptor) {
    int fd = 3;
    while (descriptors.containsKey(fd)) {
      fd++;
    }
    descriptors.put(fd, descriptor);
    return fd;
  }

  public Descriptor descriptor(int fd) {
    Descriptor descriptor = descriptors.get(fd);
    if (descriptor == null) {
      throw new SysError("EBADF");
    }
    return descriptor;
  }

  private Descriptor.Socket socket(int fd) {
    if (descriptor(fd) instanceof Descriptor.Socket socket) {
      return socket;
    }
    throw new SysError("ENOTSOCK");
  }

  private Descriptor.RouteSocket routeSocket(int fd) {
    if (socket(fd) instanceof Descriptor.RouteSocket socket) {
      return socket;
    }
    throw new SysError("EOPNOTSUPP");
  }

  /** Makes a system call: a thrown error sets errno and returns -1. */
  private long call(String name, LongSupplier made) {
    synchronized (kernel) {
      try {
        kernel.enter(name);
        return made.getAsLong();
      } catch (SysError e) {
        errno.set(e.errno);
      } catch (SimKernel.InjectedFault e) {
        errno.set(e.errno);
      } finally {
        kernel.settle();
      }
      return -1;
    }
  }

  private int jail(String name, long iov, int niov, JailCall made) {
    return (int)
        call(
            name,
            () -> {
              JailOptions options = new JailOptions(iov, niov);
              try {
                return made.make(options);
              } catch (SysError e) {
                options.copyOutErrmsg(e.errmsg);
                throw e;
              }
            });
  }

  private interface JailCall {
    int make(JailOptions options);
  }

  @Override
  public int jail_set(long iov, int niov, int flags) {
    return jail("jail_set", iov, niov, options -> kernel.jailMaking.set(this, options, flags));
  }

  @Override
  public int jail_get(long iov, int niov, int flags) {
    return jail("jail_get", iov, niov, options -> kernel.jails.get(this, options, flags));
  }

  @Override
  public int jail_remove(int jid) {
    return (int)
        call(
            "jail_remove",
            () -> {
              kernel.jails.remove(this, jid);
              return 0;
            });
  }

  /** Decodes the argument's size and direction from the request number. */
  @Override
  public int ioctl(int fd, long request, long argument) {
    return (int)
        call(
            "ioctl:" + Long.toHexString(request),
            () -> {
              int size = (int) (request >> 16) & 0x1fff;
              byte[] bytes =
                  (request & IOC_IN) != 0 ? UserMemory.copyIn(argument, size) : new byte[size];
              if (descriptor(fd) instanceof Bpf bpf) {
                bpf.ioctl(request, bytes);
              } else {
                new InterfaceIoctls(this, socket(fd), bytes).handle(request);
              }
              if ((request & IOC_OUT) != 0) {
                UserMemory.copyOut(argument, bytes);
              }
              return 0;
            });
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return (int) call("socket", () -> open(prison, domain, type, protocol));
  }

  int receiveSocket(int jid, int domain, int type, int protocol) {
    return (int) call("helper", () -> open(attachable(jid), domain, type, protocol));
  }

  private Prison attachable(int jid) {
    Prison jail = kernel.prisons.get(jid);
    checkRoot();
    if (jail == null || !jail.alive || jid != 0 && !jail.isBelow(prison)) {
      throw new SysError("EINVAL");
    }
    return jail;
  }

  int receiveBpf(int jid, String name, int room) {
    return (int)
        call(
            "helper",
            () -> {
              Bpf device = new Bpf(attachable(jid).stack.get(name), room);
              device.flags = FreeBsdAbi.constant("FD_CLOEXEC");
              return open(device);
            });
  }

  private int open(Prison where, int domain, int type, int protocol) {
    int plain =
        type & ~(FreeBsdAbi.constant("SOCK_CLOEXEC") | FreeBsdAbi.constant("SOCK_NONBLOCK"));
    boolean route = domain == FreeBsdAbi.constant("PF_ROUTE");
    boolean inet =
        domain == FreeBsdAbi.constant("AF_INET")
            || domain == FreeBsdAbi.constant("AF_INET6")
            || domain == FreeBsdAbi.constant("AF_LOCAL");
    if (!route && !inet) {
      throw new SysError("EAFNOSUPPORT");
    }
    boolean raw = plain == FreeBsdAbi.constant("SOCK_RAW") && !route;
    if (raw) {
      checkRoot();
    }
    Descriptor.Socket socket =
        route
            ? new Descriptor.RouteSocket(where)
            : raw
                ? new Descriptor.RawSocket(where, domain, protocol)
                : new Descriptor.Socket(where, domain);
    boolean closes = (type & FreeBsdAbi.constant("SOCK_CLOEXEC")) != 0;
    socket.flags = closes ? FreeBsdAbi.constant("FD_CLOEXEC") : 0;
    return open(socket);
  }

  @Override
  public int close(int fd) {
    return (int)
        call(
            "close",
            () -> {
              descriptor(fd);
              descriptors.remove(fd).close();
              return 0;
            });
  }

  @Override
  public long read(int fd, long buffer, long size) {
    return call(
        "read",
        () -> {
          byte[] message =
              descriptor(fd) instanceof Bpf bpf ? bpf.read(size) : routeSocket(fd).take();
          if (message == null) {
            throw new SysError("EAGAIN");
          }
          int length = (int) Math.min(size, message.length);
          UserMemory.copyOut(buffer, message, length);
          return length;
        });
  }

  @Override
  public long write(int fd, long buffer, long size) {
    return call(
        "write",
        () -> {
          Descriptor.RouteSocket socket = routeSocket(fd);
          RouteRequests.write(this, socket.stack, UserMemory.copyIn(buffer, (int) size));
          return size;
        });
  }

  @Override
  public int bind(int fd, long address, int addressLength) {
    return (int)
        call(
            "bind",
            () -> {
              RawSend.bind(rawSocket(fd), UserMemory.copyIn(address, addressLength));
              return 0;
            });
  }

  @Override
  public long sendto(
      int fd, long buffer, long length, int flags, Pointer address, int addressLength) {
    return call(
        "sendto",
        () -> {
          byte[] sockaddr = UserMemory.copyIn(address.address(), addressLength);
          RawSend.send(rawSocket(fd), UserMemory.copyIn(buffer, (int) length), sockaddr);
          return length;
        });
  }

  @Override
  public long recvfrom(
      int fd, long buffer, long length, int flags, Pointer address, long addressLength) {
    return call(
        "recvfrom",
        () -> {
          Descriptor.Datagram datagram = rawSocket(fd).queue.poll();
          if (datagram == null) {
            throw new SysError("EAGAIN");
          }
          int size = (int) Math.min(length, datagram.bytes().length);
          UserMemory.copyOut(buffer, datagram.bytes(), size);
          int room = Math.min(UserMemory.getInt(addressLength), datagram.from().length);
          UserMemory.copyOut(address.address(), datagram.from(), room);
          UserMemory.putInt(addressLength, datagram.from().length);
          return size;
        });
  }

  private Descriptor.RawSocket rawSocket(int fd) {
    if (socket(fd) instanceof Descriptor.RawSocket socket) {
      return socket;
    }
    throw new SysError("EOPNOTSUPP");
  }

  /**
   * Waits until a packet or an event arrives or the timeout ends. Never waits for a route socket.
   */
  @Override
  public int poll(long fds, int nfds, int timeout) {
    return (int)
        call(
            "poll",
            () -> {
              long millis = kernel.hasTimeouts() ? timeout : Integer.MAX_VALUE;
              long deadline = System.nanoTime() + millis * 1_000_000L;
              int ready = ready(fds, nfds);
              while (ready == 0 && waitUntil(deadline, fds, nfds)) {
                ready = ready(fds, nfds);
              }
              return ready;
            });
  }

  private int ready(long fds, int nfds) {
    int ready = 0;
    for (int i = 0; i < nfds; i++) {
      byte[] pollfd = UserMemory.copyIn(fds + 8L * i, 8);
      Descriptor descriptor = descriptor(number(pollfd));
      boolean readable =
          descriptor instanceof Descriptor.RawSocket raw
              ? !raw.queue.isEmpty()
              : descriptor instanceof Bpf bpf
                  ? bpf.readable()
                  : descriptor instanceof Kqueue queue
                      ? queue.readable()
                      : routeSocket(number(pollfd)).readable();
      pollfd[6] = (byte) (readable ? POLLIN : 0);
      UserMemory.copyOut(fds + 8L * i, pollfd);
      ready += readable ? 1 : 0;
    }
    return ready;
  }

  private static int number(byte[] pollfd) {
    return pollfd[0] & 0xff | (pollfd[1] & 0xff) << 8;
  }

  /**
   * Releases the kernel until another call notifies; returns false after the deadline, or if no
   * descriptor can become ready.
   */
  private boolean waitUntil(long deadline, long fds, int nfds) {
    long left = deadline - System.nanoTime();
    boolean packets = false;
    for (int i = 0; i < nfds; i++) {
      byte[] pollfd = UserMemory.copyIn(fds + 8L * i, 8);
      Descriptor descriptor = descriptor(number(pollfd));
      packets |=
          descriptor instanceof Descriptor.RawSocket
              || descriptor instanceof Bpf
              || descriptor instanceof Kqueue;
    }
    if (left <= 0 || !packets) {
      return false;
    }
    boolean interrupted = Thread.interrupted(); // poll(2) has no interrupt of Java's
    try {
      java.util.concurrent.TimeUnit.NANOSECONDS.timedWait(kernel, left);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  @Override
  public int fcntl(int fd, int command, long argument) {
    return (int)
        call(
            "fcntl",
            () -> {
              Descriptor descriptor = descriptor(fd);
              if (command == FreeBsdAbi.constant("F_SETFD")) {
                descriptor.flags = (int) argument;
              } else if (command != FreeBsdAbi.constant("F_SETFL")) {
                throw new SysError("EINVAL");
              }
              return 0;
            });
  }

  @Override
  public int getsockopt(int fd, int level, int name, long value, long size) {
    return (int)
        call(
            "getsockopt",
            () -> {
              Stack stack = firewallSocket(fd, level, name).stack;
              byte[] request = UserMemory.copyIn(value, UserMemory.getInt(size));
              byte[] answer =
                  isDummynet(name)
                      ? stack.dummynet.get(this, request)
                      : kernel.ipfw(this, stack, request);
              UserMemory.copyOut(value, answer);
              UserMemory.putInt(size, answer.length);
              return 0;
            });
  }

  /**
   * Sets an option of the firewall or of the socket; ignores socket options without effect here.
   */
  @Override
  public int setsockopt(int fd, int level, int name, long value, int size) {
    return (int)
        call(
            "setsockopt",
            () -> {
              Descriptor.Socket socket = socket(fd);
              byte[] request = UserMemory.copyIn(value, size);
              if (level != FreeBsdAbi.constant("SOL_SOCKET")) {
                Stack stack = firewallSocket(fd, level, name).stack;
                if (isDummynet(name)) {
                  stack.dummynet.set(this, request);
                } else {
                  kernel.ipfw(this, stack, request);
                }
              }
              if (level == FreeBsdAbi.constant("SOL_SOCKET")
                  && name == FreeBsdAbi.constant("SO_RERROR")) {
                routeSocket(fd).tellsLoss = request[0] != 0;
              } else if (level == FreeBsdAbi.constant("SOL_SOCKET")
                  && socket instanceof Descriptor.RawSocket raw) {
                raw.option(name, UserMemory.getInt(value));
              }
              return 0;
            });
  }

  /**
   * Passes a raw socket to another process, as SCM_RIGHTS does: it receives a new socket in the
   * same stack.
   */
  public int passTo(SimProcess other, int fd) {
    synchronized (kernel) {
      return other.open(rawSocket(fd).another());
    }
  }

  private boolean isDummynet(int name) {
    return name == FreeBsdAbi.constant("IP_DUMMYNET3") && kernel.modules.isLoaded("dummynet");
  }

  private Descriptor.RawSocket firewallSocket(int fd, int level, int name) {
    if (level == 0
        && (name == FreeBsdAbi.constant("IP_FW3") || isDummynet(name))
        && socket(fd) instanceof Descriptor.RawSocket raw) {
      return raw;
    }
    throw new SysError("ENOPROTOOPT");
  }

  @Override
  public int kqueue() {
    return (int) call("kqueue", () -> open(new Kqueue(this)));
  }

  /** Applies the changes, then returns pending events. Never waits, whatever the timeout. */
  @Override
  public int kevent(
      int queue, long changes, int changeCount, long events, int eventCount, Pointer timeout) {
    return (int)
        call(
            "kevent",
            () -> {
              if (!(descriptor(queue) instanceof Kqueue found)) {
                throw new SysError("EBADF");
              }
              int size = FreeBsdAbi.size("kevent");
              for (int i = 0; i < changeCount; i++) {
                byte[] change = UserMemory.copyIn(changes + (long) size * i, size);
                found.change(new Struct("kevent", change));
              }
              List<byte[]> taken = found.take(eventCount);
              for (int i = 0; i < taken.size(); i++) {
                UserMemory.copyOut(events + (long) size * i, taken.get(i));
              }
              return taken.size();
            });
  }

  @Override
  public int sysctl(Pointer mib, int length, long old, long oldSize, long value, long valueSize) {
    return (int)
        call(
            "sysctl",
            () -> {
              int[] numbers = new int[length];
              for (int i = 0; i < length; i++) {
                numbers[i] = UserMemory.getInt(mib.address() + 4L * i);
              }
              kernel.sysctls.byNumber(this, numbers, old, oldSize, value, valueSize);
              return 0;
            });
  }

  @Override
  public int sysctlbyname(long name, long old, long oldSize, long value, long valueSize) {
    return (int)
        call(
            "sysctlbyname",
            () -> {
              String text = UserMemory.copyInString(name, 1024);
              kernel.sysctls.byName(this, text, old, oldSize, value, valueSize);
              return 0;
            });
  }

  @Override
  public int kldload(long file) {
    return (int)
        call(
            "kldload",
            () -> {
              int id = kernel.modules.load(this, UserMemory.copyInString(file, 1024));
              if (kernel.modules.isLoaded("ipfw") && kernel.host().stack.ipfw == null) {
                kernel.startIpfw();
              }
              return id;
            });
  }

  @Override
  public int kldfind(long file) {
    return (int)
        call("kldfind", () -> kernel.modules.findFile(UserMemory.copyInString(file, 1024)));
  }

  @Override
  public int kldunload(int id) {
    return (int)
        call(
            "kldunload",
            () -> {
              kernel.modules.unload(this, id);
              return 0;
            });
  }

  @Override
  public int kldnext(int id) {
    return (int) call("kldnext", () -> kernel.modules.next(id));
  }

  @Override
  public int kldstat(int id, long stat) {
    return (int)
        call(
            "kldstat",
            () -> {
              kernel.modules.stat(id, stat);
              return 0;
            });
  }

  @Override
  public int modfind(long module) {
    return (int)
        call("modfind", () -> kernel.modules.findModule(UserMemory.copyInString(module, 32)));
  }

  @Override
  public int kenv(int action, long name, long value, int size) {
    return (int) call("kenv", () -> kernel.kenv.call(this, action, name, value, size));
  }

  @Override
  public int getpid() {
    return pid;
  }
}
