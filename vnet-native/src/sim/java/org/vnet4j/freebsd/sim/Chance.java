// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Supplies the values that a real kernel draws at random or hashes from private state. A replay
 * supplies the values that the recorded kernel drew, so that its bytes compare unchanged.
 */
public interface Chance {
  /** Returns the MAC address of a new interface. */
  byte[] mac(String stack, String interfaceName);

  /** Returns the lower half of a link-local address, used where no MAC address can form it. */
  byte[] identifier();

  /**
   * Hashes the stack's and the interface's name, as the kernel does: two stacks of the same name
   * get the same address for the same interface.
   */
  Chance HASHED =
      new Chance() {
        @Override
        public byte[] mac(String stack, String interfaceName) {
          int hash =
              Arrays.hashCode((stack + "/" + interfaceName).getBytes(StandardCharsets.UTF_8));
          return new byte[] {
            0x58, (byte) 0x9c, (byte) 0xfc, (byte) (hash >> 16), (byte) (hash >> 8), (byte) hash
          };
        }

        @Override
        public byte[] identifier() {
          return new byte[] {0x60, 0x1c, (byte) 0xc1, 0x52, (byte) 0xec, 0x7c, 0x7d, 0x64};
        }
      };
}
