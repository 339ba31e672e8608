// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import static org.vnet4j.net.Errno.EADDRNOTAVAIL;
import static org.vnet4j.net.Errno.EEXIST;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.MacAddress;
import org.vnet4j.spi.InterfaceDriver;
import org.vnet4j.spi.InterfaceSpec;
import org.vnet4j.spi.KernelErrors;

/** The interfaces of a stack of the kernel in memory. */
final class MemoryInterfaces implements InterfaceDriver {
  private final MemoryStack stack;

  MemoryInterfaces(MemoryStack stack) {
    this.stack = stack;
  }

  @Override
  public List<InterfaceInfo> list() {
    return stack.interfacesNow().stream()
        .map(MemoryInterface::info)
        .sorted(java.util.Comparator.comparing(InterfaceInfo::index))
        .toList();
  }

  @Override
  public InterfaceInfo get(String name) {
    return stack.find("SIOCGIFFLAGS", name).info();
  }

  @Override
  public String create(InterfaceSpec spec, @Nullable String name) {
    InterfaceKind kind = spec.kind();
    String wanted = name == null ? free(kind.toString(), "", stack) : name;
    checkFree(wanted, stack);
    MemoryInterface made = new MemoryInterface(stack.kernel.nextIndex(), kind, wanted, stack.jid);
    stack.kernel.owners().mark(made, made);
    stack.put(made);
    return wanted;
  }

  @Override
  public EpairNames createEpair(@Nullable String a, @Nullable String b, int bJid) {
    synchronized (stack.kernel) {
      return createNow(a, b, bJid);
    }
  }

  private EpairNames createNow(@Nullable String a, @Nullable String b, int bJid) {
    MemoryStack other = stack.kernel.stack(bJid);
    int unit = 0;
    while (stack.has("epair" + unit + "a")
        || stack.has("epair" + unit + "b")
        || other.has("epair" + unit + "b")) {
      unit++;
    }
    String nameA = a == null ? "epair" + unit + "a" : a;
    String nameB = b == null ? "epair" + unit + "b" : b;
    checkFree(nameA, stack);
    checkFree(nameB, other);
    MemoryInterface one =
        new MemoryInterface(stack.kernel.nextIndex(), InterfaceKind.EPAIR, nameA, stack.jid);
    MemoryInterface two =
        new MemoryInterface(stack.kernel.nextIndex(), InterfaceKind.EPAIR, nameB, stack.jid);
    stack.kernel.owners().mark(one, two);
    one.peer = two;
    two.peer = one;
    stack.put(one);
    other.put(two);
    return new EpairNames(nameA, nameB);
  }

  private static String free(String kind, String suffix, MemoryStack stack) {
    int unit = 0;
    while (stack.has(kind + unit + suffix)) {
      unit++;
    }
    return kind + unit + suffix;
  }

  private static void checkFree(String name, MemoryStack stack) {
    if (stack.has(name)) {
      throw KernelErrors.ofInterface(MemoryKernel.error("SIOCIFCREATE2", name, EEXIST));
    }
  }

  @Override
  public void destroy(String name) {
    MemoryInterface one = stack.find("SIOCIFDESTROY", name);
    stack.take(one);
    if (one.peer != null) {
      stack.kernel.stacks().forEach(other -> other.take(one.peer));
    }
  }

  @Override
  public void rename(String name, String newName) {
    MemoryInterface one = stack.find("SIOCSIFNAME", name);
    if (stack.has(newName)) {
      throw KernelErrors.ofInterface(
          MemoryKernel.error("SIOCSIFNAME", name + " to " + newName, EEXIST));
    }
    one.name = newName;
  }

  @Override
  public void up(String name, boolean up) {
    stack.find("SIOCSIFFLAGS", name).up = up;
  }

  @Override
  public void mtu(String name, int bytes) {
    stack.find("SIOCSIFMTU", name).mtu = bytes;
  }

  @Override
  public void lladdr(String name, MacAddress address) {
    stack.find("SIOCSIFLLADDR", name).mac = address;
  }

  @Override
  public void description(String name, String text) {
    stack.find("SIOCSIFDESCR", name).text = text;
  }

  @Override
  public void addAddress(String name, Cidr address) {
    List<Cidr> addresses = stack.find("SIOCAIFADDR", name).addresses;
    if (!addresses.contains(address)) {
      addresses.add(address);
    }
  }

  @Override
  public void deleteAddress(String name, Cidr address) {
    if (!stack.find("SIOCDIFADDR", name).addresses.remove(address)) {
      throw KernelErrors.ofInterface(
          MemoryKernel.error("SIOCDIFADDR", name + " " + address, EADDRNOTAVAIL));
    }
  }

  @Override
  public InterfaceCounters counters(String name) {
    stack.find("SIOCGIFDATA", name);
    return new InterfaceCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
