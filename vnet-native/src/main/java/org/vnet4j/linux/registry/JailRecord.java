// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A jail as the registry stores it; the kernel knows only the namespace.
 *
 * @param jid its number, never used again
 * @param name its full name
 * @param persist whether it stays when its owner has ended
 * @param childrenMax the maximum number of jails in it
 * @param hostname its hostname, empty for none of its own
 * @param owner application, process id and start time of its owner
 */
public record JailRecord(
    int jid, String name, boolean persist, int childrenMax, String hostname, String owner) {

  public JailRecord hostname(String newName) {
    return new JailRecord(jid, name, persist, childrenMax, newName, owner);
  }

  /** Returns the record as the lines of a file. */
  public List<String> lines() {
    return List.of(
        "jid=" + jid,
        "name=" + name,
        "persist=" + persist,
        "childrenMax=" + childrenMax,
        "hostname=" + hostname,
        "owner=" + owner);
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
    return new JailRecord(
        Integer.parseInt(values.get("jid")),
        values.get("name"),
        Boolean.parseBoolean(values.get("persist")),
        Integer.parseInt(values.get("childrenMax")),
        values.getOrDefault("hostname", ""),
        values.getOrDefault("owner", ""));
  }
}
