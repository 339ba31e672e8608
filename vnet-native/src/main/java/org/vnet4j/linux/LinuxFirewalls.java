// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.net.Errno.EINVAL;

import org.vnet4j.JailInfo;
import org.vnet4j.Modules;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.Rules;
import org.vnet4j.linux.nftables.NftRequests;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.KernelErrors;

/**
 * The firewalls of one stack. As with FreeBSD's modules, a firewall is loaded for all stacks at
 * once: loading it creates its table in the host stack. The table of a jail is created at the first
 * change there, or at once if the default is to deny.
 */
final class LinuxFirewalls {
  private final LinuxStack stack;
  private final LinuxIpfw ipfw;
  private final LinuxPf pf;
  private final LinuxIpf ipf;

  LinuxFirewalls(LinuxStack stack) {
    this.stack = stack;
    this.ipfw = new LinuxIpfw(stack);
    this.pf = new LinuxPf(stack);
    this.ipf = new LinuxIpf(stack);
  }

  LinuxPf pf() {
    return pf;
  }

  LinuxIpf ipf() {
    return ipf;
  }

  LinuxIpfw ipfw() {
    return ipfw;
  }

  /** Returns whether this kernel has what the firewalls need. */
  boolean possible() {
    try {
      return stack.askNetfilter(
          KernelErrors::of,
          exchange -> NftRequests.tableFlags(exchange, LinuxIpfw.TABLE) != null || true);
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return false;
    } catch (VnetException e) {
      if (e.isErrno(EINVAL)) {
        return false; // the kernel has nfnetlink, but not nf_tables
      }
      throw e; // the error does not concern what the kernel has
    }
  }

  /** Returns whether a firewall is loaded. */
  static boolean isLoaded(LinuxKernel kernel, String table) {
    return kernel
        .stack(Kernel.HOST)
        .askNetfilter(
            KernelErrors::of, exchange -> NftRequests.tableFlags(exchange, table) != null);
  }

  /** Loads ipfw. From now on its default decides packets that match no rule, in every stack. */
  static void loadIpfw(LinuxKernel kernel, boolean accept) {
    Rule last = (accept ? Rules.allow() : Rules.deny()).ip();
    kernel.stack(Kernel.HOST).firewalls().ipfw().load(last);
    if (!accept) {
      for (JailInfo jail : kernel.jails().list()) {
        kernel.stack(jail.jid()).firewalls().ipfw().load(last);
      }
    }
  }

  /** Prepares a new jail: if ipfw denies by default, it does so in the jail from the start. */
  static void jailMade(LinuxStack jail) {
    if (isLoaded(jail.kernel(), LinuxIpfw.TABLE)) {
      Rule last = jail.kernel().stack(Kernel.HOST).firewalls().ipfw().last();
      if (last.action() == Action.Plain.DENY) {
        jail.firewalls().ipfw().load(last);
      }
    }
  }

  /** Throws {@link Modules.NotLoadedException} unless the firewall is loaded. */
  static void requireLoaded(LinuxStack stack, String module, String table) {
    if (stack.jid() == Kernel.HOST || !isLoaded(stack.kernel(), table)) {
      throw new Modules.NotLoadedException(module, stack.name());
    }
  }
}
