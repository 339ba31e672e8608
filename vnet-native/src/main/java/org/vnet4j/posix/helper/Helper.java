// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Fd;

/**
 * The helper: a process that performs in a stack what the JVM must not do itself. It enters the
 * stack, opens sockets and starts programs there. Safe for use by several threads; requests are
 * answered one after the other. An error of the kernel is thrown as a {@link VnetException} with
 * the {@link VnetException#kernelError() call that failed}.
 *
 * <p>The requests are those of {@code protocol.h}.
 */
public interface Helper extends AutoCloseable {

  /**
   * Returns the helper's process id.
   *
   * @return the pid
   */
  long pid();

  /**
   * Returns the namespace of the helper's own stack.
   *
   * @return on Linux the namespace, which the helper owns; null on FreeBSD
   */
  @Nullable Fd home();

  /**
   * Opens sockets in a stack.
   *
   * @param stack the stack
   * @param kinds 1 to 16
   * @return one socket for each kind, close-on-exec; on an error none is opened
   */
  List<Fd> sockets(StackRef stack, List<SocketKind> kinds);

  /**
   * Opens one socket in a stack.
   *
   * @param stack the stack
   * @param kind the arguments of socket(2)
   * @return the socket, close-on-exec
   */
  default Fd socket(StackRef stack, SocketKind kind) {
    return sockets(stack, List.of(kind)).get(0);
  }

  /**
   * Starts a program and waits until it runs. The error's call names the step that failed: {@code
   * chdir}, {@code setuid}, {@code execve}. A program that does not run for as long as a reply may
   * take, since somebody stops it or its directory does not answer, is killed: ETIMEDOUT.
   *
   * @param stack the stack
   * @param command the program to run
   * @param stdio standard input, output and error; the caller still owns them
   * @param meanwhile receives the process before it is known whether the program runs: work that
   *     takes no time beside that wait. If it does not run, its status is closed
   * @return the process, which ends with the helper at the latest
   * @throws Vnet.InterruptException if the thread is interrupted meanwhile; the program is killed
   */
  Started exec(StackRef stack, Command command, List<Fd> stdio, Consumer<Started> meanwhile);

  /**
   * Starts a program, see {@link #exec(StackRef, Command, List, Consumer)}.
   *
   * @param stack the stack
   * @param command the program to run
   * @param stdio standard input, output and error; the caller still owns them
   * @return the process
   */
  default Started exec(StackRef stack, Command command, List<Fd> stdio) {
    return exec(stack, command, stdio, started -> {});
  }

  /**
   * Returns whether the helper may have started a program.
   *
   * @return false if it has certainly started none
   */
  default boolean hasStarted() {
    return true;
  }

  /**
   * Sends a signal to a program that the helper started.
   *
   * @param pid of {@link Started}
   * @param signal its number
   * @return false if the process has ended
   */
  boolean kill(int pid, int signal);

  /**
   * Reads a kernel setting of a stack.
   *
   * @param stack the stack
   * @param name on Linux a path below {@code /proc/sys} that begins with {@code net/}; on FreeBSD a
   *     name of sysctl(8) or its numbers
   * @return the text of the file on Linux, the value's bytes on FreeBSD; native byte order
   */
  ByteBuffer sysctl(StackRef stack, String name);

  /**
   * Writes a kernel setting of a stack.
   *
   * @param stack the stack
   * @param name as in {@link #sysctl(StackRef, String)}
   * @param value text on Linux, the value's bytes on FreeBSD
   */
  void sysctl(StackRef stack, String name, byte[] value);

  /**
   * Creates a network namespace (Linux) and opens sockets in it.
   *
   * @param name bound in {@code /run/netns}, or empty for a namespace without a name
   * @param persist true if it shall outlive the helper
   * @param kinds of sockets, 0 to 15
   * @return the namespace and one socket for each kind; on an error nothing is created
   */
  Namespace createNamespace(String name, boolean persist, List<SocketKind> kinds);

