// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.NetInterface;

/**
 * Finds the next free number of a kind of interface, as FreeBSD's cloners do: {@code epair0a},
 * {@code bridge0}. The kernel decides which names are free; this class remembers where to start.
 */
final class UnitNumbers {
  private static final Pattern FORM = Pattern.compile("([a-z]+)([0-9]{1,9})[ab]?");
  private static final int MOST = 1_000_000;

  private final Map<String, Integer> lowest = new HashMap<>();

  /** Tries one number after the other until the name is free. */
  <T> T next(String kind, IntFunction<T> create) {
    for (int unit = begin(kind); unit < MOST; unit = begin(kind)) {
      try {
        return create.apply(unit);
      } catch (NetInterface.NameTakenException e) {
        if (unit == MOST - 1) {
          throw e;
        }
      } catch (RuntimeException e) {
        freed(kind, unit);
        throw e;
      }
    }
    throw new IllegalStateException("no number below " + MOST + " is free for " + kind);
  }

  /** Takes a number, so that two threads do not try the same. */
  private synchronized int begin(String kind) {
    int unit = lowest.getOrDefault(kind, 0);
    lowest.put(kind, unit + 1);
    return unit;
  }

  /** Records that a name is free again. */
  void freed(String name) {
    Matcher matcher = FORM.matcher(name);
    if (matcher.matches()) {
      freed(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }
  }

  private synchronized void freed(String kind, int unit) {
    lowest.computeIfPresent(kind, (same, from) -> Math.min(from, unit));
  }
}
