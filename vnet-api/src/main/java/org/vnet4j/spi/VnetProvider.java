// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Optional;
import org.vnet4j.VnetException;

/** Opens the kernel of the machine at hand; one implementation for each kind of kernel. */
public interface VnetProvider {

  /**
   * Names the kind of kernel.
   *
   * @return {@code FreeBSD} or {@code Linux}
   */
  String kernelName();

  /**
   * Returns why this provider cannot serve this machine.
   *
   * @return the reason in one sentence, empty if it can serve
   */
  Optional<String> unavailable();

  /**
   * Opens the kernel.
   *
   * @param request what is asked for
   * @return the kernel, to be closed by the caller
   * @throws VnetException if it cannot be opened; it says what is missing and how to get it
   */
  Kernel open(OpenRequest request);
}
