// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.vnet4j.net.Errno.ECONNRESET;
import static org.vnet4j.net.Errno.ENOTCONN;
import static org.vnet4j.net.Errno.EPIPE;
import static org.vnet4j.net.Errno.ESRCH;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.net.IpText;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.HelperRequest.Op;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.MemoryFile;
import org.vnet4j.posix.libc.SocketAddress;
import org.vnet4j.spi.KernelErrors;

/**
 * Runs {@code vnet-helper} and exchanges requests and replies with it; see {@code protocol.h}.
 *
 * <p>A reply may take 30 seconds, or the number in the system property {@code
 * org.vnet4j.helper.patience}. The end of the helper may take 10 seconds, or that number if it is
 * less. A helper that takes longer, because it is stopped or hangs, is killed with all programs it
 * started.
 */
public final class HelperProgram implements Helper {
  private static final Logger LOG = LoggerFactory.getLogger(HelperProgram.class);
  static final int VERSION = 5;

  /** The system property for the seconds that a reply may take; 30 by default. */
  static final String PATIENCE = "org.vnet4j.helper.patience";

  /** The longest message to send that fits in a request, in bytes. */
  private static final int LONGEST_SENT = SeqPacketSocket.MAX_MESSAGE - 1024;

  /** The most seconds that the end of the helper may take. */
  private static final int LAST = 10;

  private final int patience = patience();
  private final HelperProcess process;
  private final SeqPacketSocket socket;
  private final ReentrantLock lock = new ReentrantLock();
  private final @Nullable Fd home;
  private int pid; // the keeper's, until the helper has greeted
  private boolean closed;
  private volatile boolean warned;
  private volatile boolean started;
  private @Nullable String lost;

  /**
   * Returns how long to wait for another process, at most.
   *
   * @return seconds: the system property {@code org.vnet4j.helper.patience}, or 30
   */
  public static int patience() {
    return Math.max(1, Integer.getInteger(PATIENCE, 30));
  }

