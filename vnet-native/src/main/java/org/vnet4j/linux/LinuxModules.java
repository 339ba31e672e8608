// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vnet4j.Capability;
import org.vnet4j.Modules;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.ModuleDriver;

/**
 * The module driver: maps FreeBSD's modules to their Linux counterparts. Linux loads a module at
 * the first request for a link of its kind; so loading only checks that the kernel has it. The
 * firewalls are programs of this provider: loading one creates its tables.
 */
final class LinuxModules implements ModuleDriver {
  private static final Map<String, Capability> EQUIVALENTS =
      new TreeMap<>(
          Map.of(
              "if_epair", Capability.EPAIR,
              "if_bridge", Capability.BRIDGE,
              "if_tuntap", Capability.TAP,
              "if_vlan", Capability.VLAN,
              "if_vxlan", Capability.VXLAN,
              "if_gre", Capability.GRE,
              "if_gif", Capability.GIF,
              "ipfw", Capability.IPFW,
              "pf", Capability.PF,
              "ipl", Capability.IPF));

  /** The tables that exist while a firewall is loaded. */
  private static final Map<String, String> FIREWALLS =
      Map.of("ipfw", LinuxIpfw.TABLE, "pf", LinuxPf.TABLE, "ipl", LinuxIpf.TABLE);

  private static final String DEFAULT_TO_ACCEPT = "net.inet.ip.fw.default_to_accept";

  private final LinuxKernel kernel;

  LinuxModules(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void load(String name) {
    if (FIREWALLS.containsKey(name) && kernel.capabilities().contains(EQUIVALENTS.get(name))) {
      loadFirewall(name);
      return;
    }
    if (!loaded(name)) {
      Capability equivalent = EQUIVALENTS.get(name);
      throw new Modules.NotFoundException(
          Errno.LINUX.error("kldload", name, 2),
          equivalent == null
              ? "Linux has nothing that stands for it; known are " + EQUIVALENTS.keySet()
              : "this Linux kernel has no " + equivalent + ": load or build the module for it");
    }
  }

  private void loadFirewall(String name) {
    if (name.equals("ipfw")) {
      boolean accept = kernel.kenv().get(DEFAULT_TO_ACCEPT).filter("1"::equals).isPresent();
      LinuxFirewalls.loadIpfw(kernel, accept);
    } else if (name.equals("pf")) {
      kernel.stack(Kernel.HOST).firewalls().pf().load();
    } else {
      kernel.stack(Kernel.HOST).firewalls().ipf().load();
    }
  }

  @Override
  public boolean loaded(String name) {
    String table = FIREWALLS.get(name);
    if (table != null) {
      return kernel.capabilities().contains(EQUIVALENTS.get(name))
          && LinuxFirewalls.isLoaded(kernel, table);
    }
    Capability equivalent = EQUIVALENTS.get(name);
    return equivalent != null && kernel.capabilities().contains(equivalent);
  }

  @Override
  public List<String> list() {
    return EQUIVALENTS.keySet().stream().filter(this::loaded).toList();
  }
}
