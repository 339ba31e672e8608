// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vnet4j.net.Names;
import org.vnet4j.spi.JailDriver.Returned;
import org.vnet4j.spi.StackDriver;

/**
 * A jail with a network stack of its own. See jail(8).
 *
 * <p>An interface that was given to it returns home when it is removed; one created in it is
 * destroyed.
 *
 * <p>For use by several threads, as {@link Vnet} says: while one removes the jail, the calls of the
 * others throw {@link NotFoundException}, and events and captures end.
 */
public final class Jail extends NetworkStack implements AutoCloseable {
  private final int jid;
  private final String name;
  private volatile boolean removed;
  private volatile boolean endsWithVnet;

  Jail(Vnet vnet, int jid, String name) {
    super(vnet);
    this.jid = jid;
    this.name = name;
  }

  /**
   * Returns the jail's number.
   *
   * @return the jid, above 0
   */
  public int jid() {
    return jid;
  }

  /**
   * Returns the jail's full name.
   *
   * @return such as {@code outer.inner}
   */
  @Override
  public String name() {
    return name;
  }

  /**
   * Reads what the kernel says about the jail.
   *
   * @return a snapshot
   * @throws NotFoundException if it no longer exists
   */
  public JailInfo info() {
    checkHere();
    return vnet()
        .kernel()
        .jails()
        .find(jid)
        .orElseThrow(() -> new NotFoundException("jail " + name + " (jid " + jid + ") is gone"));
  }

  /**
   * Returns whether the jail is still there.
   *
   * @return false once it was removed, by whomever
   */
  public boolean exists() {
    return !removed && vnet().kernel().jails().find(jid).isPresent();
  }

  /**
   * Returns the stack this jail was made in.
   *
   * @return the host or another jail
   */
  public NetworkStack parent() {
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return vnet().host();
    }
    String parent = name.substring(0, dot);
    return vnet()
        .findJail(parent)
        .orElseThrow(() -> new NotFoundException("jail " + parent + " is gone"));
  }

  /**
   * Lists the jails made in this one.
   *
   * @return its children, not theirs
   */
  public List<Jail> children() {
    checkHere();
    String prefix = name + ".";
    return vnet().jails().stream()
        .filter(jail -> jail.name().startsWith(prefix))
        .filter(jail -> jail.name().indexOf('.', prefix.length()) < 0)
        .toList();
  }

  /**
   * Changes the hostname that processes in the jail see.
   *
   * @param hostname 1 to 63 letters, digits, dots or hyphens
   * @return this
   */
  public Jail hostname(String hostname) {
    Names.hostname(hostname);
    checkHere();
    vnet()
        .change(
            "hostname " + hostname, this, () -> vnet().kernel().jails().hostname(jid, hostname));
    return this;
  }

  /**
   * Gives interfaces to this jail while it runs, as {@code ifconfig epair0b vnet jail} does. Each
   * loses its addresses, routes and groups and comes out down.
   *
   * @param interfaces any existing interfaces of other stacks; all come or none
   * @return this
   * @throws NetInterface.BusyException if one is in this jail already or a member of a bridge
   */
  public Jail vnet(NetInterface... interfaces) {
    checkHere();
    vnet()
        .whileNoJailChanges(
            () -> {
              try (Transaction tx = vnet().transaction()) {
                give(List.of(interfaces), tx);
                tx.commit();
              }
            });
    return this;
  }

  /** With the last of them nothing can fail any more: it is not looked at before. */
  void give(List<NetInterface> interfaces, Transaction tx) {
    for (int i = 0; i < interfaces.size(); i++) {
      NetInterface one = interfaces.get(i);
      if (i < interfaces.size() - 1) {
        InterfaceSnapshot former = InterfaceSnapshot.of(one);
        one.vnet(this);
        tx.onUndo("move of " + one.name(), former::again);
      } else {
        one.vnet(this);
      }
    }
  }

  /**
   * Removes the jail, its child jails first. Processes in it end. Interfaces that were lent are at
   * home again when this returns; interfaces made in it are destroyed. Idempotent: no error if the
   * jail was removed already, by whom ever.
   *
   * <p>If something is in the way, what was done stays done and the jail is there with the rest:
   * remove it again.
   */
  public void remove() {
    vnet()
        .exclusively(
            () -> {
              if (!removed) {
                vnet().change("jail -r " + name, parentOrHost(), this::removeNow);
              }
            });
  }

  private void removeNow() {
    try {
      vnet().kernel().jails().remove(jid, this::cameHome);
    } catch (NotFoundException e) {
      // Another program removed it.
    }
    left();
  }

  /**
   * Removes the jail if this {@link Vnet} made it and it does not persist. Any other jail stays: of
   * one that persists, or was made by others, {@link #remove()} disposes. No error if it no longer
   * exists. Idempotent.
   */
  @Override
  public void close() {
    if (endsWithVnet) {
      removeIfThere();
    }
  }

  /** Notes that this {@link Vnet} made the jail, which does not persist. */
  void endsWithVnet() {
    endsWithVnet = true;
  }

  void removeIfThere() {
    try {
      remove();
    } catch (Vnet.ClosedException e) {
      removed = true;
    }
  }

  private NetworkStack parentOrHost() {
    return name.indexOf('.') < 0 ? vnet().host() : this;
  }

  /** Handles on a lent interface follow it home. */
  private void cameHome(Returned one) {
    Jail from = vnet().known(one.jid());
    if (from != null) {
      from.moved(one.name(), vnet().stack(one.homeJid()), one.homeName());
    }
  }

  /** Keeps the books after a removal. */
  private void left() {
    List<Jail> gone = new ArrayList<>(vnet().descendants(name));
    gone.add(this);
    for (Jail jail : gone) {
      jail.removed = true;
      jail.located().forEach(Location::goes);
      vnet().forget(jail);
    }
  }

  private void checkHere() {
    if (removed) {
      throw new NotFoundException("jail " + name + " (jid " + jid + ") was removed");
    }
  }

  @Override
  StackDriver driver() {
    checkHere();
    return vnet().kernel().stack(jid);
  }

  @Override
  int jidOrHost() {
    checkHere();
    return jid;
  }

  /**
   * Returns what {@code jls -v} prints about the jail.
   *
   * @return three lines, or one that says it no longer exists
   */
  @Override
  public String toString() {
    try {
      Optional<JailInfo> info = removed ? Optional.empty() : vnet().kernel().jails().find(jid);
      return info.map(JailInfo::toString).orElse(name + " (removed)");
    } catch (VnetException e) {
      return name + " (" + e.getMessage() + ")";
    }
  }

  /** There is no such jail, or no longer. */
  public static final class NotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message which jail
     */
    public NotFoundException(String message) {
      super(message);
    }

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public NotFoundException(KernelError error) {
      super(error, null);
    }
  }

  /** A jail of that name is there already. */
  public static final class NameTakenException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public NameTakenException(KernelError error) {
      super(error, "remove that jail or take another name");
    }
  }

  /** A jail may hold no more child jails. */
  public static final class LimitException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param parent the jail that is full
     * @param childrenMax its limit
     * @param child the jail that was to be made
     */
    public LimitException(String parent, int childrenMax, String child) {
      super(
          "jail "
              + child
              + ": "
              + parent
              + " has children.max="
              + childrenMax
              + " and no room left; create it with childrenMax("
              + (childrenMax + 1)
              + ") or more");
    }
  }
}
