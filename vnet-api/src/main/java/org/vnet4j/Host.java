// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.StackDriver;

/** The host stack: the network stack of the machine itself, or that of a sandbox. */
public final class Host extends NetworkStack {

  Host(Vnet vnet) {
    super(vnet);
  }

  @Override
  public String name() {
    return "host";
  }

  @Override
  StackDriver driver() {
    return vnet().kernel().stack(Kernel.HOST);
  }

  @Override
  int jidOrHost() {
    return Kernel.HOST;
  }

  @Override
  public String toString() {
    return "host";
  }
}
