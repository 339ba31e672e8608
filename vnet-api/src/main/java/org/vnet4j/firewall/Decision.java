// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The decision of a rule set on a packet, with the rule that decides. */
public final class Decision {
  private final boolean passed;
  private final @Nullable NumberedRule rule;
  private final boolean byState;
  private final boolean overLimit;
  private final Action.@Nullable Reject answer;

  Decision(
      boolean passed,
      @Nullable NumberedRule rule,
      boolean byState,
      boolean overLimit,
      Action.@Nullable Reject answer) {
    this.passed = passed;
    this.rule = rule;
    this.byState = byState;
    this.overLimit = overLimit;
    this.answer = answer;
  }

  /**
   * Returns whether the packet passes.
   *
   * @return false if it is dropped
   */
  public boolean passes() {
    return passed;
  }

  /**
   * Returns the rule that decides.
   *
   * @return the rule, empty if the default action decides
   */
  public Optional<NumberedRule> rule() {
    return Optional.ofNullable(rule);
  }

  /**
   * Returns whether a state of an earlier packet led to the rule.
   *
   * @return true for the later packets of a connection
   */
  public boolean byState() {
    return byState;
  }

  /**
   * Returns whether the packet is dropped because a limit is reached.
   *
   * @return true if so
   */
  public boolean overLimit() {
    return overLimit;
  }

  /**
   * Returns the answer to the sender.
   *
   * @return the message that is sent, in the packet's own family; empty if none is sent
   */
  public Optional<Action.Reject> answer() {
    return Optional.ofNullable(answer);
  }

  /**
   * Describes the decision in a line.
   *
   * @return for example {@code dropped by 00100 deny ip from any to any}
   */
  @Override
  public String toString() {
    String text = passed ? "passed" : answer == null ? "dropped" : "refused (" + answer + ")";
    text += rule == null ? " by default" : " by " + rule;
    return text + (byState ? ", through a state" : "") + (overLimit ? ", limit reached" : "");
  }
}
