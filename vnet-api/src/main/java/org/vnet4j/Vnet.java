// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.event.Events;
import org.vnet4j.net.Shaping;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.VnetProvider;

/**
 * Entry point: opens the machine's network stacks.
 *
 * <p>{@link #open()} works on the machine itself and needs root. {@link #sandbox()} gives a host
 * that is a fresh, empty stack of its own: nothing done there touches the machine, and all of it is
 * removed on {@link #close()}, also when this program is killed.
 *
 * <p>A {@code Vnet} and all handles got from it may be used by several threads at once. Each call
 * happens as a whole or not at all; no lock of ours is held between two calls, so what one thread
 * learned another may have changed by the time it acts. It then gets a typed error, such as {@link
 * NetInterface.NotFoundException} or {@link Jail.NotFoundException}; and what it was asked to add
 * or delete may be there or removed already ({@link Jail.NameTakenException}, {@link
 * NetInterface.NameTakenException}, {@link NetInterface.BusyException}, {@link
 * NetInterface.AddressNotFoundException}, those of {@link Routes} and of rules). No other error
 * reaches the loser of a race, also where another {@code Vnet} or program was faster. Making and
 * removing jails excludes, for its duration, what makes, moves, renames or destroys interfaces
 * through this {@code Vnet}; all else continues side by side. Several {@code Vnet}s and several
 * processes may work on one machine: names are given out by the kernel, one at a time. Builders,
 * {@link Transaction} and {@link Sweep} are for one thread at a time. Handles hold no state of the
 * kernel: each question is asked anew.
 *
 * <p>A thread that is interrupted finishes the call it is in, and stays interrupted; only what
 * waits for others, such as a DHCP lease, a ping or a topology whose cables come up, gives up with
 * {@link InterruptException} within a fraction of a second, and takes back what it did. {@link
 * #close} by another thread ends such waits too, with {@link ClosedException}; programs end,
 * streams of events complete, captures are over.
 */
