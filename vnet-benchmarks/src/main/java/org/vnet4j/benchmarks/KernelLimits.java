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
 * Raises limits of a Linux machine that all its stacks share and that are too low for a star of
 * 1,000 jails.
 *
 * <ul>
 *   <li>Neighbours: 1,024 by default, and the kernel evicts no entry that is younger than 5 s.
 *       After all jails were pinged each has an entry for the hub, and the hub one for each: 2,000
 *       in all; after 100 jails pinged one another, 9,900. See arp(7).
 *   <li>Packets queued for a processor: 1,000. One ARP request is copied to 1,000 members of the
 *       bridge at once, so some copies are lost, and the request is repeated a second later.
 * </ul>
 *
 * <p>The limits are raised during the measurement, for every contender alike, and restored after
 * it. Only the machine's own stack has these settings.
 */
final class KernelLimits implements AutoCloseable {
  private static final Map<Path, Integer> WANTED =
      Map.of(
          Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3"), 65_536,
          Path.of("/proc/sys/net/core/netdev_max_backlog"), 20_000);

  private final Map<Path, String> before = new LinkedHashMap<>();
  private final Thread atExit = new Thread(this::restore);

  private KernelLimits() {}

  /** Raises each limit that exists, is writable, and is too low. */
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
      before.remove(limit); // this user may not change it
    }
  }

  /**
   * Reads a setting, all of which the first read(2) returns. Files.readString reads only one byte
   * of a file with the size 0.
   */
  private static String read(Path limit) throws IOException {
    try (InputStream in = new FileInputStream(limit.toFile())) {
      byte[] value = new byte[32];
      int length = in.read(value);
      return new String(value, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip();
    }
  }

  /** Describes the changes, for the method. */
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
