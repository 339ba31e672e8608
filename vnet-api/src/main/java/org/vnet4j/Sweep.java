// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OwnerDriver;
import org.vnet4j.spi.OwnerDriver.OwnedInterface;
import org.vnet4j.spi.OwnerDriver.OwnedJail;
import org.vnet4j.spi.OwnerDriver.OwnedRemains;

/**
 * Removes leftovers: jails and interfaces of programs that ended without removing them, for example
 * by {@code kill -9}. Call {@code vnet.sweep().run()}, or {@code vnet.sweep().dryRun()} to list
 * them first.
 *
 * <p>Every jail and interface that this library creates carries the mark of its {@link Owner}. A
 * sweep removes only marked objects, and only if the owner has certainly ended: its process has
 * ended, or has another start time, or belongs to another boot of the machine. Objects of a living
 * owner and objects without a mark are never changed.
 *
 * <p>A sweep removes the jails that do not persist and the interfaces that were created on the
 * host. Interfaces that were lent to those jails return home. A sweep keeps
 *
 * <ul>
 *   <li>jails with {@code persist}, which outlive their program by intent, and all that the same
 *       run created on the host, since their epairs may end there. {@link #persistent()} removes
 *       both;
 *   <li>a jail with a child jail that remains, an epair with an end in a jail that remains, and a
 *       bridge with such an epair as a member: they are in use;
 *   <li>leftovers of other applications: see {@link #application} and {@link #everyApplication()}.
 * </ul>
 */
public final class Sweep {
  private final Vnet vnet;
  private final OwnerDriver driver;
  private @Nullable String application;
  private boolean persistent;
  private final Map<Owner, Boolean> lives = new LinkedHashMap<>();

  Sweep(Vnet vnet) {
    this.vnet = vnet;
    this.driver = vnet.kernel().owners();
    this.application = driver.self().application();
  }

  /**
   * Removes the leftovers of another application. The default is the application of this {@link
   * Vnet}.
   *
   * @param name the name given to {@link Vnet.Builder#application}
   * @return this
   */
  public Sweep application(String name) {
    application = name;
    return this;
  }

  /**
   * Removes the leftovers of all applications that use this library.
   *
   * @return this
   */
  public Sweep everyApplication() {
    application = null;
    return this;
  }

  /**
   * Removes jails that persist too, and all that their owner created.
   *
   * @return this
   */
  public Sweep persistent() {
    persistent = true;
    return this;
  }

  /**
   * Lists the leftovers without removing them.
   *
   * @return the leftovers that {@link #run} would remove, in that order
   */
  public List<Leftover> dryRun() {
    Plan plan = plan();
    List<Leftover> all = new ArrayList<>(plan.jails.stream().map(this::leftover).toList());
    plan.interfaces.forEach(one -> all.add(leftover(one)));
    remains().forEach(one -> all.add(leftover(one)));
    return List.copyOf(all);
  }

  /**
   * Removes the leftovers: first jails, child jails before their parents; then interfaces; then
   * records of interfaces that no longer exist. A failure does not stop the sweep.
   *
   * @return the removed leftovers, in that order, and the failures
   */
  public Result run() {
    List<Leftover> removed = new ArrayList<>();
    List<Failure> failed = new ArrayList<>();
    Plan plan = plan();
    List<OwnedRemains> known = remains();
    for (OwnedJail jail : plan.jails) {
      attempt(leftover(jail), () -> remove(jail), removed, failed);
    }
    // The removal of jails returned interfaces home and destroyed epairs with an end in a jail.
    List<OwnedInterface> now = new ArrayList<>(plan().interfaces);
    for (OwnedInterface one : plan.interfaces) {
      if (now.stream().noneMatch(other -> other.tag().equals(one.tag()))) {
        removed.add(leftover(one));
      }
    }
    for (OwnedInterface one : now) {
      attempt(leftover(one), () -> remove(one), removed, failed);
    }
    for (OwnedRemains one : remains()) {
      // Records of an interface that this sweep destroyed are not listed on their own.
      List<Leftover> told = known.contains(one) ? removed : new ArrayList<>();
      attempt(leftover(one), () -> remove(one), told, failed);
    }
    return new Result(removed, failed);
  }

