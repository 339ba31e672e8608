// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vnet4j.Capability;
import org.vnet4j.Modules;
import org.vnet4j.posix.Errno;
import org.vnet4j.spi.ModuleDriver;

/**
 * FreeBSD's modules in terms of what Linux has for them. The kernel loads its own modules when a
 * link of their kind is first asked for, so there is nothing to load here, only to ask.
 */
final class LinuxModules implements ModuleDriver {
  private static final Map<String, Capability> EQUIVALENTS =
      new TreeMap<>(
          Map.of(
              "if_epair", Capability.EPAIR,
              "if_bridge", Capability.BRIDGE,
              "if_tuntap", Capability.TAP,
              "if_vlan", Capability.VLAN,
              "if_vxlan", Capability.VXLAN));

  private final LinuxKernel kernel;

  LinuxModules(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void load(String name) {
    if (!loaded(name)) {
      Capability equivalent = EQUIVALENTS.get(name);
      throw new Modules.NotFoundException(
          Errno.LINUX.error("kldload", name, 2),
          equivalent == null
              ? "Linux has nothing that stands for it; known are " + EQUIVALENTS.keySet()
              : "this Linux kernel has no " + equivalent + ": load or build the module for it");
    }
  }

  @Override
  public boolean loaded(String name) {
    Capability equivalent = EQUIVALENTS.get(name);
    return equivalent != null && kernel.capabilities().contains(equivalent);
  }

  @Override
  public List<String> list() {
    return EQUIVALENTS.keySet().stream().filter(this::loaded).toList();
  }
}
