// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.jail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.SysError;

/**
 * The jail parameters of kern/kern_jail.c with their types, and the sysctl(2) variables that
 * describe them.
 */
public final class JailParameterTable {
  static final List<String> ALLOW =
      List.of(
          "set_hostname",
          "sysvipc",
          "raw_sockets",
          "chflags",
          "mount",
          "quotas",
          "socket_af",
          "mlock",
          "reserved_ports",
          "read_msgbuf",
          "unprivileged_proc_debug",
          "suser",
          "nfsd",
          "extattr",
          "adjtime",
          "settime",
          "routing",
          "unprivileged_parent_tampering");

  static final List<String> ALLOWED_AT_FIRST =
      List.of("set_hostname", "reserved_ports", "unprivileged_proc_debug", "suser");

  static final List<String> JAILSYS = List.of("host", "ip4", "ip6");

  private static final int ROOT = 14;
  private static final int NODE = 1;
  private static final int INT = 2;
  private static final int STRING = 3;
  private static final int STRUCT = 5;

  /** A variable below the root. Its number is its index in the list. */
  private record Variable(String name, int type, String format, int size) {}

  private static final List<Variable> VARIABLES = variables();

  private JailParameterTable() {}

  private static List<Variable> variables() {
    List<Variable> list = new ArrayList<>();
    for (String name :
        "jid parent securelevel osreldate enforce_statfs devfs_ruleset children.cur children.max cpuset.id"
            .split(" ")) {
      list.add(new Variable(name, INT, "I", 0));
    }
    for (String name : "persist dying ip4.saddrsel ip6.saddrsel".split(" ")) {
      list.add(new Variable(name, INT, "B", 0));
    }
    for (String name : ALLOW) {
      if (!name.equals("mount")) {
        list.add(new Variable("allow." + name, INT, "B", 0));
      }
    }
    list.add(new Variable("vnet", INT, "E,jailsys", 0));
    list.add(new Variable("name", STRING, "A", 256));
    list.add(new Variable("path", STRING, "A", 1024));
    list.add(new Variable("osrelease", STRING, "A", 32));
    list.add(new Variable("host.hostname", STRING, "A", 256));
    list.add(new Variable("host.domainname", STRING, "A", 256));
    list.add(new Variable("host.hostuuid", STRING, "A", 64));
    list.add(new Variable("meta", STRING, "A,keyvalue", 4096));
    list.add(new Variable("env", STRING, "A,keyvalue", 4096));
    list.add(new Variable("ip4.addr", STRUCT, "S,in_addr,a", 4));
    list.add(new Variable("ip6.addr", STRUCT, "S,in6_addr,a", 16));
    for (String name : JAILSYS) {
      list.add(new Variable(name, NODE, "N", 0));
      list.add(new Variable(name + ".", INT, "E,jailsys", 0));
    }
    list.add(new Variable("allow.mount", NODE, "N", 0));
    list.add(new Variable("allow.mount.", INT, "B", 0));
    list.add(new Variable("children", NODE, "N", 0));
    return list;
  }

  static String negated(String name) {
    int dot = name.lastIndexOf('.') + 1;
    return name.substring(0, dot) + "no" + name.substring(dot);
  }

  /** Returns the number of a variable by its full name; null if there is none. */
  public static int @Nullable [] mib(String name) {
    for (int i = 0; i < VARIABLES.size(); i++) {
      Variable variable = VARIABLES.get(i);
      if (name.equals("security.jail.param." + variable.name) && !variable.name.endsWith(".")) {
        return new int[] {ROOT, i};
      }
    }
    return null;
  }

  /**
   * Returns the variable of a number. The child with an empty name has the number after its node's.
   */
  private static Variable variable(int[] mib) {
    int last = mib[mib.length - 1];
    if (mib[0] != ROOT || mib.length > 3 || last < 0 || last >= VARIABLES.size()) {
      throw new SysError("ENOENT");
    }
    Variable variable = VARIABLES.get(last);
    boolean child = mib.length == 3;
    if (child != variable.name.endsWith(".") || child && mib[1] != last - 1) {
      throw new SysError("ENOENT");
    }
    return variable;
  }

  public static byte[] nameOf(int[] mib) {
    return text("security.jail.param." + variable(mib).name);
  }

  public static byte[] describe(int[] mib) {
    Variable variable = variable(mib);
    byte[] format = text(variable.format);
    return ByteBuffer.allocate(4 + format.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(variable.type)
        .put(format)
        .array();
  }

  /** Returns a variable's value: for a string its capacity as a decimal text. */
  public static byte[] read(int[] mib) {
    Variable variable = variable(mib);
    return variable.type == STRING ? text(Integer.toString(variable.size)) : new byte[4];
  }

  private static byte[] text(String text) {
    return (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }
}
