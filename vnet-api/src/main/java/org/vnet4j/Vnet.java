// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
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
 * <p>{@link #open()} works on the machine itself and needs root. {@link #sandbox()} uses a new,
 * empty stack as the host stack: nothing done there changes the machine, and {@link #close()}
 * destroys it all, as does the end of this program, even by a kill.
 *
 * <p>A {@code Vnet} and all its handles are thread-safe. Each call takes effect as a whole or not
 * at all. No lock is held between two calls, so another thread may change what a thread has read
 * before it acts. The call then throws a typed error, such as {@link
 * NetInterface.NotFoundException} or {@link Jail.NotFoundException}; or the object to add exists
 * already, or the object to delete no longer exists ({@link Jail.NameTakenException}, {@link
 * NetInterface.NameTakenException}, {@link NetInterface.BusyException}, {@link
 * NetInterface.AddressNotFoundException}, those of {@link Routes} and of rules). The loser of a
 * race gets no other errors, also if another {@code Vnet} or program won it. While a jail is
 * created or removed, calls that create, move, rename or destroy interfaces through this {@code
 * Vnet} wait; all other calls run in parallel. Several {@code Vnet}s and several processes may work
 * on one machine: the kernel assigns each name once. Builders, {@link Transaction} and {@link
 * Sweep} are not thread-safe. Handles cache no state of the kernel: each call reads it again.
 *
 * <p>An interrupted thread finishes its current call and stays interrupted. Only calls that wait,
 * such as for a DHCP lease, a ping or the links of a topology, throw {@link InterruptException}
 * within a fraction of a second, after they have undone their changes. {@link #close} by another
 * thread ends such waits with {@link ClosedException}. It also ends programs, event streams and
 * captures.
 */
public final class Vnet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Vnet.class);

  private final Kernel kernel;
  private final Host host;
  private final Map<Integer, Jail> jails = new ConcurrentHashMap<>();
  private final NavigableMap<String, Jail> byName = new ConcurrentSkipListMap<>();
  private final Closing closing;
  private final JailFeed.Open jailFeeds = new JailFeed.Open();

  /**
   * Read-locked while an interface changes, write-locked while a jail is created or removed; guards
   * the location maps.
   */
  private final ReentrantReadWriteLock locations = new ReentrantReadWriteLock();

  private Vnet(Kernel kernel) {
    this.kernel = kernel;
    this.host = new Host(this);
    this.closing = new Closing(kernel, locations.writeLock());
  }

  /**
   * Opens the machine's own stacks.
   *
   * @return the entry point, which the caller closes
   * @throws NotPermittedException without root
   * @throws UnsupportedException if no provider supports this machine, or the kernel lacks VNET
   */
  public static Vnet open() {
    return builder().open();
  }

  /**
   * Opens a new, empty stack as the host stack, separate from the machine's own network. Ordinary
   * users may do so if the kernel permits it (Linux: user namespaces).
   *
   * @return the entry point, which the caller closes
   * @throws NotPermittedException if the kernel does not permit it to this user
   * @throws UnsupportedException if no provider supports this machine, or the kernel lacks VNET
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
   * Returns the host stack.
   *
   * @return the same object at every call
   */
  public Host host() {
    return host;
  }

  /**
   * Lists all jails, including those of other programs.
   *
   * @return handles in the order of their jids; each prints as in {@code jls -v}
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
   * Finds a jail by name.
   *
   * @param name its full name, such as {@code outer.inner}
   * @return the jail, empty if it does not exist
   */
  public Optional<Jail> findJail(String name) {
    return kernel().jails().find(name).map(this::handle);
  }

  /**
   * Finds a jail by jid.
   *
   * @param jid its jid
   * @return the jail, empty if it does not exist
   */
  public Optional<Jail> findJail(int jid) {
    return kernel().jails().find(jid).map(this::handle);
  }

  /**
   * Lists the epairs of all programs that have both ends in stacks of this {@code Vnet}. Linux
   * reports which ends belong together. FreeBSD does not: there this finds the epairs that any
   * {@code Vnet} created, and pairs of ends with the names that ifconfig(8) gives, such as {@code
   * epair0a} and {@code epair0b}, if those names are unique.
   *
   * @return each epair once, those of the host stack first; which end is {@code a} is arbitrary
   */
  public List<Epair> epairs() {
    return kernel().epairs().stream()
        .map(one -> new Epair(stack(one.aJid()).listed(one.a()), stack(one.bJid()).listed(one.b())))
        .toList();
  }

  /**
   * Reports jails that any program creates or removes, from the moment of the subscription. If the
   * kernel notifies (Linux by inotify(7), FreeBSD 15 by kqueue(2)), events follow after some 20 ms.
   * On FreeBSD 13 and 14, and on a system that cannot create another watch, changes by other
   * programs are polled every second. A jail that exists for less than such an interval may not be
   * reported. Each subscription has a daemon thread of its own, on which the subscriber is called;
   * it completes when this is closed.
   *
   * @return a source for any number of subscriptions ({@link Flow.Publisher}, {@link
   *     Events#open()})
   */
  public Events<JailEvent> events() {
    return new Events<>("jails", () -> new JailFeed(this, jailFeeds));
  }

  /**
   * Destroys many epairs in one request. This is much faster if the kernel waits for its readers
   * after each request (on Linux 0.1 ms an epair instead of 17 ms).
   *
   * @param cables epairs of this Vnet; an epair that no longer exists is not an error. Of the
   *     others with end a in the same stack, all are destroyed or none
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
   * Returns a transaction, which undoes the changes of a block unless the block commits.
   *
   * @return a transaction for a try-with-resources
   */
  public Transaction transaction() {
    return new Transaction();
  }

  /**
   * Returns a sweep, which removes the leftovers of programs that were killed.
   *
   * @return a sweep that ends in {@link Sweep#run} or {@link Sweep#dryRun}
   */
  public Sweep sweep() {
    return new Sweep(this);
  }

  /**
   * Returns the capabilities of this kernel.
   *
   * @return an immutable set
   */
  public Set<Capability> capabilities() {
    return kernel().capabilities();
  }

  /**
   * Returns whether this kernel has a capability.
   *
   * @param capability the capability
   * @return true if the kernel has it
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
   * Removes the jails that this {@code Vnet} created and that do not persist; interfaces that were
   * lent to them return home. Closing a sandbox destroys everything in it. Idempotent.
   *
   * <p>The end of the JVM closes what nobody closed, in a shutdown hook. After a kill the helper
   * does the same but for what it does not know: interfaces that were created in stacks that stay,
   * which {@link #sweep} removes. A sandbox is closed too once this object and all its handles are
   * unreachable and none of its programs runs.
   */
  @Override
  public void close() {
    if (!closing.done.get()) {
      jailFeeds.close();
    }
    if (closing.run()) {
      closing.atExit(false);
    }
  }

  /** Closes the kernel once: when asked, at the end of the JVM, or when a sandbox is forgotten. */
  private static final class Closing {
    static final Cleaner CLEANER = Cleaner.create();

    /** The time that a change of jails or interfaces in another thread may take. */
    private static final int CHANGE_SECONDS = 10;

    final AtomicBoolean done = new AtomicBoolean();
    private final Kernel kernel;
    private final Lock changes;
    private final Thread hook = new Thread(this::run, "vnet4j-close");

    Closing(Kernel kernel, Lock changes) {
      this.kernel = kernel;
      this.changes = changes;
    }

    /**
     * Lets changes in other threads finish, and closes the kernel. No further change begins.
     *
     * @return whether this call closed it
     */
    boolean run() {
      if (!done.compareAndSet(false, true)) {
        return false;
      }
      boolean alone = awaitChanges();
      try {
        kernel.close();
      } finally {
        if (alone) {
          changes.unlock();
        }
      }
      return true;
    }

    private boolean awaitChanges() {
      boolean interrupted = Thread.interrupted();
      try {
        return changes.tryLock(CHANGE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
        return false;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    void forgotten() {
      if (!done.get()) {
        LOG.warn("a sandbox that nobody closed is closed, since nobody can reach it any more");
        if (run()) {
          atExit(false);
        }
      }
    }

    /** Does nothing while the JVM shuts down: hooks run already. */
    void atExit(boolean close) {
      try {
        if (close) {
          Runtime.getRuntime().addShutdownHook(hook);
        } else {
          Runtime.getRuntime().removeShutdownHook(hook);
        }
      } catch (IllegalStateException e) {
        LOG.debug("the JVM shuts down: {}", e.getMessage());
      }
    }
  }

  /**
   * Returns the name of the kernel, or that this is closed.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return closing.done.get() ? "Vnet (closed)" : "Vnet on " + kernel.version();
  }

  Kernel kernel() {
    if (closing.done.get()) {
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

  /** Runs a change of the kernel and logs it at level debug. */
  void change(String what, NetworkStack where, Runnable change) {
    change(() -> what, where, change);
  }

  /** As {@link #change(String, NetworkStack, Runnable)}, for a change with a result. */
  <T> T change(String what, NetworkStack where, Supplier<T> change) {
    kernel();
    long start = System.nanoTime();
    T result = change.get();
    if (LOG.isDebugEnabled()) {
      log(what, where, start);
    }
    return result;
  }

  /**
   * As {@link #change(String, NetworkStack, Runnable)}, computing the log line only if it is
   * logged.
   */
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

  /**
   * Creates, moves or destroys interfaces and updates the location maps, while no jail is created
   * or removed.
   */
  <T> T whileNoJailChanges(Supplier<T> work) {
    return locked(locations.readLock(), work);
  }

  /** As {@link #whileNoJailChanges(Supplier)}, for work without a result. */
  void whileNoJailChanges(Runnable work) {
    locked(locations.readLock(), asSupplier(work));
  }

  /** Creates or removes a jail and updates the location maps, while no interface changes. */
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
        (key, known) -> {
          if (known != null && known.name().equals(name)) {
            return known;
          }
          if (known != null) {
            byName.remove(key(known), known);
          }
          return remember(new Jail(this, jid, name));
        });
  }

  NetworkStack stack(int jid) {
    return jid == Kernel.HOST
        ? host
        : jails.computeIfAbsent(
            jid,
            key ->
                remember(
                    new Jail(
                        this,
                        key,
                        kernel().jails().find(key).map(JailInfo::name).orElse("jail " + key))));
  }

  @Nullable Jail known(int jid) {
    return jails.get(jid);
  }

  /** Returns the known jails in a jail, at all depths. */
  List<Jail> descendants(String parent) {
    return List.copyOf(byName.subMap(parent + '.', parent + (char) ('.' + 1)).values());
  }

  private Jail remember(Jail jail) {
    byName.put(key(jail), jail);
    return jail;
  }

  void forget(Jail jail) {
    jails.remove(jail.jid(), jail);
    byName.remove(key(jail), jail);
  }

  /** Returns a key that no other jail has: a later jail may have the same name. */
  private static String key(Jail jail) {
    return jail.name() + ' ' + jail.jid();
  }

  /** Configures and opens a {@link Vnet}. */
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
     * Sets the name of the application, part of the owner's mark on every created jail and
     * interface.
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
     * Treats the kernel as if it lacked these capabilities.
     *
     * @param capabilities the capabilities to disable
     * @return this
     */
    public Builder without(Capability... capabilities) {
      without.addAll(List.of(capabilities));
      return this;
    }

    /**
     * Opens the machine's own stacks; see {@link Vnet#open()}.
     *
     * @return the entry point
     */
    public Vnet open() {
      return open(false);
    }

    /**
     * Opens a sandbox; see {@link Vnet#sandbox()}.
     *
     * @return the entry point
     */
    public Vnet sandbox() {
      return open(true);
    }

    /**
     * Returns the providers that the class loader of this library finds. If it finds none, returns
     * those of the thread's context class loader; that of a pool's thread may not know the library.
     */
    private static ServiceLoader<VnetProvider> providers() {
      ServiceLoader<VnetProvider> beside =
          ServiceLoader.load(VnetProvider.class, Vnet.class.getClassLoader());
      return beside.findFirst().isPresent() ? beside : ServiceLoader.load(VnetProvider.class);
    }

    private Vnet open(boolean sandbox) {
      List<String> reasons = new ArrayList<>();
      for (VnetProvider provider : providers()) {
        Optional<String> reason = provider.unavailable();
        if (reason.isPresent()) {
          reasons.add(provider.kernelName() + ": " + reason.get());
        } else {
          Vnet vnet = new Vnet(provider.open(new OpenRequest(sandbox, application, without)));
          vnet.closing.atExit(true);
          if (sandbox) {
            Closing.CLEANER.register(vnet, vnet.closing::forgotten);
          }
          return vnet;
        }
      }
      throw new UnsupportedException(
          reasons.isEmpty()
              ? "no provider found: put vnet-native on the class path or module path"
              : "no provider serves this machine; " + String.join("; ", reasons));
    }
  }

  /** Thrown if this Vnet was closed. */
  public static final class ClosedException extends VnetException {
    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public ClosedException() {
      super("this Vnet is closed; open another");
    }
  }

  /**
   * Thrown if the thread was interrupted while it waited. Its interrupt status remains set. The
   * call has undone its changes.
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

  /** Thrown if the system cannot create another thread for this process (EAGAIN). */
  public static final class NoThreadException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param name name of the thread that was not started
     * @param cause the JVM's error
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

  /** Thrown if the privilege for a call is missing (EPERM, EACCES). */
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

  /** Thrown if the machine or its kernel lacks a feature. */
  public static final class UnsupportedException extends VnetException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Capability capability;

    /**
     * Makes the error.
     *
     * @param message the missing feature and its remedy
     */
    public UnsupportedException(String message) {
      super(message);
      this.capability = null;
    }

    /**
     * Makes the error.
     *
     * @param error the refused call
     * @param hint the remedy, or null
     */
    public UnsupportedException(KernelError error, @Nullable String hint) {
      super(error, hint);
      this.capability = null;
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
      this.capability = capability;
    }

    /**
     * Returns what the kernel lacks, if that is a capability.
     *
     * @return the capability, for which {@link Vnet#has} is false
     */
    public Optional<Capability> capability() {
      return Optional.ofNullable(capability);
    }
  }
}
