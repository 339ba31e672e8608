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
 * <p>When the jail is removed, interfaces that were lent to it return home; interfaces that were
 * created in it are destroyed.
 *
 * <p>Thread-safe; see {@link Vnet}. When one thread removes the jail, calls of other threads throw
 * {@link NotFoundException}, and events and captures end.
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
   * Reads the current state of the jail.
   *
   * @return a snapshot
   * @throws NotFoundException if it was removed
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
   * Returns whether the jail exists.
   *
   * @return false once any program has removed it
   */
  public boolean exists() {
    return !removed && vnet().kernel().jails().find(jid).isPresent();
  }

  /**
   * Returns the parent: the stack that created this jail.
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
   * Lists the child jails of this jail.
   *
   * @return its children, without their children
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
   * loses its addresses, routes and groups and is down afterwards.
   *
   * @param interfaces existing interfaces of other stacks; either all move or none
   * @return this
   * @throws NetInterface.BusyException if an interface is in this jail already or is a member of a
   *     bridge
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

  /**
   * Moves the interfaces. No step follows the last move, so the last interface needs no snapshot.
   */
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
   * Removes the jail, its child jails first, and kills its processes. Interfaces that were lent
   * have returned home when this returns; interfaces that were created in it are destroyed.
   * Idempotent: no error if the jail was removed already, by whom ever.
   *
   * <p>A removal that fails midway leaves the jail with the remaining contents; call it again.
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
   * Removes the jail if this {@link Vnet} created it and it does not persist. Any other jail
   * remains; {@link #remove()} removes it. It is not an error if the jail no longer exists.
   * Idempotent.
   */
  @Override
  public void close() {
    if (endsWithVnet) {
      removeIfThere();
    }
  }

  /** Records that this {@link Vnet} created the jail and that it does not persist. */
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

  /**
   * Updates the location maps when a lent interface returned home, so that its handles follow it.
   */
  private void cameHome(Returned one) {
    Jail from = vnet().known(one.jid());
    if (from != null) {
      from.moved(one.name(), vnet().stack(one.homeJid()), one.homeName());
    }
  }

  /** Updates the location maps after a removal. */
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
   * Returns the jail as {@code jls -v} prints it.
   *
   * @return three lines, or one line if it was removed
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

  /** Thrown if the jail does not exist or was removed (ENOENT). */
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

  /** Thrown if a jail of that name exists (EEXIST). */
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

  /** Thrown if the limit of child jails of a parent is reached. */
  public static final class LimitException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param parent the parent at its limit
     * @param childrenMax its limit
     * @param child the jail that was not created
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
