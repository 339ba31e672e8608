// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a real kernel draws by chance or hashes from what it alone knows. A replay puts in what the
 * recorded kernel drew, so that bytes can be compared as they are.
 */
public interface Chance {
  /** The MAC address of a new interface. */
  byte[] mac(String stack, String interfaceName);

  /** The lower half of a link-local address where the MAC address is of no use. */
  byte[] identifier();

  /**
   * Hashes names, as the kernel does: two stacks of the same name get the same address for the same
   * interface.
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
