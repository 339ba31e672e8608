// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Optional;
import org.vnet4j.net.Shaping;

/**
 * Shapes the packets that the interfaces of one stack send.
 *
 * <p>Every method throws {@link org.vnet4j.NetInterface.NotFoundException} if the stack has no
 * interface of that name.
 */
public interface ShapingDriver {

  /**
   * Shapes the packets that an interface sends, replacing any earlier shaping.
   *
   * @param name the interface
   * @param shaping uses only features among {@link Kernel#capabilities()}; not {@link Shaping#NONE}
   * @throws org.vnet4j.NetInterface.BusyException if another program shapes it
   */
  void set(String name, Shaping shaping);

  /**
   * Reads the shaping of an interface.
   *
   * @param name the interface
   * @return the shaping; empty if this library does not shape the interface
   */
  Optional<Shaping> get(String name);

  /**
   * Stops shaping an interface. Has no effect on an interface that this library does not shape.
   *
   * @param name the interface
   */
  void clear(String name);
}
