// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import java.util.Optional;
import org.vnet4j.capture.Instruction;

/**
 * Compiles filters of pcap-filter(7), the language of tcpdump. {@link java.util.ServiceLoader}
 * finds the implementation; it needs no network stack.
 */
public interface FilterCompiler {

  /**
   * Returns why the compiler cannot be used on this machine.
   *
   * @return the reason and its remedy; empty if the compiler can be used
   */
  Optional<String> unavailable();

  /**
   * Compiles a filter for Ethernet frames.
   *
   * @param text the filter, without names that need a name service
   * @param snaplen number of bytes to keep of a matching packet
   * @return a classic BPF program, see bpf(4)
   * @throws IllegalArgumentException if the text is not a filter; carries the compiler's message
   */
  List<Instruction> compile(String text, int snaplen);
}
