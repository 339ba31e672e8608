// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Adds to the failure of a test that the machine's neighbour table was full meanwhile, if it was.
 * Linux has one such table for all its stacks, and while it is full loses packets of any of them,
 * whoever filled it; see {@code neigh_alloc()} in net/core/neighbour.c.
 */
public final class NeighbourTable
    implements BeforeEachCallback,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {
  private static final Namespace NAMESPACE = Namespace.create(NeighbourTable.class);
  private static final String COLUMN = "table_fulls";

  /** The counters of IPv4 and IPv6; only the machine's own stack has these files. */
  private static final List<Path> COUNTERS =
      List.of(Path.of("/proc/net/stat/arp_cache"), Path.of("/proc/net/stat/ndisc_cache"));

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    context.getStore(NAMESPACE).put(COLUMN, fulls());
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw explained(context, failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw explained(context, failure);
  }

  private static Throwable explained(ExtensionContext context, Throwable failure)
      throws IOException {
    Long before = context.getStore(NAMESPACE).get(COLUMN, Long.class);
    if (before != null) {
      explanation(before, fulls()).map(AssertionError::new).ifPresent(failure::addSuppressed);
    }
    return failure;
  }

  /**
   * Explains the growth of the counter.
   *
   * @param before the counter before a test
   * @param after the counter after it
   * @return empty if it did not grow
   */
  static Optional<String> explanation(long before, long after) {
    return after == before
        ? Optional.empty()
        : Optional.of(
            "meanwhile the machine's neighbour table was full "
                + (after - before)
                + " times, and the kernel lost packets: sysctl net.ipv4.neigh.default.gc_thresh3,"
                + " net.ipv6.neigh.default.gc_thresh3");
  }

  private static long fulls() throws IOException {
    long sum = 0;
    for (Path file : COUNTERS) {
      sum += Files.isReadable(file) ? fulls(Files.readAllLines(file)) : 0;
    }
    return sum;
  }

  /**
   * Returns how often the table was full: a line for each processor, below the names of columns.
   */
  static long fulls(List<String> lines) {
    int column = List.of(lines.get(0).trim().split("\\s+")).indexOf(COLUMN);
    return column < 0
        ? 0
        : lines.stream()
            .skip(1)
            .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[column], 16))
            .sum();
  }
}
