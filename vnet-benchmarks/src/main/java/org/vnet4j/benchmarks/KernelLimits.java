// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a Linux machine has for all stacks together, and a star of 1,000 jails has too little of.
 *
 * <ul>
 *   <li>Neighbours: 1,024 unless it is told otherwise, and none that is fresher than 5 s is
 *       forgotten for another one. When all jails were pinged each knows the hub, and the hub each:
 *       twice 1,000. See arp(7).
 *   <li>Packets that wait for a processor: 1,000. One question "who has" goes to 1,000 members of
 *       the bridge at once, so some never get it, and it is asked again a second later.
 * </ul>
 *
 * <p>So the limits are raised while something is measured, for every contender alike, and then they
 * are what they were. Only the machine's own stack has these settings.
 */
final class KernelLimits implements AutoCloseable {
  private static final Map<Path, Integer> WANTED =
      Map.of(
          Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3"), 8192,
          Path.of("/proc/sys/net/core/netdev_max_backlog"), 20_000);

  private final Map<Path, String> before = new LinkedHashMap<>();
  private final Thread atExit = new Thread(this::restore);

  private KernelLimits() {}

  /** Raises each limit that is there, may be written, and is too low. */
  static KernelLimits raise() {
    KernelLimits raised = new KernelLimits();
    Runtime.getRuntime().addShutdownHook(raised.atExit);
    WANTED.forEach(raised::raise);
    return raised;
  }

  private void raise(Path limit, int wanted) {
    try {
      String now = Files.isWritable(limit) ? read(limit) : "";
      if (!now.isEmpty() && Integer.parseInt(now) < wanted) {
        before.put(limit, now);
        Files.writeString(limit, Integer.toString(wanted));
      }
    } catch (IOException e) {
      before.remove(limit); // not ours to change
    }
  }

  /**
   * A setting is read whole by the first read(2); what Files reads of an empty file is one byte.
   */
  private static String read(Path limit) throws IOException {
    try (InputStream in = new FileInputStream(limit.toFile())) {
      byte[] value = new byte[32];
      int length = in.read(value);
      return new String(value, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip();
    }
  }

  /** Says what was done, for the method. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    before.forEach(
        (limit, value) ->
            out.append(out.isEmpty() ? "" : ", ")
                .append(limit.getFileName())
                .append(" from ")
                .append(value)
                .append(" to ")
                .append(WANTED.get(limit)));
    return out.isEmpty() ? "none" : out + ", then put back";
  }

  private void restore() {
    before.forEach(
        (limit, value) -> {
          try {
            Files.writeString(limit, value);
          } catch (IOException e) {
            throw new UncheckedIOException(limit + " is not " + value + " again", e);
          }
        });
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    restore();
  }
}
