// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.net.Shaping;

/** Reads the shaping of a link, in the units of tc(8): {@code 10Mbit}, {@code 20ms}, {@code 1%}. */
final class Quantities {
  static final Set<String> KEYS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(List.of("rate", "delay", "jitter", "loss", "duplication", "queue")));

  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)([A-Za-z%]*)");
  private static final Map<String, BigDecimal> BITS =
      Map.of("bit", scale(0), "Kbit", scale(3), "Mbit", scale(6), "Gbit", scale(9));
  private static final Map<String, BigDecimal> NANOSECONDS =
      Map.of("us", scale(3), "ms", scale(6), "s", scale(9));
  private static final Map<String, BigDecimal> SHARES = Map.of("%", scale(-2));
  private static final Map<String, BigDecimal> PACKETS = Map.of("", scale(0));

  private Quantities() {}

  private static BigDecimal scale(int digits) {
    return BigDecimal.ONE.scaleByPowerOfTen(digits);
  }

  /**
   * Sets one value of a shaping.
   *
   * @throws IllegalArgumentException if the text is not such a value, or is out of range
   */
  static Shaping set(Shaping shaping, String key, String text) {
    return switch (key) {
      case "rate" -> shaping.bandwidth(whole(key, text, BITS, "10Mbit"));
      case "delay" -> shaping.delay(Duration.ofNanos(whole(key, text, NANOSECONDS, "20ms")));
      case "jitter" -> shaping.jitter(Duration.ofNanos(whole(key, text, NANOSECONDS, "2ms")));
      case "loss" -> shaping.loss(value(key, text, SHARES, "1%").doubleValue());
      case "duplication" -> shaping.duplication(value(key, text, SHARES, "0.1%").doubleValue());
      default -> shaping.queue((int) Math.min(whole(key, text, PACKETS, "50"), Integer.MAX_VALUE));
    };
  }

  private static long whole(
      String key, String text, Map<String, BigDecimal> units, String example) {
    try {
      return value(key, text, units, example).longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(key + " \"" + text + "\" is too fine or too large", e);
    }
  }

  private static BigDecimal value(
      String key, String text, Map<String, BigDecimal> units, String example) {
    Matcher matcher = FORM.matcher(text);
    BigDecimal unit = matcher.matches() ? units.get(matcher.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          key + " \"" + text + "\" is not of the form " + example + units(units));
    }
    return new BigDecimal(matcher.group(1)).multiply(unit);
  }

  private static String units(Map<String, BigDecimal> units) {
    return units.size() == 1 ? "" : "; units are " + units.keySet().stream().sorted().toList();
  }
}
