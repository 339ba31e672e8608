// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import java.util.Arrays;
import org.vnet4j.freebsd.sim.FreeBsdAbi;

/**
 * Masks the bytes in which the recorded kernel and the simulated one may differ; each method states
 * why. MAC addresses and other random values need no mask, as the replay supplies the recorded
 * ones.
 */
final class Masks {
  private Masks() {}

  /**
   * Masks counters and the times of the last change and of boot: a replay sends no packets, and the
   * simulated kernel has no clock.
   */
  static byte[] interfaceData(byte[] bytes, int at) {
    byte[] masked = bytes.clone();
    int counters = at + FreeBsdAbi.offset("if_data", "ifi_ipackets");
    int hwassist = at + FreeBsdAbi.offset("if_data", "ifi_hwassist");
    Arrays.fill(masked, counters, hwassist, (byte) 0);
    Arrays.fill(masked, hwassist + Long.BYTES, at + FreeBsdAbi.size("if_data"), (byte) 0);
    return masked;
  }

  /**
   * Masks the number of the next hop: the real kernel numbers structures that the simulated one
   * lacks.
   */
  static byte[] nextHop(byte[] bytes, int message) {
    byte[] masked = bytes.clone();
    int weight =
        message
            + FreeBsdAbi.offset("rt_msghdr", "rtm_rmx")
            + FreeBsdAbi.offset("rt_metrics", "rmx_weight");
    Arrays.fill(masked, weight + Long.BYTES, weight + 2 * Long.BYTES, (byte) 0);
    return masked;
  }

  /** Masks an address in the caller's memory, which differs in each run. */
  static byte[] address(byte[] bytes, int at) {
    byte[] masked = bytes.clone();
    Arrays.fill(masked, at, at + Long.BYTES, (byte) 0);
    return masked;
  }

  /** Masks a list of messages, each by its type. */
  static byte[] messages(byte[] bytes) {
    byte[] masked = bytes;
    int at = 0;
    while (at + 4 <= bytes.length) {
      int length = bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
      int type = bytes[at + 3] & 0xff;
      if (length < 4) {
        break;
      }
      if (type == FreeBsdAbi.constant("RTM_IFINFO")) {
        boolean old = length == FreeBsdAbi.size("if_msghdr");
        masked =
            interfaceData(
                masked, at + FreeBsdAbi.offset(old ? "if_msghdr" : "if_msghdrl", "ifm_data"));
      } else if (type <= FreeBsdAbi.constant("RTM_GET")) {
        masked = nextHop(masked, at);
      }
      at += length;
    }
    return masked;
  }
}
