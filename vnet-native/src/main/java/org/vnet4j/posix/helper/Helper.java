// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Fd;

/**
 * Does in a stack what the JVM must not: enters it, opens sockets, starts programs. Safe for use by
 * several threads; requests are answered one after the other. What the kernel refuses is a {@link
 * VnetException} with the {@link VnetException#kernelError() call that failed}.
 *
 * <p>The requests are those of {@code vnet-helper.h}.
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
   * @param stack where
   * @param kinds 1 to 16
   * @return as many sockets, close-on-exec; all or none
   */
  List<Fd> sockets(StackRef stack, List<SocketKind> kinds);

  /**
   * Opens one socket in a stack.
   *
   * @param stack where
   * @param kind what socket(2) is told
   * @return the socket, close-on-exec
   */
  default Fd socket(StackRef stack, SocketKind kind) {
    return sockets(stack, List.of(kind)).get(0);
  }

  /**
   * Starts a program. The error's call names the step that failed: {@code chdir}, {@code getpwnam},
   * {@code setuid}, {@code execve}.
   *
   * @param stack where
   * @param command what to run
   * @param stdio standard input, output and error; the caller still owns them
   * @return the process, which ends at the latest with the helper
   */
  Started exec(StackRef stack, Command command, List<Fd> stdio);

  /**
   * Sends a signal to a program it started.
   *
   * @param pid of {@link Started}
   * @param signal by number
   * @return false if the process has ended
   */
  boolean kill(int pid, int signal);

  /**
   * Reads a kernel setting of a stack.
   *
   * @param stack where
   * @param name on Linux a path below {@code /proc/sys} that begins with {@code net/}, on FreeBSD
   *     as of sysctl(8) or its numbers
   * @return the text of the file on Linux, the value's bytes on FreeBSD; native byte order
   */
  ByteBuffer sysctl(StackRef stack, String name);

  /**
   * Writes a kernel setting of a stack.
   *
   * @param stack where
   * @param name as in {@link #sysctl(StackRef, String)}
   * @param value text on Linux, the value's bytes on FreeBSD
   */
  void sysctl(StackRef stack, String name, byte[] value);

  /**
   * Makes a network namespace (Linux), and opens sockets in it at the same time.
   *
   * @param name bound in {@code /run/netns}, or empty for one without a name
   * @param persist true if it shall outlive the helper
   * @param kinds of sockets, 0 to 15
   * @return the namespace and as many sockets; all or nothing
   */
  Namespace createNamespace(String name, boolean persist, List<SocketKind> kinds);

  /**
   * Makes a network namespace (Linux).
   *
   * @param name bound in {@code /run/netns}, or empty for one without a name
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
   * @return the namespace
   */
  Fd openNamespace(String name);

  /**
   * Kills every process in some network namespaces, waits for that, and takes their names away
   * (Linux). A namespace itself goes with its last descriptor.
   *
   * @param namespaces 1 to 16. If one is not what its name is bound to nothing happens; when a name
   *     cannot be taken away those before it are gone
   */
  void removeNamespaces(List<Named> namespaces);

  /**
   * Removes one namespace, see {@link #removeNamespaces}.
   *
   * @param name in {@code /run/netns}, or empty
   * @param namespace what the name is bound to
   */
  default void removeNamespace(String name, Fd namespace) {
    removeNamespaces(List.of(new Named(name, namespace)));
  }

  /**
   * Tries whether a socket could be bound by a process in a stack (FreeBSD).
   *
   * @param stack where
   * @param kind of socket
   * @param address to bind it to
   * @param port 0 to 65535
   */
  void bind(StackRef stack, SocketKind kind, InetAddress address, int port);

  /**
   * Sends bytes on a socket with the helper's rights (Linux): a netlink request is checked against
   * those of the sender too.
   *
   * @param socket any socket
   * @param message from position to limit
   * @param patchAt where in the message the helper's number of a further descriptor is to stand
   * @param patch that descriptor, or null for none
   * @return how many bytes were taken
   */
  int send(Fd socket, ByteBuffer message, int patchAt, @Nullable Fd patch);

  /**
   * Makes a tap interface (Linux), which goes with its descriptor unless that is told {@code
   * TUNSETPERSIST}.
   *
   * @param stack where
   * @param name at most 15 characters, or empty for one the kernel chooses
   * @return its name and its descriptor
   */
  Tap tap(StackRef stack, String name);

  /**
   * Opens a packet filter device on an interface (FreeBSD), see bpf(4). It does not keep the
   * stack's jail from going.
   *
   * @param stack where the interface is
   * @param name of the interface
   * @param room bytes of each of its two buffers; what is more than the kernel allows is that
   * @return the device, bound, for reading without waiting
   */
  Fd bpf(StackRef stack, String name, int room);

  /**
   * Starts a process that does nothing but keep a jail alive that is not persistent (FreeBSD).
   *
   * @param jid the jail
   * @return its pid, for {@link #kill}
   */
  int anchor(int jid);

  /**
   * Gives an interface to a jail, by a process in the stack it is in (FreeBSD).
   *
   * @param stack where the interface is
   * @param name of the interface
   * @param jid of a jail below that stack's
   */
  void give(StackRef stack, String name, int jid);

  /**
   * Takes an interface back from a jail, by a process in the stack it is to come to (FreeBSD).
   *
   * @param stack where the interface is to go
   * @param name of the interface
   * @param jid of a jail below that stack's
   */
  void reclaim(StackRef stack, String name, int jid);

  /**
   * Arms something that the helper does when a time is up, or as soon as this process is gone: the
   * way back from a change that may cut its maker off. Nobody hears what came of it.
   *
   * @param delay until then, in milliseconds at the finest
   * @param what to do
   * @return its number, for {@link #cancel}
   */
  int later(Duration delay, Deferred what);

  /**
   * Disarms something.
   *
   * @param number of {@link #later}
   * @return false if it was done already
   */
  boolean cancel(int number);

  /**
   * Ends the helper with all it started, and waits for that; a second close does nothing. One that
   * is stopped or hangs is killed after a while, see {@link HelperProgram}.
   */
  @Override
  void close();

  /**
   * What to run.
   *
   * @param argv the program and its arguments; looked up in the environment's {@code PATH}
   * @param environment all of it
   * @param directory to start in, or null for the helper's
   * @param user to run as, or null for the helper's
   * @param hostname for it to see (Linux), or null for the helper's
   */
  record Command(
      List<String> argv,
      Map<String, String> environment,
      @Nullable String directory,
      @Nullable String user,
      @Nullable String hostname) {
    /** Copies the lists. */
    public Command {
      argv = List.copyOf(argv);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * A program that runs.
   *
   * @param pid its process id
   * @param status a pipe on which the status of wait(2) appears, 4 bytes; its owner closes it
   */
  record Started(int pid, Fd status) {}

  /**
   * A network namespace that was made.
   *
   * @param fd the namespace
   * @param sockets opened in it, in the order they were asked for
   */
  record Namespace(Fd fd, List<Fd> sockets) {}

  /**
   * A network namespace and its name.
   *
   * @param name in {@code /run/netns}, or empty
   * @param fd what the name is bound to
   */
  record Named(String name, Fd fd) {}

  /** What can be armed. */
  sealed interface Deferred {
    /**
     * Sends a message, of any length (Linux).
     *
     * @param socket that nobody else reads answers from
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
     * @param stack where
     * @param command what to run
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

  /** Tells that the helper is gone; what it kept is gone with it. */
  final class LostException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the helper.
     *
     * @param message which one, and how it ended
     */
    public LostException(String message) {
      super(message);
    }
  }
}