  private static void attempt(
      Leftover what, Runnable removal, List<Leftover> removed, List<Failure> failed) {
    try {
      removal.run();
      removed.add(what);
    } catch (Jail.NotFoundException | NetInterface.NotFoundException e) {
      removed.add(what); // removed by another program, or with an earlier leftover
    } catch (VnetException e) {
      failed.add(new Failure(what, e));
    }
  }

  private void remove(OwnedJail jail) {
    if (jail.whole()) {
      vnet.handle(jail.jid(), jail.name()).remove();
    } else {
      vnet.exclusively(
          () -> vnet.change("drop " + jail.name(), vnet.host(), () -> driver.drop(jail)));
    }
  }

  private void remove(OwnedInterface one) {
    vnet.whileNoJailChanges(
        () -> {
          String what = one.made() ? " destroy" : " unmark";
          vnet.change(
              "sweep: ifconfig " + one.name() + what, vnet.host(), () -> driver.remove(one));
          if (one.made()) {
            vnet.host().moved(one.name(), null, null);
          }
        });
  }

  private void remove(OwnedRemains one) {
    vnet.whileNoJailChanges(
        () -> vnet.change("drop shaping of " + one.name(), vnet.host(), () -> driver.drop(one)));
  }

  private List<OwnedRemains> remains() {
    return driver.remains().stream().filter(one -> isGone(one.owner())).toList();
  }

  private record Plan(List<OwnedJail> jails, List<OwnedInterface> interfaces) {}

  private Plan plan() {
    // isGone waits for the helper of an owner that ended; it may clean up meanwhile, so scan again.
    driver.jails().forEach(jail -> isGone(jail.owner()));
    List<OwnedJail> all = driver.jails();
    List<OwnedJail> doomed = new ArrayList<>(all.stream().filter(this::isLeft).toList());
    keepWhatHoldsOthers(doomed);
    doomed.sort(
        Comparator.comparingInt((OwnedJail jail) -> jail.name().split("\\.").length)
            .thenComparingInt(OwnedJail::jid)
            .reversed());
    Set<OwnedJail> going = new HashSet<>(doomed);
    List<OwnedJail> staying =
        all.stream().filter(jail -> jail.whole() && !going.contains(jail)).toList();
    return new Plan(doomed, interfaces(doomed, staying));
  }

  private boolean isLeft(OwnedJail jail) {
    return (persistent || !jail.persist() || !jail.whole()) && isGone(jail.owner());
  }

  private boolean isGone(Owner owner) {
    boolean ours =
        application == null
            || application.equals(owner.application())
            || owner.application().isEmpty();
    return ours && !owner.equals(driver.self()) && !lives.computeIfAbsent(owner, driver::lives);
  }

