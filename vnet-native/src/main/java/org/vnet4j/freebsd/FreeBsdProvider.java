// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.vnet4j.freebsd.sys.NativeLibc;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.VnetProvider;

/** Opens the kernel of a FreeBSD machine. {@link java.util.ServiceLoader} finds this provider. */
public final class FreeBsdProvider implements VnetProvider {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final int EI_OSABI = 7;
  private static final int ELFOSABI_FREEBSD = 9;

  /** Creates the provider. Makes no system call. */
  public FreeBsdProvider() {}

  @Override
  public String kernelName() {
    return "FreeBSD";
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable(System.getProperty("os.name"), SHELL);
  }

  /**
   * Decides by the name of the system. Where that is another, the ABI of a program shows whether
   * the system is a derivative of FreeBSD. The native binding goes by the name as well, so there it
   * must be given to the JVM.
   */
  static Optional<String> unavailable(String system, Path program) {
    if (system.equals("FreeBSD")) {
      return Optional.empty();
    }
    return Optional.of(
        "this is "
            + system
            + (isOfFreeBsd(program)
                ? ", whose programs have FreeBSD's ABI: start java with -Dos.name=FreeBSD"
                : ""));
  }

  /** Reads the ABI in the header of an ELF file, see elf(5). */
  private static boolean isOfFreeBsd(Path program) {
    try (InputStream file = Files.newInputStream(program)) {
      byte[] header = file.readNBytes(EI_OSABI + 1);
      return header.length > EI_OSABI
          && header[0] == 0x7f
          && header[1] == 'E'
          && header[EI_OSABI] == ELFOSABI_FREEBSD;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Kernel open(OpenRequest request) {
    return FreeBsdKernel.open(NativeLibc.kernel(), HelperProgram::own, request);
  }
}