  /**
   * Creates a network namespace (Linux).
   *
   * @param name bound in {@code /run/netns}, or empty for a namespace without a name
   * @param persist true if it shall outlive the helper
   * @return the namespace
   */
  default Fd createNamespace(String name, boolean persist) {
    return createNamespace(name, persist, List.of()).fd();
  }

  /**
   * Opens a network namespace by its name (Linux).
   *
   * @param name in {@code /run/netns}
   * @return the namespace, without sockets
   */
  Namespace findNamespace(String name);

  /**
   * Opens a network namespace by its name (Linux).
   *
   * @param name in {@code /run/netns}
   * @return the namespace
   */
  default Fd openNamespace(String name) {
    return findNamespace(name).fd();
  }

  /**
   * Kills every process in some network namespaces, waits until they are dead, and removes the
   * names of the namespaces (Linux). The kernel destroys a namespace when its last descriptor is
   * closed. A process of which only some threads are in the namespaces is left alone.
   *
   * @param namespaces 1 to 16. If one of them is not bound to its name, nothing is done. If a name
   *     cannot be removed, those before it are already removed
   * @return how many processes are left: they only visit, or are killed and do not end
   */
  int removeNamespaces(List<Named> namespaces);

  /**
   * Removes one namespace, see {@link #removeNamespaces}.
   *
   * @param name in {@code /run/netns}, or empty
   * @param namespace the namespace bound to the name
   * @return how many processes are left: they only visit, or are killed and do not end
   */
  default int removeNamespace(String name, Fd namespace) {
    return removeNamespaces(List.of(new Named(name, namespace)));
  }

  /**
   * Checks whether a process in a stack could bind a socket (FreeBSD).
   *
   * @param stack the stack
   * @param kind of socket
   * @param address the address to bind to
   * @param port 0 to 65535
   */
  void bind(StackRef stack, SocketKind kind, InetAddress address, int port);

  /**
   * Sends bytes on a socket with the helper's privileges (Linux): the kernel also checks those of
   * the sender of a netlink request.
   *
   * @param socket any socket
   * @param message from position to limit
   * @param patchAt the position in the message at which the helper inserts its number of a further
   *     descriptor
   * @param patch that descriptor, or null for none
   * @return the number of bytes sent
   */
  int send(Fd socket, ByteBuffer message, int patchAt, @Nullable Fd patch);

  /**
   * Creates a tap interface (Linux). The kernel destroys it when its descriptor is closed, unless
   * {@code TUNSETPERSIST} is set on it.
   *
   * @param stack the stack
   * @param name at most 15 characters, or empty to let the kernel choose
   * @return its name and its descriptor
   */
  Tap tap(StackRef stack, String name);

  /**
   * Opens a packet filter device on an interface (FreeBSD), see bpf(4). An open device does not
   * keep a removed jail from dying.
   *
   * @param stack the stack of the interface
   * @param name of the interface
   * @param room the size in bytes of each of its two buffers, reduced to the kernel's maximum
   * @return the device, bound and non-blocking, for reading
   */
  Fd bpf(StackRef stack, String name, int room);

  /**
   * Starts a process that only keeps a jail alive that is not persistent (FreeBSD).
   *
   * @param jid the jail
   * @return its pid, for {@link #kill}
   */
  int anchor(int jid);

  /**
   * Lends an interface to a jail, from a process in the stack of the interface (FreeBSD).
   *
   * @param stack the stack of the interface
   * @param name of the interface
   * @param jid of a jail below that stack's
   */
  void give(StackRef stack, String name, int jid);

  /**
   * Takes an interface back from a jail, by a process in the stack to which it returns (FreeBSD).
   *
   * @param stack the stack to which the interface returns
   * @param name of the interface
   * @param jid of a jail below that stack's
   */
  void reclaim(StackRef stack, String name, int jid);

