// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceSpec;

/** Configures and creates a tap, loopback or vlan interface. */
public final class InterfaceBuilder {
  private final NetworkStack stack;
  private final InterfaceSpec spec;
  private final Capability needed;
  private @Nullable String name;

  private InterfaceBuilder(NetworkStack stack, InterfaceSpec spec, Capability needed) {
    this.stack = stack;
    this.spec = spec;
    this.needed = needed;
  }

  static InterfaceBuilder tap(NetworkStack stack) {
    return new InterfaceBuilder(stack, new InterfaceSpec.Tap(), Capability.TAP);
  }

  static InterfaceBuilder loopback(NetworkStack stack) {
    return new InterfaceBuilder(stack, new InterfaceSpec.Loopback(), Capability.LOOPBACK);
  }

  static InterfaceBuilder vlan(NetworkStack stack, NetInterface parent, int tag) {
    if (tag < 1 || tag > 4094) {
      throw new IllegalArgumentException("VLAN tag " + tag + " is not in 1..4094");
    }
    InterfaceSpec spec = new InterfaceSpec.Vlan(parent.nameIn(stack), tag);
    return new InterfaceBuilder(stack, spec, Capability.VLAN);
  }

  /**
   * Sets the name of the interface. The default is its kind with the next free number.
   *
   * @param wanted 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   */
  public InterfaceBuilder name(String wanted) {
    name = Names.interfaceName(wanted);
    return this;
  }

  /**
   * Creates the interface, which is down at first.
   *
   * @return its handle
   * @throws Vnet.UnsupportedException if the kernel lacks this kind of interface
   * @throws NetInterface.NameTakenException if the name is taken (EEXIST)
   */
  public NetInterface create() {
    stack.vnet().require(needed);
    return new NetInterface(make(stack, spec, name));
  }

  /** Creates an interface of any kind and records its location. */
  static Location make(NetworkStack stack, InterfaceSpec spec, @Nullable String name) {
    Vnet vnet = stack.vnet();
    return vnet.whileNoJailChanges(
        () -> {
          String made =
              vnet.change(
                  "ifconfig " + (name == null ? spec.kind() : name) + " create",
                  stack,
                  () -> stack.driver().interfaces().create(spec, name));
          return stack.created(made);
        });
  }
}
