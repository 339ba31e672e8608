// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Optional;
import org.vnet4j.freebsd.sys.NativeLibc;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.VnetProvider;

/** Opens the kernel of a FreeBSD machine. {@link java.util.ServiceLoader} finds this provider. */
public final class FreeBsdProvider implements VnetProvider {
  /** Creates the provider. Makes no system call. */
  public FreeBsdProvider() {}

  @Override
  public String kernelName() {
    return "FreeBSD";
  }

  @Override
  public Optional<String> unavailable() {
    String system = System.getProperty("os.name");
    return system.equals("FreeBSD") ? Optional.empty() : Optional.of("this is " + system);
  }

  @Override
  public Kernel open(OpenRequest request) {
    return FreeBsdKernel.open(NativeLibc.kernel(), HelperProgram::own, request);
  }
}
