// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.io.IOException;
import java.nio.file.Path;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.process.StackProcess;
import org.vnet4j.posix.process.Users;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.ProcessSpec;

/** Starts processes in one stack through the helper. */
final class FreeBsdProcesses implements ProcessDriver {
  /** The first release whose dhclient(8) finds an interface without an IPv4 address. */
  private static final int FIRST_WITHOUT_ADDRESS = 1_400_000;

  /** The address that dhclient-script(8) gives before there is a lease. */
  private static final Cidr NO_ADDRESS = Cidr.parse("0.0.0.0/8");

  private final FreeBsdStack stack;

  FreeBsdProcesses(FreeBsdStack stack) {
    this.stack = stack;
  }

  /** Starts a process. Its hostname is that of the jail. */
  @Override
  public Process start(ProcessSpec spec) {
    return stack.here(
        () -> StackProcess.start(stack.session().helper(), stack.ref(), spec, this::user, null));
  }

  /** A jail with a root directory of its own has users of its own, as for {@code jexec -U}. */
  private Helper.User user(String name) {
    boolean ownRoot =
        stack.jid() != 0
            && stack
                .session()
                .jails()
                .find(stack.jid())
                .filter(j -> !j.path().equals("/"))
                .isPresent();
    return ownRoot ? new Helper.User.InJail(name) : Users.find(name);
  }

  /**
   * Adds the address 0.0.0.0 where dhclient(8) wants an IPv4 address on the interface before it
   * starts, see discover_interfaces() in sbin/dhclient/dispatch.c of FreeBSD 13.
   */
  @Override
  public Runnable prepareDhcp(String iface) {
    FreeBsdInterfaces interfaces = stack.interfaces();
    if (stack.session().release() >= FIRST_WITHOUT_ADDRESS
        || !interfaces.get(iface).addresses().stream().allMatch(Cidr::isIpv6)) {
      return () -> {};
    }
    interfaces.addAddress(iface, NO_ADDRESS);
    return () -> {
      try {
        interfaces.deleteAddress(iface, NO_ADDRESS);
      } catch (NetInterface.AddressNotFoundException e) {
        return; // somebody else deleted it
      }
    };
  }

  /**
   * Installs the helper program as the lease hook. The helper recognises this role by its file
   * name.
   */
  @Override
  public Path leaseHook(Path directory) {
    Path hook = directory.resolve("lease-hook");
    try {
      HelperProgram.install(hook);
      return hook;
    } catch (IOException e) {
      throw new VnetException("cannot make the lease hook: " + e.getMessage(), e);
    }
  }
}
