// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFDRV_IFD_CMD;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFDRV_IFD_DATA;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFDRV_IFD_LEN;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFDRV_SIZE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGDRVSPEC;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCSDRVSPEC;

import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/** Sends the driver-specific commands of bridges and vxlans, which are passed in a struct ifdrv. */
final class DriverCalls {
  private final Syscalls kernel;

  DriverCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Executes a command that reads. */
  void get(int socket, String name, int command, String call, String subject, Memory argument) {
    make(socket, SIOCGDRVSPEC, name, command, call, subject, argument);
  }

  /** Executes a command that changes something. */
  void set(int socket, String name, int command, String call, String subject, Memory argument) {
    make(socket, SIOCSDRVSPEC, name, command, call, subject, argument);
  }

  private void make(
      int socket,
      long number,
      String name,
      int command,
      String call,
      String subject,
      Memory argument) {
    Memory request =
        Ifreq.of(name, IFDRV_SIZE)
            .putLong(IFDRV_IFD_CMD, command)
            .putLong(IFDRV_IFD_LEN, argument.size())
            .point(IFDRV_IFD_DATA, argument);
    kernel.ioctl(socket, number, call, subject, request);
  }
}