public final class Vnet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Vnet.class);

  private final Kernel kernel;
  private final Host host;
  private final Map<Integer, Jail> jails = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final JailFeed.Open jailFeeds = new JailFeed.Open();

  /**
   * Read-locked while an interface changes, write-locked while a jail is created or removed; guards
   * the location maps.
   */
  private final ReentrantReadWriteLock locations = new ReentrantReadWriteLock();

  private Vnet(Kernel kernel) {
    this.kernel = kernel;
    this.host = new Host(this);
  }

  /**
   * Opens the machine's own stacks.
   *
   * @return the stacks, to be closed by the caller
   * @throws NotPermittedException without root
   * @throws UnsupportedException if no provider serves this machine, or the kernel has no VNET
   */
  public static Vnet open() {
    return builder().open();
  }

  /**
   * Opens a fresh, empty stack as the host, away from the machine's own network. Also for ordinary
   * users where the kernel lets them (Linux: user namespaces).
   *
   * @return the stacks, to be closed by the caller
   * @throws NotPermittedException if the kernel does not let this user
   * @throws UnsupportedException if no provider serves this machine, or the kernel has no VNET
   */
  public static Vnet sandbox() {
    return builder().sandbox();
  }

  /**
   * Returns a builder with the defaults of {@link #open()} and {@link #sandbox()}.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the host: the stack everything starts from.
   *
   * @return the same object at every call
   */
  public Host host() {
    return host;
  }

  /**
   * Lists all jails, those of other programs too.
   *
   * @return handles in the order of their jids; each prints what {@code jls -v} shows of it
   */
  public List<Jail> jails() {
    return jls().stream().map(this::handle).toList();
  }

  /**
   * Reads all jails at once, as jls(8) does.
   *
   * @return in the order of their jids
   */
  public List<JailInfo> jls() {
    return kernel().jails().list();
  }

  /**
   * Looks a jail up by name.
   *
   * @param name its full name, such as {@code outer.inner}
   * @return empty if there is none
   */
  public Optional<Jail> findJail(String name) {
    return kernel().jails().find(name).map(this::handle);
  }

  /**
   * Looks a jail up by number.
   *
   * @param jid its number
   * @return empty if there is none
   */
  public Optional<Jail> findJail(int jid) {
    return kernel().jails().find(jid).map(this::handle);
  }

  /**
   * Lists the cables there are, those of other programs too, if both ends are in stacks that this
   * sees. Linux reports which ends belong together. FreeBSD does not: there those are found that
   * any {@code Vnet} made, and those whose ends have the names that ifconfig(8) gave them, such as
   * {@code epair0a} and {@code epair0b}, and no others have.
   *
   * @return each once, those of the host first; which end is {@code a} says nothing
   */
  public List<Epair> epairs() {
    return kernel().epairs().stream()
        .map(one -> new Epair(stack(one.aJid()).iface(one.a()), stack(one.bJid()).iface(one.b())))
        .toList();
  }

  /**
   * Publishes which jails are created and removed from the moment of a subscription on, whoever
   * made or removed them. Where the kernel says when (Linux by inotify(7), FreeBSD 15 by kqueue(2))
   * they are reported some 20 ms later; FreeBSD 13 and 14, and a system that has no more room for
   * such a watch, are asked every second for what other programs do. A jail that lives shorter than
   * that may never be reported. Each subscription has a daemon thread of its own, on which the
   * subscriber is called; it completes when this is closed.
   *
   * @return events for any number who listen: a {@link Flow.Publisher}, or {@link Events#open()}
   */
  public Events<JailEvent> events() {
    return new Events<>("jails", () -> new JailFeed(this, jailFeeds));
  }

  /**
   * Destroys many cables at once: far faster than one after the other where the kernel waits for
   * its readers after each (on Linux 0.1 ms each in place of 17).
   *
   * @param cables of this Vnet; those that no longer exist are no error, and of the others whose
   *     ends a are in one stack all go or none
   */
  public void destroy(Collection<Epair> cables) {
    Map<NetworkStack, List<Epair>> byStack =
        cables.stream()
            .filter(cable -> !cable.a().location().isGone())
            .collect(
                Collectors.groupingBy(
                    cable -> cable.a().location().last().stack(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    byStack.forEach(
        (stack, some) ->
            whileNoJailChanges(
                () -> {
                  destroy(stack, some);
                  some.forEach(Epair::gone);
                }));
  }

  /**
   * If some no longer exist, the kernel destroys none of the others; a second request destroys
   * those.
   */
  private void destroy(NetworkStack stack, List<Epair> cables) {
    try {
      List<String> names = cables.stream().map(one -> one.a().nameIn(stack)).toList();
      change(
          "ifconfig destroy " + names.size() + " epairs",
          stack,
          () -> stack.driver().interfaces().destroy(names));
    } catch (NetInterface.NotFoundException | Jail.NotFoundException e) {
      List<Epair> there = cables.stream().filter(one -> one.a().exists()).toList();
      if (there.size() == cables.size()) {
        throw e;
      }
      if (!there.isEmpty()) {
        destroy(stack, there);
      }
    }
  }

  /**
   * Returns the kernel's modules.
   *
   * @return the modules
   */
  public Modules modules() {
    return new Modules(this);
  }

  /**
   * Returns the kernel environment.
   *
   * @return the environment
   */
  public Kenv kenv() {
    return new Kenv(this);
  }

  /**
   * Begins a transaction: a block that takes back what was made in it unless it reaches its end.
   *
   * @return a transaction for a try-with-resources
   */
  public Transaction transaction() {
    return new Transaction();
  }

  /**
   * Begins a sweep: removes what programs left behind that were killed.
   *
   * @return a sweep that ends in {@link Sweep#run} or {@link Sweep#dryRun}
   */
  public Sweep sweep() {
    return new Sweep(this);
  }

  /**
   * Returns what this kernel can do.
   *
   * @return an immutable set
   */
  public Set<Capability> capabilities() {
    return kernel().capabilities();
  }

  /**
   * Returns whether this kernel can do something.
   *
   * @param capability what is asked for
   * @return true if it can
   */
  public boolean has(Capability capability) {
    return capabilities().contains(capability);
  }

  /**
   * Returns a short description of the kernel for error reports.
   *
   * @return such as {@code Linux 6.1.0 x86_64}
   */
  public String kernelVersion() {
    return kernel().version();
  }

  /**
   * Removes the jails that do not persist and, of a sandbox, everything; interfaces that were lent
   * to them are at home again. Idempotent.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      jailFeeds.close();
      kernel.close();
    }
  }

  /**
   * Says whose stacks these are.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return closed.get() ? "Vnet (closed)" : "Vnet on " + kernel.version();
  }

  Kernel kernel() {
    if (closed.get()) {
      throw new ClosedException();
    }
    return kernel;
  }

  void require(Capability capability) {
    if (!has(capability)) {
      throw new UnsupportedException(
          capability, kernel.version(), kernel.remedy(capability).orElse(null));
    }
  }

  void requireFor(Shaping shaping) {
    Capability.neededFor(shaping).forEach(this::require);
  }

  /** Changes the kernel; writes a line to the log. */
  void change(String what, NetworkStack where, Runnable change) {
    change(() -> what, where, change);
  }

  /** As {@link #change(String, NetworkStack, Runnable)}, for a change that has a result. */
  <T> T change(String what, NetworkStack where, Supplier<T> change) {
    kernel();
    long start = System.nanoTime();
    T result = change.get();
    if (LOG.isDebugEnabled()) {
      log(what, where, start);
    }
    return result;
  }

  /** As {@link #change(String, NetworkStack, Runnable)}, with words that only the log asks for. */
  void change(Supplier<String> what, NetworkStack where, Runnable change) {
    kernel();
    long start = System.nanoTime();
    change.run();
    if (LOG.isDebugEnabled()) {
      log(what.get(), where, start);
    }
  }

  private static void log(String what, NetworkStack where, long start) {
    LOG.debug("{}: {} ({} us)", where.name(), what, (System.nanoTime() - start) / 1000);
  }

  /** Creates, moves or destroys interfaces; no jail is created or removed meanwhile. */
  <T> T whileNoJailChanges(Supplier<T> work) {
    return locked(locations.readLock(), work);
  }

  /** As {@link #whileNoJailChanges(Supplier)}, for work without a result. */
  void whileNoJailChanges(Runnable work) {
    locked(locations.readLock(), asSupplier(work));
  }

  /** Creates or removes a jail; no interface is created, moved or destroyed meanwhile. */
  <T> T exclusively(Supplier<T> work) {
    assert locations.getReadHoldCount() == 0 : "this thread would wait for its own read lock";
    try {
      return locked(locations.writeLock(), work);
    } finally {
      jailFeeds.wake();
    }
  }

  /** As {@link #exclusively(Supplier)}, for work without a result. */
  void exclusively(Runnable work) {
    exclusively(asSupplier(work));
  }

  private static Supplier<Boolean> asSupplier(Runnable work) {
    return () -> {
      work.run();
      return true;
    };
  }

  private static <T> T locked(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  Jail handle(JailInfo info) {
    return handle(info.jid(), info.name());
  }

  Jail handle(int jid, String name) {
    return jails.compute(
        jid,
        (key, known) ->
            known != null && known.name().equals(name) ? known : new Jail(this, jid, name));
  }

  NetworkStack stack(int jid) {
    return jid == Kernel.HOST
        ? host
        : jails.computeIfAbsent(
            jid,
            key ->
                new Jail(
                    this,
                    key,
                    kernel().jails().find(key).map(JailInfo::name).orElse("jail " + key)));
  }

  @Nullable Jail known(int jid) {
    return jails.get(jid);
  }

  List<Jail> descendants(String parent) {
    return jails.values().stream().filter(jail -> jail.name().startsWith(parent + ".")).toList();
  }

  void forget(Jail jail) {
    jails.remove(jail.jid(), jail);
  }

  /** What to open, and how. */
  public static final class Builder {
    private String application = "vnet4j";
    private final EnumSet<Capability> without = EnumSet.noneOf(Capability.class);

    private Builder() {
      String disabled = System.getProperty("org.vnet4j.disable", "");
      for (String name : disabled.split(",")) {
        if (!name.isBlank()) {
          without.add(capability(name.strip()));
        }
      }
    }

    private static Capability capability(String name) {
      try {
        return Capability.valueOf(name.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "system property org.vnet4j.disable: \""
                + name
                + "\" is none of "
                + List.of(Capability.values()),
            e);
      }
    }

    /**
     * Names the application: part of the owner's mark on all that is made.
     *
     * @param name 1 to 32 letters, digits, dots, hyphens or underscores
     * @return this
     */
    public Builder application(String name) {
      if (!name.matches("[A-Za-z0-9._-]{1,32}")) {
        throw new IllegalArgumentException(
            "application \"" + name + "\": 1 to 32 letters, digits, '.', '-' or '_'");
      }
      application = name;
      return this;
    }

    /**
     * Treats the kernel as if it could not do these things.
     *
     * @param capabilities what to switch off
     * @return this
     */
    public Builder without(Capability... capabilities) {
      without.addAll(List.of(capabilities));
      return this;
    }

    /**
     * Opens the machine's own stacks; see {@link Vnet#open()}.
     *
     * @return the stacks
     */
    public Vnet open() {
      return open(false);
    }

    /**
     * Opens a sandbox; see {@link Vnet#sandbox()}.
     *
     * @return the stacks
     */
    public Vnet sandbox() {
      return open(true);
    }

    private Vnet open(boolean sandbox) {
      List<String> reasons = new ArrayList<>();
      for (VnetProvider provider : ServiceLoader.load(VnetProvider.class)) {
        Optional<String> reason = provider.unavailable();
        if (reason.isPresent()) {
          reasons.add(provider.kernelName() + ": " + reason.get());
        } else {
          return new Vnet(provider.open(new OpenRequest(sandbox, application, without)));
        }
      }
      throw new UnsupportedException(
          reasons.isEmpty()
              ? "no provider found: put vnet-native on the class path or module path"
              : "no provider serves this machine; " + String.join("; ", reasons));
    }
  }

  /** This Vnet was closed. */
  public static final class ClosedException extends VnetException {
    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public ClosedException() {
      super("this Vnet is closed; open another");
    }
  }

  /**
   * The thread was interrupted while it waited for others. It still is; what it had begun was taken
   * back.
   */
  public static final class InterruptException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param what the thread did, such as {@code pinging 192.0.2.2}
     */
    public InterruptException(String what) {
      super("interrupted while " + what);
    }
  }

  /** The system gives this process no more threads. */
  public static final class NoThreadException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param name of the thread that was to be started
     * @param cause what the JVM said
     */
    public NoThreadException(String name, Throwable cause) {
      super(
          "pthread_create "
              + name
              + ": EAGAIN ("
              + cause.getMessage()
              + "); raise the limit of processes: ulimit -u, or pids.max of the control group",
          cause);
    }
  }

  /** The kernel refused for want of privilege. */
  public static final class NotPermittedException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     * @param hint how to get the privilege
     */
    public NotPermittedException(KernelError error, @Nullable String hint) {
      super(error, hint);
    }
  }

  /** The machine or its kernel cannot do this. */
  public static final class UnsupportedException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message what is missing and how to get it
     */
    public UnsupportedException(String message) {
      super(message);
    }

    /**
     * Makes the error.
     *
     * @param error the refused call
     * @param hint how to get what is missing, or null
     */
    public UnsupportedException(KernelError error, @Nullable String hint) {
      super(error, hint);
    }

    UnsupportedException(Capability capability, String kernel, @Nullable String remedy) {
      super(
          kernel
              + " has no "
              + capability
              + " (or it was switched off); Vnet.has(Capability."
              + capability
              + ") tells beforehand"
              + (remedy == null ? "" : "; " + remedy));
    }
  }
}
