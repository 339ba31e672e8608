// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import org.vnet4j.net.Names;

/**
 * A problem of a topology.
 *
 * @param where the place, as a path into the topology: {@code nodes.web}, {@code
 *     nodes.web.routes[0]}, {@code links[2].a.addresses[0]}; indexes count from 0
 * @param message the error
 */
public record Problem(String where, String message) {

  /** Makes control characters visible: the message may quote a name that is none. */
  public Problem {
    message = Names.visible(message);
  }

  /**
   * Returns the problem in one line.
   *
   * @return the place and the message
   */
  @Override
  public String toString() {
    return Names.visible(where) + ": " + message;
  }
}
