// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import static org.vnet4j.net.Errno.EBUSY;
import static org.vnet4j.net.Errno.ENXIO;

import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vnet4j.BridgeMember;
import org.vnet4j.LearnedAddress;
import org.vnet4j.VnetException;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.Shaping;
import org.vnet4j.spi.BridgeDriver;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.ShapingDriver;
import org.vnet4j.spi.SocketDriver;
import org.vnet4j.spi.StackDriver;

/** A stack of the kernel in memory. */
final class MemoryStack implements StackDriver {
  final MemoryKernel kernel;
  final int jid;
  private final List<MemoryInterface> interfaces = new CopyOnWriteArrayList<>();
  private final Set<StandardProtocolFamily> forwarding =
      EnumSet.noneOf(StandardProtocolFamily.class);
  private final MemoryInterfaces driver = new MemoryInterfaces(this);
  private final MemoryRoutes routes = new MemoryRoutes(this);

  MemoryStack(MemoryKernel kernel, int jid) {
    this.kernel = kernel;
    this.jid = jid;
    interfaces.add(new MemoryInterface(kernel.nextIndex(), InterfaceKind.LOOPBACK, "lo0", jid));
  }

  List<MemoryInterface> interfacesNow() {
    return List.copyOf(interfaces);
  }

  boolean has(String name) {
    return interfaces.stream().anyMatch(one -> one.name.equals(name));
  }

  MemoryInterface find(String call, String name) {
    return interfaces.stream()
        .filter(one -> one.name.equals(name))
        .findFirst()
        .orElseThrow(() -> inJail(KernelErrors.ofInterface(MemoryKernel.error(call, name, ENXIO))));
  }

  private VnetException inJail(VnetException e) {
    return kernel.jails().find(jid).map(info -> e.in(info.name())).orElse(e);
  }

  void put(MemoryInterface one) {
    one.strip();
    interfaces.add(one);
  }

  void take(MemoryInterface one) {
    interfaces.remove(one);
    routes.forget(one.name);
    interfaces.stream()
        .filter(other -> one.name.equals(other.bridge))
        .forEach(other -> other.bridge = null);
  }

  @Override
  public MemoryInterfaces interfaces() {
    return driver;
  }

  @Override
  public MemoryRoutes routes() {
    return routes;
  }

  @Override
  public SocketDriver sockets() {
    throw new UnsupportedOperationException("carries no packets");
  }

  @Override
  public ProcessDriver processes() {
    throw new UnsupportedOperationException("runs no programs");
  }

  @Override
  public ShapingDriver shaping() {
    return new ShapingDriver() {
      @Override
      public void set(String name, Shaping shaping) {
        find("IP_DUMMYNET3", name).shaping = shaping;
      }

      @Override
      public Optional<Shaping> get(String name) {
        return Optional.ofNullable(find("IP_DUMMYNET3", name).shaping);
      }

      @Override
      public void clear(String name) {
        find("IP_DUMMYNET3", name).shaping = null;
      }
    };
  }

  @Override
  public boolean forwarding(StandardProtocolFamily family) {
    return forwarding.contains(family);
  }

  @Override
  public void forwarding(StandardProtocolFamily family, boolean on) {
    if (family == StandardProtocolFamily.INET6 && !kernel.forwardsIpv6()) {
      throw KernelErrors.of(MemoryKernel.error("sysctl", "net.inet6.ip6.forwarding", EBUSY));
    }
    if (on) {
      forwarding.add(family);
    } else {
      forwarding.remove(family);
    }
  }

  @Override
  public BridgeDriver bridges() {
    return new BridgeDriver() {
      @Override
      public void add(String bridge, String member) {
        find("BRDGADD", bridge);
        MemoryInterface one = find("BRDGADD", member);
        if (one.bridge != null) {
          throw KernelErrors.ofInterface(MemoryKernel.error("BRDGADD", member, EBUSY));
        }
        one.bridge = bridge;
      }

      @Override
      public void delete(String bridge, String member) {
        MemoryInterface one = find("BRDGDEL", member);
        if (!bridge.equals(one.bridge)) {
          throw KernelErrors.ofInterface(MemoryKernel.error("BRDGDEL", member, ENXIO));
        }
        one.bridge = null;
      }

      @Override
      public List<BridgeMember> members(String bridge) {
        find("BRDGGIFS", bridge);
        return interfaces.stream()
            .filter(one -> bridge.equals(one.bridge))
            .map(one -> new BridgeMember(one.name, "forwarding", true, 2000))
            .toList();
      }

      @Override
      public List<LearnedAddress> learned(String bridge) {
        return List.of();
      }

      @Override
      public boolean stp(String bridge) {
        return find("BRDGPARAM", bridge).stp;
      }

      @Override
      public void stp(String bridge, boolean on) {
        find("BRDGSIFFLGS", bridge).stp = on;
      }

      @Override
      public void forwardDelay(String bridge, Duration delay) {
        find("BRDGSFD", bridge);
      }
    };
  }
}
