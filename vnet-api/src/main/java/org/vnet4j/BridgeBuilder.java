// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceSpec;

/** Configures and creates a bridge: {@code host.bridge().create()}. */
public final class BridgeBuilder {
  private final NetworkStack stack;
  private @Nullable String name;

  BridgeBuilder(NetworkStack stack) {
    this.stack = stack;
  }

  /**
   * Sets the name of the bridge. The default is the next free name of {@code bridge0}, {@code
   * bridge1} and so on.
   *
   * @param wanted 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   */
  public BridgeBuilder name(String wanted) {
    name = Names.interfaceName(wanted);
    return this;
  }

  /**
   * Creates the bridge, which is down and has no members at first.
   *
   * @return the bridge
   * @throws NetInterface.NameTakenException if the name is taken (EEXIST)
   */
  public Bridge create() {
    stack.vnet().require(Capability.BRIDGE);
    return new Bridge(InterfaceBuilder.make(stack, new InterfaceSpec.Bridge(), name));
  }
}