  /** Reads the greeting of a helper at the other end of the socket; takes over the socket. */
  HelperProgram(HelperProcess process, SeqPacketSocket socket) {
    this.process = process;
    this.socket = socket;
    this.pid = process.pid();
    try {
      HelperReply hello = reply("start", "vnet-helper");
      if (!hello.whole()) {
        hello.descriptors().forEach(Fd::close);
        int errno = Errno.here().numberOf("EMFILE");
        throw KernelErrors.of(Errno.here().error("start", "vnet-helper", errno));
      }
      home = hello.descriptors().isEmpty() ? null : hello.descriptors().get(0);
      if (hello.value() != VERSION) {
        throw new VnetException(
            "vnet-helper speaks version "
                + hello.value()
                + ", not "
                + VERSION
                + ": see -D"
                + HelperBinary.PROPERTY);
      }
      pid = hello.data().getInt(0);
      warnOfUnset(hello.data().getInt(Integer.BYTES));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a helper in the stack of this process, the machine's own.
   *
   * @return a helper to be closed
   */
  public static HelperProgram own() {
    return start("own");
  }

  /**
   * Starts a helper in a new, empty stack (Linux), which ends with the helper. For an ordinary user
   * the helper runs in a user namespace, and is root there only.
   *
   * @return a helper to be closed
   * @throws Vnet.NotPermittedException if the kernel does not permit this user to do so
   */
  public static HelperProgram sandbox() {
    return start("sandbox");
  }

  /**
   * Writes the helper's program to a new file, which only its owner can read and execute. Started
   * by the name {@code lease-hook}, it acts as the script that a DHCP client calls.
   *
   * @param file a file that does not exist yet
   * @throws java.io.IOException if it cannot be written
   */
  public static void install(Path file) throws IOException {
    HelperBinary.install(file);
  }

  private static HelperProgram start(String mode) {
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    HelperProcess process;
    try (Fd theirs = pair.theirs()) {
      process = HelperBinary.spawn(mode, theirs);
    } catch (RuntimeException e) {
      pair.ours().close();
      throw e;
    }
    HelperProgram helper = new HelperProgram(process, pair.ours());
    LOG.debug("started {} as pid {}", mode, helper.pid());
    return helper;
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public @Nullable Fd home() {
    return home;
  }

  @Override
  public List<Fd> sockets(StackRef stack, List<SocketKind> kinds) {
    HelperRequest request = new HelperRequest(Op.SOCKETS, "socket in " + stack).stack(stack);
    return call(withKinds(request, kinds).handsOver(kinds.size())).descriptors();
  }

  private static HelperRequest withKinds(HelperRequest request, List<SocketKind> kinds) {
    request.a = kinds.size();
    for (SocketKind kind : kinds) {
      request.number(kind.domain()).number(kind.type()).number(kind.protocol());
    }
    return request;
  }

  @Override
  public Started exec(
      StackRef stack, Command command, List<Fd> stdio, Consumer<Started> meanwhile) {
    // If the status pipe does not arrive, the program is killed: its end could not be noticed.
    HelperRequest request = execRequest(stack, command, stdio).handsOver(2);
    HelperReply reply = call(request, pid -> kill(pid, Abi.SIGKILL));
    Started started = new Started(reply.value(), reply.descriptors().get(0));
    try (Fd failure = reply.descriptors().get(1)) {
      meanwhile.accept(started);
      StartReport.await(failure, request.subject, patience);
    } catch (RuntimeException | OutOfMemoryError e) {
      started.status().close();
      Failures.undo(e, () -> kill(started.pid(), Abi.SIGKILL));
      throw e;
    }
    return started;
  }

  private HelperRequest execRequest(StackRef stack, Command command, List<Fd> stdio) {
    started = true;
    String program = command.argv().isEmpty() ? "" : command.argv().get(0);
    HelperRequest request = new HelperRequest(Op.EXEC, program).stack(stack);
    request.a = command.argv().size();
    request.b = command.environment().size();
    request.string(orEmpty(command.directory()));
    request.string(command.user() instanceof User.InJail user ? user.name() : "");
    request.string(orEmpty(command.hostname()));
    command.argv().forEach(request::string);
    command.environment().forEach((name, value) -> request.string(name + "=" + value));
    if (command.user() instanceof User.Ids user) {
      request.number(user.uid()).number(user.gid());
      user.groups().forEach(request::number);
    }
    stdio.forEach(request::descriptor);
    return request;
  }

  @Override
  public boolean hasStarted() {
    return started;
  }

  @Override
  public boolean kill(int pid, int signal) {
    HelperRequest request = new HelperRequest(Op.KILL, "pid " + pid);
    request.a = pid;
    request.b = signal;
    return found(request);
  }

  private boolean found(HelperRequest request) {
    try {
      call(request);
      return true;
    } catch (VnetException e) {
      if (e.isErrno(ESRCH)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public ByteBuffer sysctl(StackRef stack, String name) {
    return call(new HelperRequest(Op.SYSCTL_READ, name).stack(stack).string(name)).data();
  }

  @Override
  public void sysctl(StackRef stack, String name, byte[] value) {
    call(new HelperRequest(Op.SYSCTL_WRITE, name).stack(stack).string(name).bytes(value));
  }

  @Override
  public Namespace createNamespace(String name, boolean persist, List<SocketKind> kinds) {
    HelperRequest request =
        new HelperRequest(Op.NS_CREATE, "namespace \"" + name + '"').string(name);
    request.persist(persist).handsOver(1 + kinds.size());
    HelperReply reply = call(withKinds(request, kinds), value -> removeNamespace(name));
    warnOfUnset(reply.value());
    return namespace(reply);
  }

  /** Warns once. */
  private void warnOfUnset(int settings) {
    if (settings > 0 && !warned) {
      warned = true;
      LOG.warn(
          "{} settings of a new stack cannot be set and are the machine's, such as forwarding:"
              + " /proc/sys is read-only, as in a container without --privileged",
          settings);
    }
  }

  private static Namespace namespace(HelperReply reply) {
    List<Fd> all = reply.descriptors();
    long cookie = reply.data().hasRemaining() ? reply.data().getLong(0) : Namespace.PLAIN_FILE;
    return new Namespace(all.get(0), cookie, all.subList(1, all.size()));
  }

  /** Removes a namespace after its descriptor was lost. */
  private void removeNamespace(String name) {
    if (!name.isEmpty()) {
      HelperRequest request = new HelperRequest(Op.NS_REMOVE, "namespace \"" + name + '"');
      request.a = 1;
      call(request.string(name));
    }
  }

  @Override
  public Namespace findNamespace(String name) {
    HelperRequest request = new HelperRequest(Op.NS_OPEN, "namespace \"" + name + '"');
    return namespace(call(request.string(name).handsOver(1)));
  }

  @Override
  public int removeNamespaces(List<Named> namespaces) {
    String subject =
        namespaces.size() == 1
            ? "namespace \"" + namespaces.get(0).name() + '"'
            : namespaces.size() + " namespaces";
    HelperRequest request = new HelperRequest(Op.NS_REMOVE, subject);
    request.a = namespaces.size();
    namespaces.forEach(one -> request.string(one.name()).descriptor(one.fd()));
    return call(request).value();
  }

  @Override
  public void bind(StackRef stack, SocketKind kind, InetAddress address, int port) {
    ByteBuffer sockaddr = ByteBuffer.allocate(SocketAddress.SIZE).order(ByteOrder.nativeOrder());
    byte[] bytes = new byte[SocketAddress.FREEBSD.write(sockaddr, address, port, 0)];
    sockaddr.get(0, bytes);
    String subject = IpText.of(address) + " port " + port;
    HelperRequest request = new HelperRequest(Op.BIND, subject).stack(stack);
    request.number(kind.domain()).number(kind.type()).number(kind.protocol()).bytes(bytes);
    call(request);
  }

  @Override
  public int send(Fd to, ByteBuffer message, int patchAt, @Nullable Fd patch) {
    byte[] bytes = new byte[message.remaining()];
    message.duplicate().get(bytes);
    if (bytes.length > LONGEST_SENT && patch == null) {
      try (Fd file = MemoryFile.of("message", bytes)) {
        HelperRequest request = new HelperRequest(Op.SEND, to.toString()).inFile();
        return call(request.descriptor(to).descriptor(file)).value();
      }
    }
    HelperRequest request = new HelperRequest(Op.SEND, to.toString()).bytes(bytes).descriptor(to);
    if (patch != null) {
      request.a = patchAt;
      request.descriptor(patch);
    }
    return call(request).value();
  }

  @Override
  public int later(Duration delay, Deferred what) {
    if (what instanceof Deferred.Send send) {
      try (Fd file = MemoryFile.of("message", send.message())) {
        HelperRequest request = new HelperRequest(Op.SEND, send.socket().toString()).inFile();
        return later(delay, request.descriptor(send.socket()).descriptor(file));
      }
    }
    if (what instanceof Deferred.SetOption option) {
      HelperRequest request = new HelperRequest(Op.SETSOCKOPT, option.socket().toString());
      request.a = option.level();
      request.b = option.name();
      return later(delay, request.bytes(option.value()).descriptor(option.socket()));
    }
    Deferred.Exec exec = (Deferred.Exec) what;
    return later(delay, execRequest(exec.stack(), exec.command(), exec.stdio()));
  }

  private int later(Duration delay, HelperRequest what) {
    HelperRequest request = new HelperRequest(Op.LATER, what.subject);
    request.a = (int) Math.min(Integer.MAX_VALUE, delay.toMillis());
    ByteBuffer message = what.message();
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    request.bytes(bytes);
    what.descriptors.forEach(request::descriptor);
    return call(request).value();
  }

  @Override
  public boolean cancel(int number) {
    HelperRequest request = new HelperRequest(Op.CANCEL, "later " + number);
    request.a = number;
    return found(request);
  }

  @Override
  public Tap tap(StackRef stack, String name) {
    HelperRequest request = new HelperRequest(Op.TAP, "tap " + name).stack(stack).string(name);
    HelperReply reply = call(request.handsOver(1), value -> settle());
    Fd fd = reply.descriptors().get(0);
    try {
      settle();
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
    return new Tap(StandardCharsets.UTF_8.decode(reply.data()).toString(), fd);
  }

  /**
   * Waits until the helper has closed its copies of what the last reply handed over: a tap exists
   * as long as any copy of its descriptor. Any answer to the next request proves it.
   */
  private void settle() {
    try {
      cancel(0);
    } catch (VnetException e) {
      if (e.kernelError().isEmpty()) {
        throw e;
      }
    }
  }

  @Override
  public Fd bpf(StackRef stack, String name, int room) {
    HelperRequest request = new HelperRequest(Op.BPF, name).stack(stack).string(name);
    request.handsOver(1).a = room;
    return call(request).descriptors().get(0);
  }

  @Override
  public int anchor(int jid) {
    return call(new HelperRequest(Op.ANCHOR, "jail " + jid).stack(StackRef.jail(jid))).value();
  }

  @Override
  public void give(StackRef stack, String name, int jid) {
    move(Op.GIVE, stack, name, jid, " -> jail ");
  }

  @Override
  public void reclaim(StackRef stack, String name, int jid) {
    move(Op.RECLAIM, stack, name, jid, " <- jail ");
  }

  private void move(Op op, StackRef stack, String name, int jid, String arrow) {
    HelperRequest request = new HelperRequest(op, name + arrow + jid).stack(stack).string(name);
    request.a = jid;
    call(request);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * Sends one request and waits for its reply, even if the thread is interrupted: the next request
   * depends on it.
   */
  private HelperReply call(HelperRequest request) {
    return call(request, value -> {});
  }

  /**
   * Sends one request; {@code undo} receives the value of a reply if some of its descriptors were
   * lost.
   */
  private HelperReply call(HelperRequest request, IntConsumer undo) {
    HelperReply reply = exchange(request);
    if (reply.whole()) {
      return reply;
    }
    reply.descriptors().forEach(Fd::close);
    int errno = Errno.here().numberOf("EMFILE");
    VnetException failure =
        KernelErrors.of(Errno.here().error(request.toString(), request.subject, errno));
    Failures.undo(failure, () -> undo.accept(reply.value()));
    throw failure;
  }

  private HelperReply exchange(HelperRequest request) {
    ByteBuffer message = request.message();
    if (message.remaining() > SeqPacketSocket.MAX_MESSAGE
        || request.descriptors.size() > SeqPacketSocket.MAX_DESCRIPTORS) {
      int errno = Errno.here().numberOf("E2BIG");
      throw KernelErrors.of(Errno.here().error(request.toString(), request.subject, errno));
    }
    lock.lock();
    try {
      if (closed) {
        throw new Vnet.ClosedException();
      }
      if (lost != null) {
        throw new LostException(lost);
      }
      int errno = socket.send(message, request.descriptors);
      KernelError error = Errno.here().error(request.toString(), request.subject, errno);
      if (error.isErrno(EPIPE, ECONNRESET, ENOTCONN)) {
        throw lose("is gone");
      }
      if (errno != 0) {
        throw KernelErrors.of(error);
      }
      HelperReply reply = reply(request.toString(), request.subject);
      if (reply.expected() != request.handsOver) {
        reply.descriptors().forEach(Fd::close);
        throw lose("was given up, its reply to " + request + " is none");
      }
      return reply;
    } finally {
      lock.unlock();
    }
  }

  private HelperReply reply(String request, String subject) {
    SeqPacketSocket.Message message = socket.receive(patience);
    if (message == null) {
      throw lose("did not answer for " + patience + " s and was given up (-D" + PATIENCE + ")", 0);
    }
    if (message.bytes().remaining() < HelperReply.SIZE) {
      message.descriptors().forEach(Fd::close);
      throw lose(message);
    }
    HelperReply reply = HelperReply.parse(message);
    if (reply.error() != 0) {
      reply.descriptors().forEach(Fd::close);
      throw KernelErrors.of(Errno.here().error(reply.call(), subject, reply.error()));
    }
    return reply;
  }

  /**
   * Ends the helper after a lost reply: the effect of the request is unknown, so the helper must
   * end with everything it holds.
   */
  private LostException lose(SeqPacketSocket.Message message) {
    if (message.errno() != 0) {
      KernelError error = Errno.here().error("recvmsg", "reply", message.errno());
      if (error.isErrno(ECONNRESET)) {
        return lose("is gone");
      }
      return lose("was given up, its reply did not arrive: " + error);
    }
    return lose(message.bytes().hasRemaining() ? "was given up, its reply is cut off" : "is gone");
  }

  private LostException lose(String how) {
    return lose(how, Math.min(LAST, patience));
  }

  private LostException lose(String how, int seconds) {
    socket.close();
    lost = "vnet-helper (pid " + pid + ") " + how + ": " + process.reap(seconds);
    return new LostException(lost);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      socket.close();
      process.reap(Math.min(LAST, patience));
      if (home != null) {
        home.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
