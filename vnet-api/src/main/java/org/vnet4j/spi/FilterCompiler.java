// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import java.util.Optional;
import org.vnet4j.capture.Instruction;

/**
 * Compiles filters in tcpdump's language, see pcap-filter(7). Found by {@link
 * java.util.ServiceLoader}; touches no stack.
 */
public interface FilterCompiler {

  /**
   * Returns why it cannot be used here.
   *
   * @return the reason with what to do, empty if it can be used
   */
  Optional<String> unavailable();

  /**
   * Compiles a filter for Ethernet frames.
   *
   * @param text the filter, with no name in it that would have to be looked up
   * @param snaplen how many bytes to keep of a packet that passes
   * @return classic BPF, see bpf(4)
   * @throws IllegalArgumentException if the text is no filter; the message is the compiler's
   */
  List<Instruction> compile(String text, int snaplen);
}
