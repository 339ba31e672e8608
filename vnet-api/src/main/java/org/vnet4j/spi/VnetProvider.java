// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Optional;
import org.vnet4j.VnetException;

/** Opens the kernel of this machine. Each kind of kernel has one implementation. */
public interface VnetProvider {

  /**
   * Returns the name of the kind of kernel.
   *
   * @return {@code FreeBSD} or {@code Linux}
   */
  String kernelName();

  /**
   * Returns why this provider cannot open the kernel of this machine.
   *
   * @return the reason in one sentence; empty if it can
   */
  Optional<String> unavailable();

  /**
   * Opens the kernel.
   *
   * @param request the parameters
   * @return the kernel, which the caller closes
   * @throws VnetException if the kernel cannot be opened; the message names the missing part and
   *     its remedy
   */
  Kernel open(OpenRequest request);
}
