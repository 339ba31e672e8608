// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import org.vnet4j.net.Names;

/**
 * One step of a plan.
 *
 * @param action the kind of change
 * @param what the object that changes, with details
 */
public record Change(Action action, String what) {

  /** Makes control characters visible: the text may contain names that others gave. */
  public Change {
    what = Names.visible(what);
  }

  /** The kind of a change. */
  public enum Action {
    /** The object is created. */
    CREATE('+'),
    /** The object is changed. */
    CHANGE('~'),
    /** The object is removed. */
    REMOVE('-');

    private final char sign;

    Action(char sign) {
      this.sign = sign;
    }
  }

  /**
   * Returns the change in one line.
   *
   * @return such as {@code + router r1}
   */
  @Override
  public String toString() {
    return action.sign + " " + what;
  }
}
