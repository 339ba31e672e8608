// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import java.util.Arrays;
import org.vnet4j.freebsd.sim.FreeBsdAbi;

/**
 * What may differ between the recorded kernel and the simulated one, each rule with its reason. MAC
 * addresses and other things drawn by chance need none: the replay puts in what was recorded.
 */
final class Masks {
  private Masks() {}

  /**
   * Counters, and the times of the last change and of boot: no packet travels in the simulated
   * kernel, and it has no clock.
   */
  static byte[] interfaceData(byte[] bytes, int at) {
    byte[] masked = bytes.clone();
    int counters = at + FreeBsdAbi.offset("if_data", "ifi_ipackets");
    int hwassist = at + FreeBsdAbi.offset("if_data", "ifi_hwassist");
    Arrays.fill(masked, counters, hwassist, (byte) 0);
    Arrays.fill(masked, hwassist + Long.BYTES, at + FreeBsdAbi.size("if_data"), (byte) 0);
    return masked;
  }

  /** The number of the next hop: the real kernel counts structures of its own. */
  static byte[] nextHop(byte[] bytes, int message) {
    byte[] masked = bytes.clone();
    int weight =
        message
            + FreeBsdAbi.offset("rt_msghdr", "rtm_rmx")
            + FreeBsdAbi.offset("rt_metrics", "rmx_weight");
    Arrays.fill(masked, weight + Long.BYTES, weight + 2 * Long.BYTES, (byte) 0);
    return masked;
  }

  /** The caller's own address, which is another one in each run. */
  static byte[] address(byte[] bytes, int at) {
    byte[] masked = bytes.clone();
    Arrays.fill(masked, at, at + Long.BYTES, (byte) 0);
    return masked;
  }

  /** Masks one message after another by its type. */
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
