// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;

/** Operations on kernel modules. See kldload(2). */
public interface ModuleDriver {

  /**
   * Loads a kernel module. Loading a module that the kernel has already is not an error.
   *
   * @param name FreeBSD's name of the module, without a suffix: {@code if_epair}
   * @throws org.vnet4j.Modules.NotFoundException if the kernel has no such module
   */
  void load(String name);

  /**
   * Returns whether the kernel has a module.
   *
   * @param name FreeBSD's name of the module: {@code if_epair}
   * @return true if it is loaded or built in
   */
  boolean loaded(String name);

  /**
   * Lists the loaded modules.
   *
   * @return FreeBSD's names of the modules
   */
  List<String> list();
}
