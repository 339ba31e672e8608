// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.net.Errno.EACCES;
import static org.vnet4j.net.Errno.EINVAL;
import static org.vnet4j.net.Errno.ENOENT;
import static org.vnet4j.net.Errno.ENOSPC;
import static org.vnet4j.net.Errno.EPERM;
import static org.vnet4j.net.Errno.EUSERS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.linux.registry.DirectoryRegistry;
import org.vnet4j.linux.registry.JailRegistry;
import org.vnet4j.linux.registry.MemoryRegistry;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.VnetProvider;

/**
 * Opens the kernel of a Linux machine, or a sandbox on it. Found by {@link
 * java.util.ServiceLoader}.
 */
public final class LinuxProvider implements VnetProvider {
  private static final Path REGISTRY = Path.of("/run/vnet4j");
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final String NO_NAMESPACES =
      "this user may not have namespaces of its own: run as root, or let ordinary users have them"
          + " (Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0; Debian before 11:"
          + " sysctl kernel.unprivileged_userns_clone=1; where user.max_user_namespaces is 0: raise"
          + " it; in a container: start it with the capabilities SYS_ADMIN and SETFCAP, or with"
          + " SYS_ADMIN, NET_ADMIN and NET_RAW; after chroot(8): only root may)";

  private static final String IN_A_BARE_ROOT =
      "the root directory needs a mounted /proc, a /dev/null, and a directory /run";

  private static final String IN_A_CHROOT =
      "a sandbox needs a / that is a mount point: before chroot(8), mount the directory on itself"
          + " (mount --bind DIR DIR)";

  /** Creates the provider; does not access the system. */
  public LinuxProvider() {}

  @Override
  public String kernelName() {
    return "Linux";
  }

  @Override
  public Optional<String> unavailable() {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      return Optional.of("this is " + system);
    }
    return Files.exists(Path.of("/proc/self/ns/net"))
        ? Optional.empty()
        : Optional.of(
            "the kernel has no network namespaces (CONFIG_NET_NS), or /proc is not there");
  }

  @Override
  public Kernel open(OpenRequest request) {
    Helper helper = helper(request.sandbox());
    try {
      JailRegistry registry =
          request.sandbox() ? new MemoryRegistry() : new DirectoryRegistry(REGISTRY, NAMESPACES);
      return new LinuxKernel(
          helper, request.sandbox(), registry, request.application(), request.without());
    } catch (RuntimeException e) {
      Failures.undo(e, helper::close);
      throw e;
    }
  }

  private static Helper helper(boolean sandbox) {
    try {
      return sandbox ? HelperProgram.sandbox() : HelperProgram.own();
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElseThrow(() -> e);
      if (error.isErrno(ENOENT) && !error.call().equals("posix_spawn")) {
        throw new Vnet.UnsupportedException(error, IN_A_BARE_ROOT);
      }
      if (sandbox && error.isErrno(EPERM, EACCES, ENOSPC, EUSERS)) {
        throw new Vnet.NotPermittedException(error, NO_NAMESPACES);
      }
      if (sandbox && error.isErrno(EINVAL) && error.call().equals("mount /")) {
        throw new Vnet.UnsupportedException(IN_A_CHROOT);
      }
      throw e;
    }
  }
}
