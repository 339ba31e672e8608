// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;

/** Operations on kernel modules. See kldload(2). */
public interface ModuleDriver {

  /**
   * Makes sure that the kernel has a module. Loading one that is there is no error.
   *
   * @param name as FreeBSD names it, without a suffix: {@code if_epair}
   * @throws org.vnet4j.Modules.NotFoundException if the kernel has no such module
   */
  void load(String name);

  /**
   * Returns whether the kernel has a module.
   *
   * @param name as FreeBSD names it: {@code if_epair}
   * @return true if it is loaded or built in
   */
  boolean loaded(String name);

  /**
   * Lists the modules that are loaded.
   *
   * @return names as FreeBSD has them
   */
  List<String> list();
}
