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
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OwnerDriver;
import org.vnet4j.spi.OwnerDriver.OwnedInterface;
import org.vnet4j.spi.OwnerDriver.OwnedJail;
import org.vnet4j.spi.OwnerDriver.OwnedRemains;

/**
 * Removes what programs left behind that ended without removing it, such as by {@code kill -9}:
 * {@code vnet.sweep().run()}, or {@code vnet.sweep().dryRun()} to look first.
 *
 * <p>All that this library makes carries the mark of its {@link Owner}. A sweep takes only what is
 * marked, and only if the owner has certainly ended: its process has ended, or has another start
 * time, or was of another boot of the machine. What lives, what is somebody else's and what has no
 * mark is never touched.
 *
 * <p>Taken are the jails that were not to persist, and the interfaces that were made on the host.
 * What was lent to those jails returns home. Left alone are
 *
 * <ul>
 *   <li>jails with {@code persist}, which are meant to outlive their program, and with them what
 *       the same run made on the host: their cables may end there. {@link #persistent()} takes
 *       both;
 *   <li>a jail that holds one that stays, a cable that leads into a jail that stays, and a bridge
 *       with such a cable on it: somebody uses them;
 *   <li>what other applications left: see {@link #application} and {@link #everyApplication()}.
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
   * Sweeps after another application. Without it, it is the one that this {@link Vnet} was opened
   * for.
   *
   * @param name as given to {@link Vnet.Builder#application}
   * @return this
   */
  public Sweep application(String name) {
    application = name;
    return this;
  }

  /**
   * Sweeps after all applications that use this library.
   *
   * @return this
   */
  public Sweep everyApplication() {
    application = null;
    return this;
  }

  /**
   * Takes jails that were to persist too, and all that their maker made.
   *
   * @return this
   */
  public Sweep persistent() {
    persistent = true;
    return this;
  }

  /**
   * Looks, and removes nothing.
   *
   * @return what {@link #run} would remove, in that order
   */
  public List<Leftover> dryRun() {
    Plan plan = plan();
    List<Leftover> all = new ArrayList<>(plan.jails.stream().map(this::leftover).toList());
    plan.interfaces.forEach(one -> all.add(leftover(one)));
    remains().forEach(one -> all.add(leftover(one)));
    return List.copyOf(all);
  }

  /**
   * Removes what is left: jails first, those within others before them, then interfaces, then
   * records of interfaces that no longer exist. What cannot be removed does not keep the rest.
   *
   * @return what was removed, in that order, and what failed
   */
  public Result run() {
    List<Leftover> removed = new ArrayList<>();
    List<Failure> failed = new ArrayList<>();
    Plan plan = plan();
    List<OwnedRemains> known = remains();
    for (OwnedJail jail : plan.jails) {
      attempt(leftover(jail), () -> remove(jail), removed, failed);
    }
    // Interfaces came home meanwhile, and cables were destroyed with a jail at their other end.
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
      // Those of an interface that was destroyed just now are a part of it.
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
      removed.add(what); // by somebody else, or with something before it
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
    // Whoever clears up after an owner has done so once it has ended: then look again.
    driver.jails().forEach(jail -> isGone(jail.owner()));
    List<OwnedJail> all = driver.jails();
    List<OwnedJail> doomed = new ArrayList<>(all.stream().filter(this::isLeft).toList());
    keepWhatHoldsOthers(doomed);
    doomed.sort(
        Comparator.comparingInt((OwnedJail jail) -> jail.name().split("\\.").length)
            .thenComparingInt(OwnedJail::jid)
            .reversed());
    List<OwnedJail> staying =
        all.stream().filter(jail -> jail.whole() && !doomed.contains(jail)).toList();
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

  /** A jail that holds one that stays, whosever it is, stays too. */
  private void keepWhatHoldsOthers(List<OwnedJail> doomed) {
    Set<String> names = doomed.stream().map(OwnedJail::name).collect(Collectors.toSet());
    List<String> staying =
        vnet.jls().stream().map(JailInfo::name).filter(name -> !names.contains(name)).toList();
    doomed.removeIf(
        jail -> staying.stream().anyMatch(other -> other.startsWith(jail.name() + ".")));
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

  /** A jail may be removed during the scan; nothing is in it then. */
  private List<OwnedInterface> owned(OwnedJail jail) {
    try {
      return jail.whole() ? driver.interfaces(jail.jid()) : List.of();
    } catch (Jail.NotFoundException e) {
      return List.of();
    }
  }

  /** A bridge with a marked interface on it that stays is in use. */
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

  /** What can be left. */
  public enum Kind {
    /** A jail with all in it. */
    JAIL,
    /**
     * A name or a record of a jail that is not there, or what shaped an interface that is not
     * there.
     */
    RECORD,
    /** An interface that was made. */
    INTERFACE,
    /** The mark on an interface that was lent and is at home: the mark alone is taken away. */
    MARK
  }

  /**
   * Something that was left.
   *
   * @param kind what it is
   * @param name its name
   * @param stack where it is; of a jail, where its full name counts from
   * @param owner who left it
   */
  public record Leftover(Kind kind, String name, String stack, Owner owner) {
    /**
     * Says what was left by whom.
     *
     * @return such as {@code interface epair0a on host, left by lab (pid 4711, run 1)}
     */
    @Override
    public String toString() {
      return kind.name().toLowerCase(java.util.Locale.ROOT)
          + " "
          + name
          + " on "
          + stack
          + ", left by "
          + owner;
    }
  }

  /**
   * Something that could not be removed.
   *
   * @param what it is
   * @param why the error
   */
  public record Failure(Leftover what, VnetException why) {}

  /**
   * What a sweep did.
   *
   * @param removed in the order of the removal
   * @param failed what is there still
   */
  public record Result(List<Leftover> removed, List<Failure> failed) {
    /** Copies the lists. */
    public Result {
      removed = List.copyOf(removed);
      failed = List.copyOf(failed);
    }
  }
}
