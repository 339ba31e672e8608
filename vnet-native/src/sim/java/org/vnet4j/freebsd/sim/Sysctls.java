// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.vnet4j.freebsd.sim.jail.JailParameterTable;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.RouteLists;

/**
 * The sysctl(3) variables. A variable of a stack is read and set in the calling process's stack.
 */
public final class Sysctls {
  /** The numbers before the index of an interface, see ifmib(4). */
  private static final int[] DRIVER_NAME = {
    FreeBsdAbi.constant("CTL_NET"), FreeBsdAbi.constant("AF_LINK"), 0, 2
  };

  private static final int IFDATA_DRIVERNAME = 3;

  public final Map<String, Integer> variables = new TreeMap<>();

  Sysctls() {
    variables.put("kern.features.vimage", 1);
    variables.put("kern.features.inet6", 1);
    variables.put("kern.osreldate", Release.V15_1.number());
    variables.put("kern.securelevel", -1);
    variables.put("net.bpf.maxbufsize", 524288);
  }

  private Map<String, Integer> holder(SimProcess process, String name) {
    Map<String, Integer> stack = process.prison.stack.variables;
    Map<String, Integer> holder = stack.containsKey(name) ? stack : variables;
    if (!holder.containsKey(name)) {
      throw new SysError("ENOENT");
    }
    return holder;
  }

  void byName(SimProcess process, String name, long old, long oldSize, long value, long size) {
    Map<String, Integer> holder = holder(process, name);
    answer(int32(holder.get(name)), old, oldSize);
    if (value != 0) {
      if (size != Integer.BYTES) {
        throw new SysError("EINVAL");
      }
      process.checkRoot();
      if (name.startsWith("kern.features") || name.equals("kern.osreldate")) {
        throw new SysError("EPERM");
      }
      holder.put(name, UserMemory.getInt(value));
    }
  }

  void byNumber(SimProcess process, int[] mib, long old, long oldSize, long value, long valueSize) {
    if (mib.length == 2 && mib[0] == 0 && mib[1] == 3) {
      String name =
          new String(UserMemory.copyIn(value, (int) valueSize), StandardCharsets.US_ASCII);
      int[] found = JailParameterTable.mib(name);
      if (found == null) {
        throw new SysError("ENOENT");
      }
      answer(ints(found), old, oldSize);
    } else if (mib[0] == 0 && mib.length > 2) {
      int[] variable = Arrays.copyOfRange(mib, 2, mib.length);
      answer(
          mib[1] == 4 ? JailParameterTable.describe(variable) : JailParameterTable.nameOf(variable),
          old,
          oldSize);
    } else if (mib[0] == FreeBsdAbi.constant("CTL_NET")
        && mib[1] == FreeBsdAbi.constant("PF_ROUTE")) {
      answer(RouteLists.list(process.prison.stack, mib), old, oldSize);
    } else if (mib.length == DRIVER_NAME.length + 2
        && Arrays.equals(Arrays.copyOf(mib, DRIVER_NAME.length), DRIVER_NAME)) {
      answer(driverName(process.prison.stack, mib), old, oldSize);
    } else {
      answer(JailParameterTable.read(mib), old, oldSize);
    }
  }

  /** Returns the name that the driver gave, as sysctl_ifdata in net/if_mib.c. */
  private static byte[] driverName(Stack stack, int[] mib) {
    Iface iface = stack.byIndex(mib[DRIVER_NAME.length]);
    if (iface == null || mib[DRIVER_NAME.length + 1] != IFDATA_DRIVERNAME) {
      throw new SysError("ENOENT");
    }
    return (iface.kind.name() + iface.unit + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static void answer(byte[] content, long old, long oldSize) {
    if (oldSize == 0) {
      return;
    }
    long room = UserMemory.getLong(oldSize);
    if (old == 0) {
      UserMemory.putLong(oldSize, content.length);
      return;
    }
    int fits = (int) Math.min(room, content.length);
    UserMemory.copyOut(old, content, fits);
    UserMemory.putLong(oldSize, fits);
    if (fits < content.length) {
      throw new SysError("ENOMEM");
    }
  }

  private static byte[] int32(int value) {
    return ints(new int[] {value});
  }

  private static byte[] ints(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }
}
