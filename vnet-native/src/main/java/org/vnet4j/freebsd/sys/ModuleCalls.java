// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.sys.KernelAbi.KLD_FILE_STAT_NAME;
import static org.vnet4j.freebsd.sys.KernelAbi.KLD_FILE_STAT_PATHNAME;
import static org.vnet4j.freebsd.sys.KernelAbi.KLD_FILE_STAT_VERSION;
import static org.vnet4j.freebsd.sys.KernelAbi.MAXPATHLEN;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.vnet4j.posix.libc.Memory;

/**
 * Loads, unloads and lists kernel modules, see kldload(2), kldfind(2) and modfind(2). The kernel
 * rejects loading from inside a jail.
 */
public final class ModuleCalls {
  private final Syscalls kernel;

  public ModuleCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Loads a module, such as {@code if_epair}, and returns the file's id. EEXIST: it is loaded
   * already.
   */
  public int load(String module) {
    Memory name = Memory.of(module);
    return (int) kernel.check("kldload", module, () -> kernel.libc().kldload(name.address()), name);
  }

  /** Unloads a kernel file by its id. */
  void unload(int id) {
    kernel.check("kldunload", "file " + id, () -> kernel.libc().kldunload(id), null);
  }

  /** Returns the id of a loaded file. A module compiled into the kernel has no file. */
  public OptionalInt findFile(String module) {
    Memory name = Memory.of(module.endsWith(".ko") ? module : module + ".ko");
    return found(
        "kldfind", module, kernel.attempt(() -> kernel.libc().kldfind(name.address()), name));
  }

  /** Returns the id of a module by its registered name, whether loaded or compiled in. */
  public OptionalInt findModule(String module) {
    Memory name = Memory.of(module);
    return found(
        "modfind", module, kernel.attempt(() -> kernel.libc().modfind(name.address()), name));
  }

  /** Lists the names of the loaded files, including the kernel. Skips files unloaded meanwhile. */
  public List<String> files() {
    List<String> names = new ArrayList<>();
    int id = next(0);
    while (id != 0) {
      int file = id;
      Memory stat = Memory.allocate(KLD_FILE_STAT_PATHNAME + MAXPATHLEN);
      stat.putInt(KLD_FILE_STAT_VERSION, stat.size());
      long rc = kernel.attempt(() -> kernel.libc().kldstat(file, stat.address()), stat);
      if (rc == 0) {
        names.add(stat.getString(KLD_FILE_STAT_NAME, MAXPATHLEN));
      } else if (rc != -ENOENT) {
        throw Syscalls.refusal("kldstat", "file " + file, (int) -rc, null);
      }
      id = next(file);
    }
    return names;
  }

  private int next(int id) {
    return (int) kernel.check("kldnext", "file " + id, () -> kernel.libc().kldnext(id), null);
  }

  private static OptionalInt found(String call, String module, long rc) {
    if (rc == -ENOENT) {
      return OptionalInt.empty();
    }
    if (rc < 0) {
      throw Syscalls.refusal(call, module, (int) -rc, null);
    }
    return OptionalInt.of((int) rc);
  }
}
