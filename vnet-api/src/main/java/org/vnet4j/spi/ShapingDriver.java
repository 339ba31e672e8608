// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Optional;
import org.vnet4j.net.Shaping;

/**
 * Shapes what leaves by the interfaces of one stack.
 *
 * <p>Every method throws {@link org.vnet4j.NetInterface.NotFoundException} if no interface of the
 * stack has that name.
 */
public interface ShapingDriver {

  /**
   * Shapes what leaves by an interface, instead of what was said before.
   *
   * @param name the interface
   * @param shaping asks for nothing but what {@link Kernel#capabilities()} has; not none
   * @throws org.vnet4j.NetInterface.BusyException if somebody else shapes it
   */
  void set(String name, Shaping shaping);

  /**
   * Reads how an interface is shaped.
   *
   * @param name the interface
   * @return empty if this library does not shape it
   */
  Optional<Shaping> get(String name);

  /**
   * Stops shaping an interface. One that is not shaped by this library is left alone.
   *
   * @param name the interface
   */
  void clear(String name);
}
