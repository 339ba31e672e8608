// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many neighbours all stacks of a Linux machine may know together: 1,024 unless it is told
 * otherwise, and none that is fresher than 5 s is forgotten for another one. In a star of 1,000
 * jails that were all pinged each jail knows the hub, and the hub each jail: twice 1,000.
 *
 * <p>So the limit is raised while something is measured, for every contender alike, and then it is
 * what it was. Only the machine's own stack has this setting. See arp(7).
 */
final class Neighbours implements AutoCloseable {
  private static final Path LIMIT = Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3");
  private static final int WANTED = 8192;

  private final String before;
  private final Thread atExit = new Thread(this::restore);

  private Neighbours(String before) {
    this.before = before;
  }

  /** Raises the limit if it is there, may be written, and is too low. */
  static Neighbours raise() {
    try {
      String before = Files.isWritable(LIMIT) ? Files.readString(LIMIT).strip() : "";
      if (before.isEmpty() || Integer.parseInt(before) >= WANTED) {
        return new Neighbours("");
      }
      Neighbours raised = new Neighbours(before);
      Runtime.getRuntime().addShutdownHook(raised.atExit);
      Files.writeString(LIMIT, Integer.toString(WANTED));
      return raised;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says what was done, for the method. */
  @Override
  public String toString() {
    return before.isEmpty()
        ? "as it was, or not to be changed from here"
        : "raised from " + before + " to " + WANTED + " while measuring, then put back";
  }

  private void restore() {
    try {
      Files.writeString(LIMIT, before);
    } catch (IOException e) {
      throw new UncheckedIOException(LIMIT + " is not " + before + " again", e);
    }
  }

  @Override
  public void close() {
    if (!before.isEmpty()) {
      Runtime.getRuntime().removeShutdownHook(atExit);
      restore();
    }
  }
}
