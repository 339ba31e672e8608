// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.net.Errno.EOPNOTSUPP;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Capability;
import org.vnet4j.KernelError;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.rtnetlink.LinkRequests;

/**
 * Finds out what this kernel can do: sends it requests that cannot succeed and reads the errors.
 */
public final class LinuxCapabilities {
  private static final Map<String, Capability> KINDS =
      Map.of(
          "veth", Capability.EPAIR,
          "bridge", Capability.BRIDGE,
          "vlan", Capability.VLAN,
          "vxlan", Capability.VXLAN);

  private static final Path LOADED = Path.of("/sys/module");
  private static final Path INSTALLED =
      Path.of("/lib/modules", System.getProperty("os.version"), "modules.dep");

  /** Why a setting cannot be written, and how to start the container so that it can. */
  static final String READ_ONLY =
      "/proc/sys is read-only, as in a container; start that with --privileged, or with"
          + " --security-opt systempaths=unconfined";

  private LinuxCapabilities() {}

  static EnumSet<Capability> probe(LinuxStack host) {
    EnumSet<Capability> found = EnumSet.of(Capability.VNET, Capability.NESTED_JAILS);
    KINDS.forEach(
        (kind, capability) -> {
          if (hasKind(host, kind)) {
            found.add(capability);
          }
        });
    if (hasTunnel(host, "gre", "ip_gre")) {
      found.addAll(Set.of(Capability.GRE, Capability.GRE_ETHERNET));
    }
    if (hasTunnel(host, "sit", "sit")) {
      found.add(Capability.GIF);
    }
    found.add(Capability.MOVE_TUNNEL);
    if (Files.isWritable(Path.of("/dev/net/tun"))) {
      found.add(Capability.TAP);
    }
    if (Files.exists(Path.of("/proc/sys/net/ipv6"))) {
      found.add(Capability.IPV6);
    }
    if (host.canSet()) {
      found.add(Capability.FORWARDING);
    }
    if (host.canCapture()) {
      found.add(Capability.CAPTURE);
    }
    found.addAll(LinuxShaping.probe(host));
    if (host.firewalls().possible()) {
      found.addAll(Set.of(Capability.IPFW, Capability.PF, Capability.IPF));
    }
    return found;
  }

  /**
   * Returns what to do for a capability: how to start the container, or the command that loads the
   * module, where the probe does not load it.
   */
  static Optional<String> remedy(Capability capability) {
    return switch (capability) {
      case GRE, GRE_ETHERNET -> Optional.of("modprobe ip_gre");
      case GIF -> Optional.of("modprobe sit");
      case FORWARDING -> Optional.of(READ_ONLY);
      case TAP -> Optional.of("modprobe tun; in a container: start it with --device /dev/net/tun");
      default -> Optional.empty();
    };
  }

  /**
   * Returns whether the kernel has tunnels of a kind. A probe loads the module, and these modules
   * create a device of their own (gre0, sit0) in every namespace. So the kernel is asked only if
   * the module is loaded; otherwise it suffices that the module is installed. The first tunnel
   * loads it.
   */
  private static boolean hasTunnel(LinuxStack host, String kind, String module) {
    return Files.exists(LOADED.resolve(module))
        ? hasKind(host, kind)
        : isInstalled(INSTALLED, module);
  }

  /** Returns whether a module is in the list that depmod(8) writes. */
  public static boolean isInstalled(Path list, String module) {
    String file = "/" + module + ".ko";
    try (Stream<String> lines = Files.lines(list, StandardCharsets.ISO_8859_1)) {
      return lines.anyMatch(
          line -> {
            int colon = line.indexOf(':');
            int at = line.indexOf(file);
            return at >= 0 && at < colon;
          });
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // without the list no module is known
    }
  }

  private static boolean hasKind(LinuxStack host, String kind) {
    KernelError answer = ask(host, kind);
    return answer != null && !answer.isErrno(EOPNOTSUPP);
  }

  /** Requests a link of a kind in a way that cannot succeed; returns the kernel's error. */
  static @Nullable KernelError ask(LinuxStack host, String kind) {
    try (NetlinkSocket.Exchange exchange = host.exchange()) {
      LinkRequests.probe(exchange.out(), kind);
      return exchange.attempt("RTM_NEWLINK", kind, 0, null);
    }
  }
}
