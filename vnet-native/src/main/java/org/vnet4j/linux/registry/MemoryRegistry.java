// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.JailWatch;

/**
 * The jail registry of a sandbox. Its jails end with the program, so the records are kept in
 * memory.
 */
public final class MemoryRegistry implements JailRegistry {
  private final TreeMap<Integer, JailRecord> jails = new TreeMap<>();
  private final Map<String, Integer> jids = new HashMap<>();

  private final JailCounts counts = new JailCounts();
  private int lastJid;

  @Override
  public synchronized List<JailRecord> list() {
    return List.copyOf(jails.values());
  }

  @Override
  public synchronized Optional<JailRecord> find(int jid) {
    return Optional.ofNullable(jails.get(jid));
  }

  @Override
  public synchronized Optional<JailRecord> find(String name) {
    return Optional.ofNullable(jids.get(name)).map(jails::get);
  }

  @Override
  public synchronized List<JailRecord> below(String name) {
    return jails.values().stream().filter(jail -> jail.name().startsWith(name + ".")).toList();
  }

  @Override
  public synchronized int countBelow(String name) {
    return counts.below(name);
  }

  @Override
  public synchronized @Nullable JailRecord enter(
      JailSpec spec, String owner, ToLongFunction<JailRecord> make) {
    if (jids.containsKey(spec.name())) {
      return null;
    }
    JailRecord record = record(++lastJid, spec, owner);
    make.applyAsLong(record);
    jails.put(record.jid(), record);
    jids.put(record.name(), record.jid());
    counts.change(record.name(), 1);
    return record;
  }

  static JailRecord record(int jid, JailSpec spec, String owner) {
    String hostname = spec.hostname() == null ? "" : spec.hostname();
    return new JailRecord(
        jid, spec.name(), spec.persist(), spec.childrenMax(), hostname, owner, "");
  }

  @Override
  public List<JailRecord> remains() {
    return List.of();
  }

  @Override
  public Optional<JailRecord> remains(String name) {
    return Optional.empty();
  }

  @Override
  public void drop(JailRecord record, Runnable before) {
    throw new IllegalStateException(record + " is no remainder");
  }

  /** Signals once an hour only: no other program creates jails in a sandbox. */
  @Override
  public JailWatch watch() {
    return JailWatch.polling(Duration.ofHours(1));
  }

  @Override
  public synchronized void update(JailRecord record) {
    jails.replace(record.jid(), record);
  }

  @Override
  public synchronized void remove(JailRecord record) {
    if (jails.remove(record.jid()) != null) {
      jids.remove(record.name());
      counts.change(record.name(), -1);
    }
  }
}
