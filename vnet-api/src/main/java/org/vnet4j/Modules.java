// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.List;

/**
 * The kernel's modules, by the names FreeBSD gives them: {@code if_epair}, {@code if_bridge}. On
 * Linux each stands for what does the same there. See kldload(8).
 */
public final class Modules {
  private final Vnet vnet;

  Modules(Vnet vnet) {
    this.vnet = vnet;
  }

  /**
   * Makes sure that the kernel has these modules. Jails cannot load modules, so do it before.
   *
   * @param names without a suffix; one that is there already is no error
   * @return this
   * @throws NotFoundException if the kernel has no such module
   * @throws Vnet.NotPermittedException without the privilege to load it
   */
  public Modules load(String... names) {
    for (String name : names) {
      if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
        throw new IllegalArgumentException(
            "module name \"" + name + "\": letters, digits, '_', '-'");
      }
      vnet.change("kldload " + name, vnet.host(), () -> vnet.kernel().modules().load(name));
    }
    return this;
  }

  /**
   * Tells whether the kernel has a module.
   *
   * @param name without a suffix
   * @return true if it is loaded or built in
   */
  public boolean loaded(String name) {
    return vnet.kernel().modules().loaded(name);
  }

  /**
   * Lists the modules that are there.
   *
   * @return their names
   */
  public List<String> list() {
    return vnet.kernel().modules().list();
  }

  /** The kernel has no such module. */
  public static final class NotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     * @param hint what to do, or null
     */
    public NotFoundException(KernelError error, String hint) {
      super(error, hint);
    }
  }
}
