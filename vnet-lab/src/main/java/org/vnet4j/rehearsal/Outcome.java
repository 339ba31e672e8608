// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.util.Locale;

/** The outcome of a probe. */
public enum Outcome {
  /**
   * The packet arrived: the ping was answered, the connection opened, or the listener received the
   * datagram.
   */
  PASSED,
  /** The packet was refused: the sender received a reset or an ICMP error. */
  REFUSED,
  /**
   * The probe failed without an error from the network, or the sender's own kernel refused to send.
   */
  DROPPED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
