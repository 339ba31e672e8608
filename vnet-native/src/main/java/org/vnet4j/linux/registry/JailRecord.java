// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnet4j.net.Names;

/**
 * A jail as the registry stores it; the kernel knows only the namespace.
 *
 * @param jid its number, never used again
 * @param name its full name
 * @param persist whether it stays when its owner has ended
 * @param childrenMax the maximum number of jails in it
 * @param hostname its hostname, empty for none of its own
 * @param owner application, process id and start time of its owner
 * @param namespace identifies its namespace: the inode and the cookie (SO_NETNS_COOKIE), which the
 *     kernel never uses again; empty while the jail is created
 */
public record JailRecord(
    int jid,
    String name,
    boolean persist,
    int childrenMax,
    String hostname,
    String owner,
    String namespace) {
  private static final String NAMESPACE = "namespace=";

  public JailRecord hostname(String newName) {
    return new JailRecord(jid, name, persist, childrenMax, newName, owner, namespace);
  }

  JailRecord namespace(String inode, long cookie) {
    String both = inode + "/" + Long.toHexString(cookie);
    return new JailRecord(jid, name, persist, childrenMax, hostname, owner, both);
  }

  /** Returns the line that completes the file of a jail that is being created. */
  String lastLine() {
    return NAMESPACE + namespace;
  }

  /** Returns whether a file with this inode may be the namespace. */
  boolean hasInode(String inode) {
    return namespace.isEmpty() || namespace.startsWith(inode + "/");
  }

  /**
   * Returns whether an opened namespace is the jail's.
   *
   * @param cookie of the namespace; 0 before Linux 5.14
   */
  public boolean hasCookie(long cookie) {
    return namespace.isEmpty() || namespace.endsWith("/" + Long.toHexString(cookie));
  }

  /** Returns the record as the lines of a file. */
  public List<String> lines() {
    return List.of(
        "jid=" + jid,
        "name=" + name,
        "persist=" + persist,
        "childrenMax=" + childrenMax,
        "hostname=" + hostname,
        "owner=" + owner,
        lastLine());
  }

  /** Parses the lines of a file; throws IllegalArgumentException if they are not a record. */
  public static JailRecord parse(List<String> lines) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    List<String> missing = new ArrayList<>(List.of("jid", "name", "persist", "childrenMax"));
    missing.removeAll(values.keySet());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("no " + missing);
    }
    int jid = Integer.parseInt(values.get("jid"));
    int childrenMax = Integer.parseInt(values.get("childrenMax"));
    if (jid < 1 || childrenMax < 0) {
      throw new IllegalArgumentException("jid " + jid + ", childrenMax " + childrenMax);
    }
    return new JailRecord(
        jid,
        Names.fullJailName(values.get("name")),
        Boolean.parseBoolean(values.get("persist")),
        childrenMax,
        values.getOrDefault("hostname", ""),
        values.getOrDefault("owner", ""),
        values.getOrDefault("namespace", ""));
  }
}
