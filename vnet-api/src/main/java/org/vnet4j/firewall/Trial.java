// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.TrialDriver;

/**
 * New rules of a firewall on trial. Unless they are confirmed, the old rules are restored: when the
 * time is up, on {@link #close}, or when this program ends, even by a kill; a removal of the jail
 * ends the trial too, and if it fails, the old rules are restored. So rules that lock out their
 * author do so only for a while:
 *
 * <pre>{@code
 * try (Trial trial = jail.ipfw().loadOnTrial(rules, Duration.ofSeconds(30))) {
 *   if (stillReachable()) {
 *     trial.confirm();
 *   }
 * }
 * }</pre>
 *
 * <p>While it lasts, the firewall takes no other change of rules, sets or tables: an {@link
 * InProgressException} names the trial, in other programs too (those of pf and ipfilter on FreeBSD
 * are not kept from it).
 *
 * <p>If the program and its helper are killed in one moment, as by a kill of their whole control
 * group, nobody is left to restore the old rules.
 */
public final class Trial implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

  /** The longest trial: the helper counts its milliseconds in 31 bits. */
  private static final Duration LONGEST = Duration.ofDays(24);

  private final String stack;
  private final TrialDriver driver;
  private final long deadline;
  private boolean ended;

  private Trial(String stack, TrialDriver driver, long deadline) {
    this.stack = stack;
    this.driver = driver;
    this.deadline = deadline;
  }

  static <D> Trial begin(
      Access<D> access, String what, Duration limit, Function<D, TrialDriver> load) {
    if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a trial of "
              + limit
              + ": at least a millisecond, at most "
              + LONGEST.toDays()
              + " days");
    }
    long deadline = System.nanoTime() + limit.toNanos();
    return new Trial(access.stack(), access.changeAndGet(what, load), deadline);
  }

  /**
   * Keeps the new rules. If this fails, the trial continues.
   *
   * @throws TooLateException if the trial has ended already: the old rules were restored, or the
   *     jail was removed
   */
  public synchronized void confirm() {
    if (ended) {
      throw new IllegalStateException("this trial has ended");
    }
    try {
      driver.confirm();
      ended = true;
    } catch (TooLateException e) {
      ended = true;
      throw e;
    }
  }

  /**
   * Restores the old rules now, if they are not restored yet. If this fails, the trial continues,
   * and the old rules are restored when the time is up.
   */
  public synchronized void restore() {
    if (!ended) {
      try {
        driver.restore();
      } catch (Vnet.ClosedException e) {
        LOG.debug("{}: the old rules came back when the Vnet was closed", stack);
      } catch (Jail.NotFoundException e) {
        LOG.debug("{}: the jail is removed, with its rules", stack);
      }
      ended = true;
    }
  }

  /**
   * Returns how much time remains to confirm.
   *
   * @return zero if it is up
   */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** Restores the old rules unless the new rules were confirmed. Idempotent. */
  @Override
  public void close() {
    restore();
  }

  /**
   * Thrown if a firewall is to be changed, or other rules are to be tried, while rules of it are on
   * trial: the end of the trial would undo the change.
   */
  public static final class InProgressException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param firewall the firewall and its stack
     * @param trial when the trial ends, and which program began it
     */
    public InProgressException(String firewall, String trial) {
      super(
          firewall
              + ": rules are on trial "
              + trial
              + ", and the end of the trial would undo this change; confirm() or restore() that"
              + " trial first, or wait for its end");
    }
  }

  /**
   * Thrown if the trial ended before the new rules were confirmed: the time was up, the helper was
   * killed, or a removal of the jail ended it, even one that failed. The cause names the helper if
   * that was killed.
   */
  public static final class TooLateException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error of a trial whose time was up.
     *
     * @param firewall the firewall and its stack
     */
    public TooLateException(String firewall) {
      this(
          firewall,
          "the new rules were not confirmed in time, and the old ones are back; load them with more"
              + " time");
    }

    private TooLateException(String firewall, String why) {
      super(firewall + ": " + why);
    }

    /**
     * Makes the error of a trial that a removal of the jail ended.
     *
     * @param firewall the firewall and its stack
     * @return the error
     */
    public static TooLateException afterRemoval(String firewall) {
      return new TooLateException(
          firewall, "a removal of the jail ended the trial before the new rules were confirmed");
    }

    /**
     * Makes the error of a trial whose helper was killed.
     *
     * @param firewall the firewall and its stack
     * @param lost how the helper ended
     */
    public TooLateException(String firewall, VnetException lost) {
      super(
          firewall
              + ": the new rules were not confirmed, and the old ones are back: "
              + lost.getMessage()
              + "; open the Vnet again and load them again",
          lost);
    }
  }
}