  /** Keeps each jail with a child jail that remains, whoever owns the child. */
  private void keepWhatHoldsOthers(List<OwnedJail> doomed) {
    Set<String> names = doomed.stream().map(OwnedJail::name).collect(Collectors.toSet());
    Set<String> needed = new HashSet<>();
    for (JailInfo jail : vnet.jls()) {
      String name = names.contains(jail.name()) ? "" : jail.name();
      for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
        needed.add(name.substring(0, dot));
      }
    }
    doomed.removeIf(jail -> needed.contains(jail.name()));
  }

  private List<OwnedInterface> interfaces(List<OwnedJail> doomed, List<OwnedJail> staying) {
    Set<Owner> kept =
        staying.stream()
            .filter(OwnedJail::persist)
            .map(OwnedJail::owner)
            .collect(Collectors.toSet());
    Set<String> used = new HashSet<>();
    staying.forEach(jail -> owned(jail).forEach(one -> used.add(one.tag())));
    Set<Integer> going = doomed.stream().map(OwnedJail::jid).collect(Collectors.toSet());
    Predicate<OwnedInterface> left =
        one -> isGone(one.owner()) && !kept.contains(one.owner()) && !used.contains(one.tag());
    List<OwnedInterface> here = driver.interfaces(Kernel.HOST);
    List<OwnedInterface> found = new ArrayList<>();
    here.stream()
        .filter(left)
        .filter(one -> one.made() || one.home() == Kernel.HOST)
        .forEach(found::add);
    keepBridgesInUse(found, here);
    for (OwnedJail jail : doomed) {
      owned(jail).stream()
          .filter(left)
          .filter(one -> one.made() && !going.contains(one.home()))
          .forEach(found::add);
    }
    return found;
  }

  /** Lists the marked interfaces of a jail; none if it was removed meanwhile. */
  private List<OwnedInterface> owned(OwnedJail jail) {
    try {
      return jail.whole() ? driver.interfaces(jail.jid()) : List.of();
    } catch (Jail.NotFoundException e) {
      return List.of();
    }
  }

  /** Keeps each bridge with a marked member that remains. */
  private void keepBridgesInUse(List<OwnedInterface> found, List<OwnedInterface> here) {
    Set<String> staying = here.stream().map(OwnedInterface::name).collect(Collectors.toSet());
    found.forEach(one -> staying.remove(one.name()));
    if (staying.isEmpty()) {
      return;
    }
    Set<String> inUse =
        vnet.host().ifconfig().stream()
            .filter(info -> staying.contains(info.name()))
            .flatMap(info -> info.bridge().stream())
            .collect(Collectors.toSet());
    found.removeIf(one -> inUse.contains(one.name()));
  }

  private Leftover leftover(OwnedJail jail) {
    return new Leftover(jail.whole() ? Kind.JAIL : Kind.RECORD, jail.name(), "host", jail.owner());
  }

  private static Leftover leftover(OwnedRemains one) {
    return new Leftover(Kind.RECORD, one.name(), "host", one.owner());
  }

  private Leftover leftover(OwnedInterface one) {
    String stack = one.jid() == Kernel.HOST ? "host" : vnet.stack(one.jid()).name();
    return new Leftover(one.made() ? Kind.INTERFACE : Kind.MARK, one.name(), stack, one.owner());
  }

  /** The kinds of leftovers. */
  public enum Kind {
    /** A jail with its contents. */
    JAIL,
    /**
     * A name or a record of a jail that does not exist, or the shaping rules of an interface that
     * does not exist.
     */
    RECORD,
    /** An interface that its owner created. */
    INTERFACE,
    /** The mark on an interface that was lent and has returned home; only the mark is removed. */
    MARK
  }

  /**
   * A jail, interface, record or mark of an owner that has ended.
   *
   * @param kind the kind of leftover
   * @param name its name
   * @param stack the stack that holds it; for a jail, the stack that its full name is relative to
   * @param owner its owner
   */
  public record Leftover(Kind kind, String name, String stack, Owner owner) {
    /**
     * Returns the leftover with its owner.
     *
     * @return such as {@code interface epair0a on host, left by lab (pid 4711, run 1)}
     */
    @Override
    public String toString() {
      return kind.name().toLowerCase(java.util.Locale.ROOT)
          + " "
          + Names.visible(name)
          + " on "
          + stack
          + ", left by "
          + owner;
    }
  }

  /**
   * A leftover that could not be removed.
   *
   * @param what the leftover
   * @param why the error
   */
  public record Failure(Leftover what, VnetException why) {}

  /**
   * The result of a sweep.
   *
   * @param removed the removed leftovers, in the order of removal
   * @param failed the leftovers that could not be removed
   */
  public record Result(List<Leftover> removed, List<Failure> failed) {
    /** Copies the lists. */
    public Result {
      removed = List.copyOf(removed);
      failed = List.copyOf(failed);
    }
  }
}
