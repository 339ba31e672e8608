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
 * once: the host's stack has its table from then on. Those of jails are made when they are first
 * changed, or at once if packets are to be denied.
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

  /** Tells whether this kernel has what firewalls need. */
  boolean possible() {
    try {
      return stack.askNetfilter(
          KernelErrors::of,
          exchange -> NftRequests.tableFlags(exchange, LinuxIpfw.TABLE) != null || true);
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return false;
    } catch (VnetException e) {
      if (e.isErrno(EINVAL)) {
        return false; // nfnetlink is there, and nothing behind it
      }
      throw e; // it says nothing about the kernel
    }
  }

  /** Tells whether a firewall was loaded. */
  static boolean isLoaded(LinuxKernel kernel, String table) {
    return kernel
        .stack(Kernel.HOST)
        .askNetfilter(
            KernelErrors::of, exchange -> NftRequests.tableFlags(exchange, table) != null);
  }

  /** Loads ipfw. Packets that no rule decides meet its default from now on, in every stack. */
  static void loadIpfw(LinuxKernel kernel, boolean accept) {
    Rule last = (accept ? Rules.allow() : Rules.deny()).ip();
    kernel.stack(Kernel.HOST).firewalls().ipfw().load(last);
    if (!accept) {
      for (JailInfo jail : kernel.jails().list()) {
        kernel.stack(jail.jid()).firewalls().ipfw().load(last);
      }
    }
  }

  /** Takes note of a new jail: what denies by default does so in it at once. */
  static void jailMade(LinuxStack jail) {
    if (isLoaded(jail.kernel(), LinuxIpfw.TABLE)) {
      Rule last = jail.kernel().stack(Kernel.HOST).firewalls().ipfw().last();
      if (last.action() == Action.Plain.DENY) {
        jail.firewalls().ipfw().load(last);
      }
    }
  }

  /** Throws unless a firewall was loaded. */
  static void requireLoaded(LinuxStack stack, String module, String table) {
    if (stack.jid() == Kernel.HOST || !isLoaded(stack.kernel(), table)) {
      throw new Modules.NotLoadedException(module, stack.name());
    }
  }
}