  /**
   * Arms an action that the helper performs after a delay, or as soon as this process has ended: it
   * reverts a change that may cut off its maker. The result of the action is not reported.
   *
   * @param delay the time until then, with a resolution of milliseconds
   * @param what the action
   * @return its number, for {@link #cancel}
   */
  int later(Duration delay, Deferred what);

  /**
   * Cancels an action.
   *
   * @param number the number that {@link #later} returned
   * @return false if the action was already performed
   */
  boolean cancel(int number);

  /**
   * Ends the helper with all programs it started, and waits for that; a second close does nothing.
   * A helper that is stopped or hangs is killed after a while, see {@link HelperProgram}.
   */
  @Override
  void close();

  /**
   * A program to start.
   *
   * @param argv the program and its arguments; searched in the {@code PATH} of the environment
   * @param environment all of it
   * @param directory the working directory, or null for the helper's
   * @param user the user to run as, or null for the helper's
   * @param hostname the hostname that it sees (Linux), or null for the helper's
   */
  record Command(
      List<String> argv,
      Map<String, String> environment,
      @Nullable String directory,
      @Nullable User user,
      @Nullable String hostname) {
    /** Copies the lists. */
    public Command {
      argv = List.copyOf(argv);
      environment = Map.copyOf(environment);
    }
  }

  /** The user that a program runs as. */
  sealed interface User {
    /**
     * A user as the kernel knows it.
     *
     * @param uid the user id
     * @param gid the group id
     * @param groups the further groups
     */
    record Ids(int uid, int gid, List<Integer> groups) implements User {
      /** Copies the list. */
      public Ids {
        groups = List.copyOf(groups);
      }
    }

    /**
     * A user of the jail, which the program looks up after it entered the jail (FreeBSD): a jail
     * with a root directory of its own has users of its own.
     *
     * @param name of the user
     */
    record InJail(String name) implements User {}
  }

  /**
   * A program that was started.
   *
   * @param pid its process id
   * @param status a pipe on which the helper writes the status of wait(2), 4 bytes; the receiver
   *     closes it
   */
  record Started(int pid, Fd status) {}

  /**
   * A network namespace that was created or found.
   *
   * @param fd the namespace
   * @param cookie identifies it for ever (SO_NETNS_COOKIE); 0 before Linux 5.14, {@link
   *     #PLAIN_FILE} if the file found is no namespace
   * @param sockets opened in it, in the order of the request
   */
  record Namespace(Fd fd, long cookie, List<Fd> sockets) implements AutoCloseable {
    /** The cookie of a file to which no namespace is bound. */
    public static final long PLAIN_FILE = -1;

    /** Closes all descriptors. */
    @Override
    public void close() {
      fd.close();
      sockets.forEach(Fd::close);
    }
  }

  /**
   * A network namespace and its name.
   *
   * @param name in {@code /run/netns}, or empty
   * @param fd the namespace bound to the name
   */
  record Named(String name, Fd fd) {}

  /** An action that the helper performs later. */
  sealed interface Deferred {
    /**
     * Sends a message, of any length (Linux).
     *
     * @param socket from which nobody else reads replies
     * @param message the bytes
     */
    record Send(Fd socket, byte[] message) implements Deferred {}

    /**
     * Sets a socket option, see setsockopt(2).
     *
     * @param socket the socket
     * @param level such as IPPROTO_IP
     * @param name the option
     * @param value its bytes
     */
    record SetOption(Fd socket, int level, int name, byte[] value) implements Deferred {}

    /**
     * Starts a program, as {@link Helper#exec} does.
     *
     * @param stack the stack
     * @param command the program to run
     * @param stdio standard input, output and error
     */
    record Exec(StackRef stack, Command command, List<Fd> stdio) implements Deferred {}
  }

  /**
   * A tap interface.
   *
   * @param name of the interface
   * @param fd reads and writes Ethernet frames
   */
  record Tap(String name, Fd fd) {}

  /** Thrown when the helper has ended; everything it held has ended with it. */
  final class LostException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message names the helper and how it ended
     */
    public LostException(String message) {
      super(message);
    }
  }
}
