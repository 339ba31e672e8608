// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How bad a line is: what happens to the packets that leave by an interface. Begin with {@link
 * #NONE} or {@link #bitsPerSecond}, and add to it: {@code
 * Shaping.bitsPerSecond(10_000_000).delay(Duration.ofMillis(20)).loss(0.01)}. See dummynet(4),
 * tc-tbf(8), tc-netem(8).
 *
 * @param bandwidth bits per second, a multiple of 8 up to 10^12; 0 for no limit
 * @param delay how long each packet takes, in whole microseconds up to a minute
 * @param jitter by how much the delay varies, at most the delay
 * @param loss the share of packets that are lost, 0 to 1, to a millionth
 * @param duplication the share of packets that come twice, 0 to 1, to a millionth
 * @param queue how many packets of the largest size wait at most for their turn, 1 to 1000000
 */
public record Shaping(
    long bandwidth, Duration delay, Duration jitter, double loss, double duplication, int queue) {
  /** How many packets wait at most, if nothing else is said: as dummynet(4) has it. */
  public static final int DEFAULT_QUEUE = 50;

  private static final long MOST_BANDWIDTH = 1_000_000_000_000L;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_QUEUE = 1_000_000;

  /** An ideal line. */
  public static final Shaping NONE =
      new Shaping(0, Duration.ZERO, Duration.ZERO, 0, 0, DEFAULT_QUEUE);

  /** Checks every value. */
  public Shaping {
    check(bandwidth >= 0 && bandwidth <= MOST_BANDWIDTH, "bandwidth", bandwidth, "0..10^12 bit/s");
    check(bandwidth % 8 == 0, "bandwidth", bandwidth, "a multiple of 8 bit/s");
    checkTime("delay", delay);
    checkTime("jitter", jitter);
    check(jitter.compareTo(delay) <= 0, "jitter", jitter, "at most the delay, " + delay);
    loss = share("loss", loss);
    duplication = share("duplication", duplication);
    check(queue >= 1 && queue <= MOST_QUEUE, "queue", queue, "1..1000000 packets");
  }

  private static void checkTime(String what, Duration time) {
    check(!time.isNegative() && time.compareTo(LONGEST) <= 0, what, time, "0..1 minute");
    check(time.toNanos() % 1000 == 0, what, time, "whole microseconds");
  }

  private static double share(String what, double value) {
    check(value >= 0 && value <= 1, what, value, "0..1");
    return Math.rint(value * 1e6) / 1e6;
  }

  private static void check(boolean good, String what, Object value, String allowed) {
    if (!good) {
      throw new IllegalArgumentException("Shaping: " + what + " " + value + " is not " + allowed);
    }
  }

  /**
   * Makes a line of limited bandwidth, otherwise ideal.
   *
   * @param bandwidth bits per second, a multiple of 8 up to 10^12
   * @return the line
   */
  public static Shaping bitsPerSecond(long bandwidth) {
    return NONE.bandwidth(bandwidth);
  }

  /**
   * Changes the bandwidth.
   *
   * @param bitsPerSecond a multiple of 8 up to 10^12; 0 for no limit
   * @return the line with it
   */
  public Shaping bandwidth(long bitsPerSecond) {
    return new Shaping(bitsPerSecond, delay, jitter, loss, duplication, queue);
  }

  /**
   * Changes the delay.
   *
   * @param time whole microseconds, up to a minute
   * @return the line with it
   */
  public Shaping delay(Duration time) {
    return new Shaping(bandwidth, time, jitter, loss, duplication, queue);
  }

  /**
   * Changes the jitter.
   *
   * @param time whole microseconds, at most the delay
   * @return the line with it
   */
  public Shaping jitter(Duration time) {
    return new Shaping(bandwidth, delay, time, loss, duplication, queue);
  }

  /**
   * Changes the loss.
   *
   * @param share 0 to 1
   * @return the line with it
   */
  public Shaping loss(double share) {
    return new Shaping(bandwidth, delay, jitter, share, duplication, queue);
  }

  /**
   * Changes the duplication.
   *
   * @param share 0 to 1
   * @return the line with it
   */
  public Shaping duplication(double share) {
    return new Shaping(bandwidth, delay, jitter, loss, share, queue);
  }

  /**
   * Changes the length of the queue.
   *
   * @param packets 1 to 1000000
   * @return the line with it
   */
  public Shaping queue(int packets) {
    return new Shaping(bandwidth, delay, jitter, loss, duplication, packets);
  }

  /**
   * Returns whether nothing happens to packets.
   *
   * @return true for an ideal line, whatever its queue
   */
  public boolean isNone() {
    return equals(NONE.queue(queue));
  }

  /**
   * Says what happens to packets, in the words of tc(8).
   *
   * @return such as {@code rate 10Mbit delay 20ms 2ms loss 1% queue 50}
   */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (bandwidth > 0) {
      words.add("rate " + bits());
    }
    if (!delay.isZero()) {
      words.add("delay " + millis(delay) + (jitter.isZero() ? "" : " " + millis(jitter)));
    }
    if (loss > 0) {
      words.add("loss " + number(loss * 100) + "%");
    }
    if (duplication > 0) {
      words.add("duplicate " + number(duplication * 100) + "%");
    }
    if (words.isEmpty()) {
      return "none";
    }
    return String.join(" ", words) + " queue " + queue;
  }

  private String bits() {
    String[] units = {"bit", "Kbit", "Mbit", "Gbit", "Tbit"};
    int unit = 0;
    long value = bandwidth;
    while (value % 1000 == 0 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return value + units[unit];
  }

  private static String millis(Duration time) {
    return number(time.toNanos() / 1e6) + "ms";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}
