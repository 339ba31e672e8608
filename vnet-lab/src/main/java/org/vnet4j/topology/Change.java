// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

/**
 * One step of a plan.
 *
 * @param action what would happen
 * @param what to what
 */
public record Change(Action action, String what) {

  /** What would happen to something. */
  public enum Action {
    /** It would be created. */
    CREATE('+'),
    /** It would be changed. */
    CHANGE('~'),
    /** It would be removed. */
    REMOVE('-');

    private final char sign;

    Action(char sign) {
      this.sign = sign;
    }
  }

  /**
   * Returns the line.
   *
   * @return such as {@code + router r1}
   */
  @Override
  public String toString() {
    return action.sign + " " + what;
  }
}
