// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.EINVAL;
import static org.vnet4j.net.Errno.ENOENT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Capability;
import org.vnet4j.KernelError;
import org.vnet4j.Modules;
import org.vnet4j.net.Errno;
import org.vnet4j.spi.EpairEnds;
import org.vnet4j.spi.JailDriver;
import org.vnet4j.spi.KenvDriver;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.ModuleDriver;

/**
 * A kernel in memory: it keeps stacks, jails and interfaces as plain lists, for tests of the model.
 */
public final class MemoryKernel implements Kernel {
  private static final Set<MemoryKernel> OPEN =
      Collections.synchronizedSet(new java.util.HashSet<>());

  private final Set<Capability> capabilities = EnumSet.allOf(Capability.class);
  private final Map<Integer, MemoryStack> stacks = new TreeMap<>();
  private final MemoryJails jails = new MemoryJails(this);
  private final Map<String, String> variables = new TreeMap<>();
  private final Set<String> modules = new TreeSet<>();
  private final MemoryOwners owners = new MemoryOwners(this);
  private @Nullable String refused;
  private boolean forwardsIpv6 = true;
  private int lastIndex;

  /** Opens a kernel with an empty host. */
  public MemoryKernel(Capability... without) {
    capabilities.removeAll(List.of(without));
    addStack(HOST);
    OPEN.add(this);
  }

  /** Names the kernels that are not closed. */
  public static Set<String> open() {
    Set<String> names = new TreeSet<>();
    synchronized (OPEN) {
      OPEN.forEach(kernel -> names.add("kernel " + System.identityHashCode(kernel)));
    }
    return names;
  }

  /** Makes a kernel error with the number and text of FreeBSD. */
  static KernelError error(String call, String subject, Errno errno) {
    return switch (errno) {
      case ENOENT -> KernelError.of(call, subject, 2, errno, "No such file or directory");
      case ESRCH -> KernelError.of(call, subject, 3, errno, "No such process");
      case ENXIO -> KernelError.of(call, subject, 6, errno, "Device not configured");
      case EBUSY -> KernelError.of(call, subject, 16, errno, "Device busy");
      case EEXIST -> KernelError.of(call, subject, 17, errno, "File exists");
      case EINVAL -> KernelError.of(call, subject, 22, errno, "Invalid argument");
      case EADDRNOTAVAIL ->
          KernelError.of(call, subject, 49, errno, "Can't assign requested address");
      case ENETUNREACH -> KernelError.of(call, subject, 51, errno, "Network is unreachable");
      default -> throw new IllegalArgumentException(errno.name());
    };
  }

  /** Makes every move of an interface fail from now on. */
  public void refuseToMove(String name) {
    refused = name;
  }

  /** Makes every change of IPv6 forwarding fail from now on. */
  public void refuseToForwardIpv6() {
    forwardsIpv6 = false;
  }

  boolean forwardsIpv6() {
    return forwardsIpv6;
  }

  /** Destroys an interface as another program would. */
  public void destroyFromOutside(int jid, String name) {
    stacks.get(jid).interfaces().destroy(name);
  }

  /** Renames an interface as another program would, to any name. */
  public void renameFromOutside(int jid, String name, String newName) {
    stacks.get(jid).interfaces().rename(name, newName);
  }

  MemoryStack addStack(int jid) {
    MemoryStack stack = new MemoryStack(this, jid);
    stacks.put(jid, stack);
    return stack;
  }

  void removeStack(int jid) {
    stacks.remove(jid);
  }

  int nextIndex() {
    return ++lastIndex;
  }

  Iterable<MemoryStack> stacks() {
    return List.copyOf(stacks.values());
  }

  @Override
  public String version() {
    return "Fake 1.0";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.copyOf(capabilities);
  }

  @Override
  public MemoryStack stack(int jid) {
    MemoryStack stack = stacks.get(jid);
    if (stack == null) {
      throw KernelErrors.ofJail(error("jail_get", "jail " + jid, ENOENT));
    }
    return stack;
  }

  @Override
  public JailDriver jails() {
    return jails;
  }

  @Override
  public void move(String name, int fromJid, int toJid) {
    MemoryStack from = stack(fromJid);
    MemoryStack to = stack(toJid);
    MemoryInterface one = from.find("SIOCSIFVNET", name);
    String subject = name + " -> jail " + toJid;
    if (name.equals(refused)) {
      throw KernelErrors.of(error("SIOCSIFVNET", subject, EINVAL));
    }
    if (to.has(name)) {
      throw KernelErrors.ofInterface(error("SIOCSIFVNET", subject, EEXIST));
    }
    from.take(one);
    to.put(one);
  }

  @Override
  public List<EpairEnds> epairs() {
    List<EpairEnds> cables = new ArrayList<>();
    for (MemoryStack here : stacks()) {
      for (MemoryInterface one : here.interfacesNow()) {
        for (MemoryStack there : stacks()) {
          there.interfacesNow().stream()
              .filter(other -> other == one.peer && one.index < other.index)
              .forEach(
                  other -> cables.add(new EpairEnds(here.jid, one.name, there.jid, other.name)));
        }
      }
    }
    return cables;
  }

  @Override
  public MemoryOwners owners() {
    return owners;
  }

  @Override
  public ModuleDriver modules() {
    return new ModuleDriver() {
      @Override
      public void load(String name) {
        if (!Set.of("if_epair", "if_bridge").contains(name)) {
          throw new Modules.NotFoundException(error("kldload", name, ENOENT), null);
        }
        modules.add(name);
      }

      @Override
      public boolean loaded(String name) {
        return modules.contains(name);
      }

      @Override
      public List<String> list() {
        return new ArrayList<>(modules);
      }
    };
  }

  @Override
  public KenvDriver kenv() {
    return new KenvDriver() {
      @Override
      public Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(name));
      }

      @Override
      public void set(String name, String value) {
        variables.put(name, value);
      }

      @Override
      public void unset(String name) {
        variables.remove(name);
      }

      @Override
      public Map<String, String> all() {
        return Map.copyOf(variables);
      }
    };
  }

  @Override
  public void close() {
    OPEN.remove(this);
  }
}
