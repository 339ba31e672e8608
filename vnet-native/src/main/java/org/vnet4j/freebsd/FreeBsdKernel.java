// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Capability;
import org.vnet4j.Owner;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperHolder;
import org.vnet4j.posix.owner.Owners;
import org.vnet4j.spi.EpairEnds;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OpenRequest;

/**
 * The FreeBSD implementation of {@link Kernel}. The host stack is that of this process or of a
 * sandbox jail; below it are the jails.
 *
 * <p>Jails have the kernel's numbers. Only the host stack of a sandbox has two numbers: {@link
 * #HOST} in the model, and the sandbox jail's in the kernel.
 */
public final class FreeBsdKernel implements Kernel {
  private final Syscalls kernel;
  final KernelCalls calls;
  private final HelperHolder helper;
  private final String owner;
  private final FreeBsdCapabilities capabilities;
  private final FreeBsdJails jails;
  private final JailEndWatcher ends = new JailEndWatcher(this);
  private final InterfaceMoves moves = new InterfaceMoves(this);
  private final FreeBsdModules modules;
  private final FreeBsdKenv kenv;
  private final Map<Integer, FreeBsdStack> stacks = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final JailOwnership marks = new JailOwnership(this);
  private final FreeBsdOwners owners;
  private final AtomicInteger tags = new AtomicInteger();
  private @Nullable Sandbox sandbox;
  private volatile boolean madeGre;
  private volatile int release;

  private FreeBsdKernel(
      Syscalls kernel, HelperHolder helper, Owners owners, Owner owner, Set<Capability> without) {
    this.kernel = kernel;
    this.calls = new KernelCalls(kernel);
    this.helper = helper;
    this.owner = owner.mark();
    this.owners = new FreeBsdOwners(this, owners, owner);
    this.jails = new FreeBsdJails(this);
    this.capabilities = new FreeBsdCapabilities(this, without);
    this.modules = new FreeBsdModules(kernel, capabilities);
    this.kenv = new FreeBsdKenv(kernel);
  }

  /**
   * Opens a session with a helper of its own. If that helper was killed, closing the session starts
   * another.
   */
  public static FreeBsdKernel open(Syscalls kernel, Supplier<Helper> helpers, OpenRequest request) {
    Helper helper = helpers.get();
    try {
      Owners owners = new Owners(helper);
      Owner owner = owners.next(request.application());
      return open(kernel, new HelperHolder(helper, helpers), owners, owner, request);
    } catch (RuntimeException e) {
      helper.close();
      throw e;
    }
  }

  /** Opens a session for an owner of any kind. The session takes ownership of the helper. */
  public static FreeBsdKernel open(
      Syscalls kernel, HelperHolder helper, Owners owners, Owner owner, OpenRequest request) {
    FreeBsdKernel session = new FreeBsdKernel(kernel, helper, owners, owner, request.without());
    if (request.sandbox()) {
      try {
        if (!session.capabilities.vimage()) {
          throw new Vnet.UnsupportedException(
              session.version() + " was built without VIMAGE: a sandbox needs it");
        }
        session.sandbox = Sandbox.create(session);
        // An ordinary host has a loopback address. Without it, no process in the sandbox could
        // reach an address of its own.
        try (FreeBsdStack stack = new FreeBsdStack(session, session.sandbox.jid())) {
          stack.interfaces().addAddress("lo0", Cidr.parse("127.0.0.1/8"));
          stack.interfaces().up("lo0", true);
        }
      } catch (RuntimeException e) {
        Failures.undo(e, session::close);
        throw e;
      }
    }
    return session;
  }

  Syscalls kernel() {
    return kernel;
  }

  boolean isClosed() {
    return closed.get();
  }

  Helper helper() {
    return helper.get();
  }

  /** Returns the owner's mark, which is stored on everything made here. */
  String owner() {
    return owner;
  }

  /** Returns an owner's mark for one object. Both ends of an epair share it. */
  String tag() {
    return owner + ":" + tags.incrementAndGet();
  }

  /** Records that a gre interface may exist. */
  void madeGre() {
    madeGre = true;
  }

  /** Returns the watcher that closes what this session holds of removed jails. */
  JailEndWatcher ends() {
    return ends;
  }

  JailOwnership marks() {
    return marks;
  }

  @Override
  public FreeBsdOwners owners() {
    return owners;
  }

  InterfaceMoves moves() {
    return moves;
  }

  /** Returns the sandbox, or null if the host stack is that of this process. */
  @Nullable Sandbox sandbox() {
    return sandbox;
  }

  /** Returns the kernel's number of a stack. */
  int real(int jid) {
    Sandbox box = sandbox;
    return jid != HOST ? jid : box == null ? 0 : box.jid();
  }

  /** Returns the model's number of a stack. */
  int model(int real) {
    return real == real(HOST) ? HOST : real;
  }

  /** Returns the number of the running release, such as 1400507, see uname -K. */
  int release() {
    int known = release;
    if (known == 0) {
      known = FreeBsdErrors.ofKernel(() -> calls.sysctl.findInt("kern.osreldate")).orElse(0);
      release = known;
    }
    return known;
  }

  @Override
  public String version() {
    int release = release();
    return "FreeBSD "
        + release / 100_000
        + "."
        + release / 1000 % 100
        + " ("
        + release
        + ") "
        + System.getProperty("os.arch");
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities.get();
  }

  @Override
  public Optional<String> remedy(Capability capability) {
    return capabilities.remedy(capability);
  }

  @Override
  public FreeBsdStack stack(int jid) {
    int real = real(jid);
    FreeBsdStack known = stacks.get(real);
    if (known != null) {
      return known;
    }
    FreeBsdStack fresh = new FreeBsdStack(this, real);
    known = stacks.putIfAbsent(real, fresh);
    if (known != null) {
      return known;
    }
    if (!jails.transients().has(real)) {
      ends.watch(real);
    }
    return fresh;
  }

  /** Returns whether a stack is open in this session. */
  boolean knows(int real) {
    return stacks.containsKey(real);
  }

  /** Returns the kernel's numbers of the open stacks. */
  Set<Integer> known() {
    return Set.copyOf(stacks.keySet());
  }

  /** Closes a stack and forgets it, for a jail that is being removed or was removed. */
  void disown(int real) {
    FreeBsdStack stack = stacks.remove(real);
    if (stack != null) {
      stack.close();
    }
  }

  @Override
  public FreeBsdJails jails() {
    return jails;
  }

  @Override
  public void move(String name, int fromJid, int toJid) {
    moves.move(name, stack(fromJid), stack(toJid));
  }

  @Override
  public List<EpairEnds> epairs() {
    return FreeBsdEpairs.of(this);
  }

  @Override
  public FreeBsdModules modules() {
    return modules;
  }

  @Override
  public FreeBsdKenv kenv() {
    return kenv;
  }

  private void destroyGres() {
    moves.destroyGres(stack(HOST));
    jails.list().forEach(one -> moves.destroyGres(stack(one.jid())));
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Failures failures = new Failures();
    failures.collect(ends::close);
    Sandbox box = sandbox;
    if (box == null) {
      failures.collect(() -> helper.evenIfKilled(jails::removeTransient));
    } else if (madeGre) {
      failures.collect(() -> helper.evenIfKilled(this::destroyGres));
    }
    Set.copyOf(stacks.keySet()).forEach(real -> failures.collect(() -> disown(real)));
    if (box != null) {
      failures.collect(box::close);
    }
    failures.collect(jails::close);
    failures.collect(helper::close);
    failures.report();
  }
}
