// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.ENOENT;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.vnet4j.JailInfo;
import org.vnet4j.spi.JailDriver;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.KernelErrors;

/** The jails of the kernel in memory. */
final class MemoryJails implements JailDriver {
  private final MemoryKernel kernel;
  private final TreeMap<Integer, JailSpec> jails = new TreeMap<>();
  private final TreeMap<Integer, String> hostnames = new TreeMap<>();
  private int lastJid;

  MemoryJails(MemoryKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public synchronized int create(JailSpec spec) {
    if (find(spec.name()).isPresent()) {
      throw KernelErrors.ofJail(MemoryKernel.error("jail_set", "jail " + spec.name(), EEXIST));
    }
    int jid = ++lastJid;
    jails.put(jid, spec);
    hostnames.put(jid, spec.hostname() == null ? "" : spec.hostname());
    kernel.addStack(jid);
    kernel.owners().mark(jid);
    return jid;
  }

  @Override
  public synchronized List<JailInfo> list() {
    return jails.keySet().stream().map(jid -> find(jid).orElseThrow()).toList();
  }

  @Override
  public synchronized Optional<JailInfo> find(int jid) {
    JailSpec spec = jails.get(jid);
    if (spec == null) {
      return Optional.empty();
    }
    int children = (int) jails.values().stream().filter(one -> isBelow(one, spec)).count();
    return Optional.of(
        new JailInfo(
            jid,
            spec.name(),
            hostnames.get(jid),
            "/",
            false,
            OptionalInt.of(jid + 1),
            spec.persist(),
            children,
            spec.childrenMax()));
  }

  private static boolean isBelow(JailSpec one, JailSpec parent) {
    return one.name().startsWith(parent.name() + ".");
  }

  @Override
  public synchronized Optional<JailInfo> find(String name) {
    return jails.entrySet().stream()
        .filter(entry -> entry.getValue().name().equals(name))
        .findFirst()
        .flatMap(entry -> find(entry.getKey()));
  }

  @Override
  public synchronized void hostname(int jid, String hostname) {
    hostnames.put(jid, hostname);
  }

  @Override
  public synchronized void remove(int jid, Consumer<Returned> cameHome) {
    JailSpec spec = jails.get(jid);
    if (spec == null) {
      throw KernelErrors.ofJail(MemoryKernel.error("jail_remove", "jail " + jid, ENOENT));
    }
    for (int child : List.copyOf(jails.descendingKeySet())) {
      if (jails.containsKey(child) && isBelow(jails.get(child), spec)) {
        removeOne(child, cameHome);
      }
    }
    removeOne(jid, cameHome);
  }

  private void removeOne(int jid, Consumer<Returned> cameHome) {
    MemoryStack stack = kernel.stack(jid);
    for (MemoryInterface one : stack.interfacesNow()) {
      if (one.home == jid) {
        if (stack.has(one.name)) {
          stack.interfaces().destroy(one.name);
        }
        continue;
      }
      MemoryStack home = kernel.stack(one.home);
      String name = one.name;
      stack.take(one);
      for (int unit = 0; home.has(one.name); unit++) {
        one.name = one.kind + "_" + unit;
      }
      home.put(one);
      cameHome.accept(new Returned(jid, name, one.home, one.name));
    }
    jails.remove(jid);
    kernel.removeStack(jid);
  }
}
