// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The jails as one program last read them in the registry of the machine. Each creation, by
 * whatever program, takes the next jid. So the last jid shows whether jails may be missing here,
 * and how many at most. A jail that is known here may have been removed.
 */
final class KnownJails {
  private final Map<Integer, String> names = new HashMap<>();
  private final TreeMap<String, Integer> jids = new TreeMap<>();
  private final JailCounts counts = new JailCounts();

  /** Every jail with a jid up to this one is known, unless it has been removed. */
  private int complete;

  /** Returns the name of a jail, or null. */
  synchronized @Nullable String name(int jid) {
    return names.get(jid);
  }

  /** Records a jail that this program created, and that was the last one to be created. */
  synchronized void created(JailRecord jail) {
    seen(jail);
    if (jail.jid() == complete + 1) {
      complete = jail.jid();
    }
  }

  private void seen(JailRecord jail) {
    Integer before = jids.put(jail.name(), jail.jid());
    if (before == null) {
      counts.change(jail.name(), 1);
    } else {
      names.remove(before);
    }
    names.put(jail.jid(), jail.name());
  }

  /** Returns the names of known jails that a scan did not find. */
  synchronized List<String> missing(List<JailRecord> found) {
    Set<String> missing = new HashSet<>(jids.keySet());
    found.forEach(jail -> missing.remove(jail.name()));
    return List.copyOf(missing);
  }

  /**
   * Records the result of a scan.
   *
   * @param last the last jid before the scan. The record of that jail may not have been written
   *     yet; the records of all jails before it had been
   */
  synchronized void listed(List<JailRecord> all, int last) {
    Set<Integer> found = all.stream().map(JailRecord::jid).collect(Collectors.toSet());
    for (int jid : new HashSet<>(names.keySet())) {
      if (jid < last && !found.contains(jid)) {
        forget(jid);
      }
    }
    all.forEach(this::seen);
    int now = Math.max(0, found.contains(last) ? last : last - 1);
    complete = last < complete ? now : Math.max(now, complete);
  }

  /** Returns whether no jail can be missing here. */
  synchronized boolean isComplete(int last) {
    return complete == last;
  }

  synchronized void forget(int jid) {
    String name = names.remove(jid);
    if (name != null && jids.remove(name, jid)) {
      counts.change(name, -1);
    }
  }

  /** Returns the names of the known jails in a jail, at all depths. */
  synchronized List<String> below(String name) {
    return List.copyOf(jids.subMap(name + '.', name + (char) ('.' + 1)).keySet());
  }

  /** Returns the largest number of jails that may be in a jail, at all depths. */
  synchronized int mostBelow(String name, int last) {
    return last < complete ? Integer.MAX_VALUE : counts.below(name) + (last - complete);
  }
}
