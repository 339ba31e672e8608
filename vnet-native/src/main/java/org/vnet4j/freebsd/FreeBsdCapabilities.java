// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Capability;
import org.vnet4j.freebsd.sys.ModuleCalls;
import org.vnet4j.spi.Kernel;

/**
 * Determines the capabilities of this kernel. The result is cached; {@link #forget()} makes the
 * next call probe again, for example after a module was loaded.
 */
final class FreeBsdCapabilities {
  private static final Map<String, Capability> KINDS =
      Map.of(
          "epair", Capability.EPAIR,
          "bridge", Capability.BRIDGE,
          "tap", Capability.TAP,
          "lo", Capability.LOOPBACK,
          "vlan", Capability.VLAN,
          "vxlan", Capability.VXLAN,
          "gre", Capability.GRE,
          "gif", Capability.GIF);

  /** Module of each firewall. A firewall compiled into the kernel has the same name. */
  private static final Map<Capability, String> FIREWALLS =
      Map.of(Capability.IPFW, "ipfw", Capability.PF, "pf", Capability.IPF, "ipl");

  private static final int DUMMYNET_IN_STACKS = 1_400_000;

  private final FreeBsdKernel session;
  private final Set<Capability> without;
  private volatile @Nullable Set<Capability> known;

  FreeBsdCapabilities(FreeBsdKernel session, Set<Capability> without) {
    this.session = session;
    this.without = without;
  }

  private int release() {
    return session.release();
  }

  /** Returns whether this kernel supports network stacks for jails. */
  boolean vimage() {
    return feature("vimage");
  }

  private boolean feature(String name) {
    return session.calls.sysctl.findInt("kern.features." + name).orElse(0) != 0;
  }

  Set<Capability> get() {
    Set<Capability> probed = known;
    if (probed == null) {
      probed = probe();
      known = probed;
    }
    return probed;
  }

  /** Discards the cached result, so that the next call probes again. */
  void forget() {
    known = null;
  }

  /**
   * Returns the module to load or the kernel option to build with; empty for a capability that was
   * switched off.
   */
  Optional<String> remedy(Capability capability) {
    if (without.contains(capability)) {
      return Optional.empty();
    }
    return switch (capability) {
      case VNET, NESTED_JAILS -> Optional.of("build the kernel with options VIMAGE");
      case IPV6 -> Optional.of("build the kernel with options INET6");
      case EPAIR -> Optional.of("kldload if_epair");
      case BRIDGE, MOVE_BRIDGE -> Optional.of("kldload if_bridge");
      case TAP -> Optional.of("kldload if_tuntap");
      case VLAN -> Optional.of("kldload if_vlan");
      case VXLAN -> Optional.of("kldload if_vxlan");
      case GRE -> Optional.of("kldload if_gre");
      case GIF, GIF_ETHERNET -> Optional.of("kldload if_gif");
      case IPFW -> Optional.of("kldload ipfw on the host: jails cannot load modules");
      case PF -> Optional.of("kldload pf on the host: jails cannot load modules");
      case IPF -> Optional.of("kldload ipl on the host: jails cannot load modules");
      case CAPTURE -> Optional.of("build the kernel with device bpf");
      case SHAPE_RATE, SHAPE_DELAY, SHAPE_LOSS ->
          Optional.of(
              release() < DUMMYNET_IN_STACKS
                  ? "FreeBSD 14 or later: before, dummynet(4) knows one stack only"
                  : "kldload ipfw dummynet on the host: jails cannot load modules");
      case FORWARDING, GRE_ETHERNET, MOVE_TUNNEL, LOOPBACK, SHAPE_JITTER, SHAPE_DUPLICATION ->
          Optional.empty();
    };
  }

  private Set<Capability> probe() {
    EnumSet<Capability> found = EnumSet.of(Capability.FORWARDING);
    if (vimage()) {
      found.addAll(Set.of(Capability.VNET, Capability.NESTED_JAILS));
    }
    if (feature("inet6")) {
      found.add(Capability.IPV6);
    }
    List<String> kinds = session.stack(Kernel.HOST).inet(fd -> session.calls.clones.kinds(fd));
    KINDS.forEach(
        (kind, capability) -> {
          if (kinds.contains(kind)) {
            found.add(capability);
          }
        });
    ModuleCalls modules = session.calls.modules;
    FIREWALLS.forEach(
        (capability, module) -> {
          if (modules.findFile(module).isPresent() || modules.findModule(module).isPresent()) {
            found.add(capability);
          }
        });
    if (found.contains(Capability.IPFW)
        && modules.findFile("dummynet").isPresent()
        && release() >= DUMMYNET_IN_STACKS) {
      found.addAll(Set.of(Capability.SHAPE_RATE, Capability.SHAPE_DELAY, Capability.SHAPE_LOSS));
    }
    if (session.calls.sysctl.findInt("net.bpf.maxbufsize").isPresent()) {
      found.add(Capability.CAPTURE);
    }
    if (found.containsAll(Set.of(Capability.GIF, Capability.BRIDGE))) {
      found.add(Capability.GIF_ETHERNET);
    }
    if (found.containsAll(Set.of(Capability.VNET, Capability.BRIDGE))) {
      found.add(Capability.MOVE_BRIDGE);
    }
    found.removeAll(without);
    return Collections.unmodifiableSet(found);
  }
}
