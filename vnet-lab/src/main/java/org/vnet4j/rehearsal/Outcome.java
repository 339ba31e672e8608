// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.util.Locale;

/** The outcome of a probe. */
public enum Outcome {
  /** It arrived: the ping was answered, the connection opened, the datagram came. */
  PASSED,
  /** It was refused: a reset or an ICMP error came back. */
  REFUSED,
  /** Nothing came back, or the stack's own firewall did not let it go. */
  DROPPED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
