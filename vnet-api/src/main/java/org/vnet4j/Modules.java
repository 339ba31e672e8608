// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.List;
import java.util.Optional;
import org.vnet4j.firewall.Action;

/**
 * The kernel's modules by their FreeBSD names: {@code if_epair}, {@code if_bridge}. On Linux each
 * name denotes the corresponding module. See kldload(8).
 */
public final class Modules {
  private static final String DEFAULT_TO_ACCEPT = "net.inet.ip.fw.default_to_accept";

  private final Vnet vnet;

  Modules(Vnet vnet) {
    this.vnet = vnet;
  }

  /**
   * Loads modules that the kernel does not have yet. Jails cannot load modules, so load them
   * before.
   *
   * @param names names without a suffix; a module that the kernel has already is not an error
   * @return this
   * @throws NotFoundException if the kernel has no such module
   * @throws Vnet.NotPermittedException without the privilege to load it
   * @throws DefaultDenyException for {@code ipfw}, if its default rule would drop all packets of
   *     all stacks
   */
  public Modules load(String... names) {
    for (String name : names) {
      if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
        throw new IllegalArgumentException(
            "module name \"" + name + "\": letters, digits, '_', '-'");
      }
      if (name.equals("ipfw") && !loaded(name) && !acceptsByDefault()) {
        throw new DefaultDenyException();
      }
      vnet.change("kldload " + name, vnet.host(), () -> vnet.kernel().modules().load(name));
    }
    return this;
  }

  /**
   * Loads ipfw with a default action for packets that no rule matches. It holds in every stack,
   * including the host stack. {@link Action.Plain#DENY} drops all packets of all stacks until rules
   * allow them. A loaded module keeps its default action.
   *
   * @param defaultAction {@link Action.Plain#ALLOW} or {@link Action.Plain#DENY}
   * @return this
   * @throws NotFoundException if the kernel has no such module
   * @throws Vnet.NotPermittedException without the privilege to load it
   */
  public Modules loadIpfw(Action.Plain defaultAction) {
    if (defaultAction == Action.Plain.COUNT) {
      throw new IllegalArgumentException("the default action is allow or deny, not count");
    }
    boolean accept = defaultAction == Action.Plain.ALLOW;
    if (!loaded("ipfw")) {
      try (Transaction tx = vnet.transaction()) {
        Kenv kenv = vnet.kenv();
        Optional<String> before = kenv.get(DEFAULT_TO_ACCEPT);
        kenv.set(DEFAULT_TO_ACCEPT, accept ? "1" : "0");
        tx.onUndo(
            DEFAULT_TO_ACCEPT,
            () ->
                before.ifPresentOrElse(
                    value -> kenv.set(DEFAULT_TO_ACCEPT, value),
                    () -> kenv.unset(DEFAULT_TO_ACCEPT)));
        vnet.change("kldload ipfw", vnet.host(), () -> vnet.kernel().modules().load("ipfw"));
        tx.commit();
      }
    }
    return this;
  }

  private boolean acceptsByDefault() {
    return vnet.kenv().get(DEFAULT_TO_ACCEPT).filter("1"::equals).isPresent();
  }

  /**
   * Returns whether the kernel has a module.
   *
   * @param name without a suffix
   * @return true if it is loaded or built in
   */
  public boolean loaded(String name) {
    return vnet.kernel().modules().loaded(name);
  }

  /**
   * Lists the loaded modules.
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
     * @param hint the remedy, or null
     */
    public NotFoundException(KernelError error, String hint) {
      super(error, hint);
    }
  }

  /** Thrown if an operation needs a module that is not loaded. */
  public static final class NotLoadedException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param module the module
     * @param stack name of the stack
     */
    public NotLoadedException(String module, String stack) {
      super(
          "%s in %s: the module %s is not loaded; vnet.modules().load(\"%s\") does it for all"
                  .formatted(module, stack, module, module)
              + " stacks, jails cannot load modules");
    }
  }

  /**
   * Thrown if loading ipfw would drop all packets of all stacks, including the host stack. Nothing
   * was loaded.
   */
  public static final class DefaultDenyException extends VnetException {
    private static final long serialVersionUID = 1L;

    DefaultDenyException() {
      super(
          "kldload ipfw: its default is to deny, in every stack at once, the host's too; set "
              + DEFAULT_TO_ACCEPT
              + "=1 by kenv() before, or ask for it: loadIpfw(DENY)");
    }
  }
}
