// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceDriver.EpairNames;

/** Configures and creates an epair: {@code host.epair().create()}. */
public final class EpairBuilder {
  private final NetworkStack stack;
  private NetworkStack other;
  private @Nullable String a;
  private @Nullable String b;

  EpairBuilder(NetworkStack stack) {
    this.stack = stack;
    this.other = stack;
  }

  /**
   * Sets the names of both ends. The default is {@code epair0a} and {@code epair0b}, or the next
   * free number. Ends in different stacks may have the same name.
   *
   * @param nameA 1 to 15 letters, digits, {@code _ . @ -}
   * @param nameB the same
   * @return this
   */
  public EpairBuilder names(String nameA, String nameB) {
    a = Names.interfaceName(nameA);
    b = Names.interfaceName(nameB);
    return this;
  }

  /**
   * Places end b in another stack. If the kernel can, it creates the end there, so that it need not
   * move.
   *
   * @param stackOfB the stack
   * @return this
   */
  public EpairBuilder vnet(NetworkStack stackOfB) {
    if (stackOfB.vnet() != stack.vnet()) {
      throw new IllegalArgumentException(
          "stacks " + stack.name() + " and " + stackOfB.name() + " are of different Vnets");
    }
    other = stackOfB;
    return this;
  }

  /**
   * Creates the epair. Both ends are down at first.
   *
   * @return the epair
   * @throws IllegalArgumentException if both ends have the same name and the same stack; nothing
   *     was created
   * @throws NetInterface.NameTakenException if a name is taken (EEXIST); nothing was created
   */
  public Epair create() {
    if (a != null && a.equals(b) && other == stack) {
      throw new IllegalArgumentException(
          "both ends of an epair in " + stack.name() + " cannot be named \"" + a + "\"");
    }
    return stack.vnet().whileNoJailChanges(this::make);
  }

  private Epair make() {
    Vnet vnet = stack.vnet();
    vnet.require(Capability.EPAIR);
    EpairNames made =
        vnet.change(
            "ifconfig epair create",
            stack,
            () -> stack.driver().interfaces().createEpair(a, b, other.jidOrHost()));
    Location endA = stack.created(made.a());
    Location endB = other.created(made.b());
    Location.pair(endA, endB);
    return new Epair(new NetInterface(endA), new NetInterface(endB));
  }
}
