// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.JailSpec;

/** Configures and creates a jail: {@code host.jail("web").persist().vnet(cable.b()).create()}. */
public final class JailBuilder {
  private final NetworkStack parent;
  private final String name;
  private final List<NetInterface> interfaces = new ArrayList<>();
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private boolean persist;
  private int childrenMax;
  private @Nullable String hostname;

  JailBuilder(NetworkStack parent, String name) {
    this.parent = parent;
    this.name = name;
  }

  /**
   * Lets the jail outlive this program, until {@link Jail#remove()}. By default, closing the {@link
   * Vnet} removes the jail, or before that {@link Jail#close()}.
   *
   * @return this
   */
  public JailBuilder persist() {
    persist = true;
    return this;
  }

  /**
   * Gives existing interfaces to the jail, physical ones too. They return home when it is removed.
   *
   * @param given the interfaces, from any stack
   * @return this
   */
  public JailBuilder vnet(NetInterface... given) {
    interfaces.addAll(List.of(given));
    return this;
  }

  /**
   * Lets the jail hold child jails. The default is none.
   *
   * @param max largest number of jails below it, at all depths; 0 or more
   * @return this
   */
  public JailBuilder childrenMax(int max) {
    if (max < 0) {
      throw new IllegalArgumentException("childrenMax " + max + ": 0 or more");
    }
    childrenMax = max;
    return this;
  }

  /**
   * Sets the hostname that processes in the jail see.
   *
   * @param name 1 to 63 letters, digits, dots or hyphens
   * @return this
   */
  public JailBuilder hostname(String name) {
    hostname = Names.hostname(name);
    return this;
  }

  /**
   * Sets another parameter of jail(8), such as {@code allow.raw_sockets}. Linux has no such
   * parameters, so {@link #create()} fails there.
   *
   * @param parameter its name
   * @param value a Boolean, an Integer or a String
   * @return this
   */
  public JailBuilder param(String parameter, Object value) {
    if (!(value instanceof Boolean || value instanceof Integer || value instanceof String)) {
      throw new IllegalArgumentException(
          "jail parameter " + parameter + ": a Boolean, an Integer or a String, not " + value);
    }
    parameters.put(parameter, value);
    return this;
  }

  /**
   * Creates the jail and moves its interfaces into it. If any step fails, all steps are undone.
   *
   * @return the jail
   * @throws Jail.NameTakenException if a jail of that name exists (EEXIST)
   * @throws Jail.LimitException if the limit of the parent, or of a jail above it, is reached
   * @throws NetInterface.BusyException if an interface is a member of a bridge
   */
  public Jail create() {
    return parent.vnet().exclusively(this::createAlone);
  }

  private Jail createAlone() {
    Vnet vnet = parent.vnet();
    vnet.require(Capability.VNET);
    String full = Names.fullJailName(fullName());
    checkRoom(full);
    interfaces.forEach(NetInterface::checkMovable);
    JailSpec spec =
        new JailSpec(full, parent.jidOrHost(), persist, childrenMax, hostname, parameters);
    Jail jail =
        vnet.change(
            "jail -c name=" + full,
            parent,
            () -> vnet.handle(vnet.kernel().jails().create(spec), full));
    try (Transaction tx = vnet.transaction()) {
      tx.made(jail);
      jail.give(interfaces, tx);
      tx.commit();
    }
    if (!persist) {
      jail.endsWithVnet();
    }
    return jail;
  }

  private String fullName() {
    return parent instanceof Jail jail ? jail.name() + "." + name : name;
  }

  /**
   * Checks children.max, which FreeBSD checks only for jails that are created from inside the
   * parent.
   */
  private void checkRoom(String full) {
    NetworkStack above = parent;
    while (above instanceof Jail jail) {
      parent.vnet().require(Capability.NESTED_JAILS);
      if (!parent.vnet().kernel().jails().hasRoom(jail.jidOrHost())) {
        throw new Jail.LimitException(jail.name(), jail.info().childrenMax(), full);
      }
      above = jail.parent();
    }
  }
}
