// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceSpec;

/** A bridge to be created: {@code host.bridge().create()}. */
public final class BridgeBuilder {
  private final NetworkStack stack;
  private @Nullable String name;

  BridgeBuilder(NetworkStack stack) {
    this.stack = stack;
  }

  /**
   * Names the bridge. Without it it is called {@code bridge0}, or the next free number.
   *
   * @param wanted 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   */
  public BridgeBuilder name(String wanted) {
    name = Names.interfaceName(wanted);
    return this;
  }

  /**
   * Creates the bridge. It comes out down and without members.
   *
   * @return the bridge
   * @throws NetInterface.NameTakenException if the name is taken
   */
  public Bridge create() {
    stack.vnet().require(Capability.BRIDGE);
    return new Bridge(InterfaceBuilder.make(stack, new InterfaceSpec.Bridge(), name));
  }
}
