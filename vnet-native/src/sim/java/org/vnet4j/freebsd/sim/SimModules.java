// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vnet4j.freebsd.sim.net.Kind;

/**
 * The kernel's loadable files and modules, kldload(2). A file loads its dependencies after itself.
 */
public final class SimModules {
  private static final Map<String, List<String>> FILES =
      Map.ofEntries(
          Map.entry("if_epair", List.of()),
          Map.entry("if_bridge", List.of("bridgestp")),
          Map.entry("bridgestp", List.of()),
          Map.entry("if_gre", List.of()),
          Map.entry("if_vxlan", List.of()),
          Map.entry("ipfw", List.of()),
          Map.entry("dummynet", List.of()),
          Map.entry("ipfw_nat", List.of("libalias")),
          Map.entry("libalias", List.of()),
          Map.entry("pf", List.of()),
          Map.entry("ipl", List.of()));

  /** Modules compiled into the kernel file, which has number 1. */
  private static final Set<String> IN_KERNEL = Set.of("if_vlan", "if_tuntap", "if_lo", "if_gif");

  private final Map<String, Integer> loaded = new LinkedHashMap<>();
  private int lastId = 1;

  private static String plain(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return file.endsWith(".ko") ? file.substring(0, file.length() - 3) : file;
  }

  int load(SimProcess process, String name) {
    process.checkHostRoot();
    String file = plain(name);
    if (loaded.containsKey(file) || IN_KERNEL.contains(file)) {
      throw new SysError("EEXIST");
    }
    List<String> needs = FILES.get(file);
    if (needs == null) {
      throw new SysError("ENOENT");
    }
    loaded.put(file, ++lastId);
    needs.stream().filter(n -> !loaded.containsKey(n)).forEach(n -> loaded.put(n, ++lastId));
    return loaded.get(file);
  }

  boolean isLoaded(String file) {
    return loaded.containsKey(file);
  }

  void unload(SimProcess process, int id) {
    process.checkHostRoot();
    if (id == 1) {
      throw new SysError("EBUSY");
    }
    if (!loaded.values().remove(id)) {
      throw new SysError("ENOENT");
    }
  }

  int findFile(String name) {
    String file = plain(name);
    if (file.equals("kernel")) {
      return 1;
    }
    Integer id = name.endsWith(".ko") ? loaded.get(file) : null;
    if (id == null) {
      throw new SysError("ENOENT");
    }
    return id;
  }

  /** Returns the number of the next loaded file; the kernel file is first and has number 1. */
  int next(int id) {
    List<Integer> ids = new ArrayList<>(List.of(0, 1));
    ids.addAll(loaded.values());
    int at = ids.indexOf(id);
    if (at < 0) {
      throw new SysError("ENOENT");
    }
    return at + 1 < ids.size() ? ids.get(at + 1) : 0;
  }

  /**
   * Fills the structure of kldstat(2). The version field, which the caller sets, must be its size.
   */
  void stat(int id, long address) {
    int size = FreeBsdAbi.size("kld_file_stat");
    Struct stat = new Struct("kld_file_stat", UserMemory.copyIn(address, size));
    if (stat.getInt("version") != size) {
      throw new SysError("EINVAL");
    }
    String name =
        loaded.entrySet().stream()
            .filter(file -> file.getValue() == id)
            .map(file -> file.getKey() + ".ko")
            .findFirst()
            .orElse(id == 1 ? "kernel" : "");
    if (name.isEmpty()) {
      throw new SysError("ENOENT");
    }
    stat.putText("name", name).putInt("id", id).putInt("refs", 1);
    UserMemory.copyOut(address, stat.array());
  }

  int findModule(String name) {
    Integer id = loaded.get(name);
    if (id == null && !IN_KERNEL.contains(name)) {
      throw new SysError("ENOENT");
    }
    return id == null ? 100 : 200 + id;
  }

  /** Returns the interface kinds that loaded modules add, newest first. */
  public List<String> kindsLoaded() {
    List<String> kinds = new ArrayList<>();
    for (String file : loaded.keySet()) {
      String kind = file.startsWith("if_") ? file.substring(3) : "";
      if (Kind.ALL.stream().anyMatch(k -> k.name().equals(kind))) {
        kinds.add(0, kind);
      }
    }
    return kinds;
  }
}
