// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import static org.vnet4j.net.Errno.EACCES;
import static org.vnet4j.net.Errno.EADDRNOTAVAIL;
import static org.vnet4j.net.Errno.EAFNOSUPPORT;
import static org.vnet4j.net.Errno.EBUSY;
import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.EHOSTUNREACH;
import static org.vnet4j.net.Errno.EMFILE;
import static org.vnet4j.net.Errno.ENETUNREACH;
import static org.vnet4j.net.Errno.ENFILE;
import static org.vnet4j.net.Errno.ENODEV;
import static org.vnet4j.net.Errno.ENOENT;
import static org.vnet4j.net.Errno.ENOSYS;
import static org.vnet4j.net.Errno.ENXIO;
import static org.vnet4j.net.Errno.EOPNOTSUPP;
import static org.vnet4j.net.Errno.EPERM;
import static org.vnet4j.net.Errno.EPROTONOSUPPORT;
import static org.vnet4j.net.Errno.ESRCH;

import org.vnet4j.Jail;
import org.vnet4j.KernelError;
import org.vnet4j.NetInterface;
import org.vnet4j.Routes;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;

/** Translates an errno of the kernel into the typed exception that the public API documents. */
public final class KernelErrors {
  private KernelErrors() {}

  /**
   * Returns the exception for a failed call on an interface: ENXIO and ENODEV not found, EEXIST
   * name taken, EBUSY busy, EADDRNOTAVAIL address not found.
   *
   * @param error the kernel's error
   * @return the exception to throw
   */
  public static VnetException ofInterface(KernelError error) {
    if (error.isErrno(ENXIO, ENODEV)) {
      return new NetInterface.NotFoundException(error);
    }
    if (error.isErrno(EEXIST)) {
      return new NetInterface.NameTakenException(error);
    }
    if (error.isErrno(EBUSY)) {
      return new NetInterface.BusyException(error);
    }
    if (error.isErrno(EADDRNOTAVAIL)) {
      return new NetInterface.AddressNotFoundException(error);
    }
    return of(error);
  }

  /**
   * Returns the exception for a failed call on a jail: ENOENT not found, EEXIST name taken.
   *
   * @param error the kernel's error
   * @return the exception to throw
   */
  public static VnetException ofJail(KernelError error) {
    if (error.isErrno(ENOENT)) {
      return new Jail.NotFoundException(error);
    }
    if (error.isErrno(EEXIST)) {
      return new Jail.NameTakenException(error);
    }
    return of(error);
  }

  /**
   * Returns the exception for a failed call on a route: EEXIST exists, ESRCH not found, ENETUNREACH
   * and EHOSTUNREACH unreachable, ENODEV no such interface.
   *
   * @param error the kernel's error
   * @return the exception to throw
   */
  public static VnetException ofRoute(KernelError error) {
    if (error.isErrno(EEXIST)) {
      return new Routes.ExistsException(error);
    }
    if (error.isErrno(ESRCH)) {
      return new Routes.NotFoundException(error);
    }
    if (error.isErrno(ENETUNREACH, EHOSTUNREACH)) {
      return new Routes.UnreachableException(error);
    }
    if (error.isErrno(ENODEV)) {
      return new NetInterface.NotFoundException(error);
    }
    return of(error);
  }

  /**
   * Returns the exception for any other failed call: EPERM and EACCES not permitted; EOPNOTSUPP,
   * ENOSYS, EAFNOSUPPORT and EPROTONOSUPPORT unsupported; EMFILE and ENFILE out of descriptors.
   *
   * @param error the kernel's error
   * @return the exception to throw
   */
  public static VnetException of(KernelError error) {
    if (error.isErrno(EPERM, EACCES)) {
      return new Vnet.NotPermittedException(
          error,
          "run as root (in a container: with the capabilities SYS_ADMIN, NET_ADMIN and NET_RAW), or"
              + " work in Vnet.sandbox() where the kernel lets ordinary users");
    }
    if (error.isErrno(EOPNOTSUPP, ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT)) {
      return new Vnet.UnsupportedException(error, null);
    }
    if (error.isErrno(EMFILE, ENFILE)) {
      return new VnetException(error, "descriptors ran out: raise the limit (ulimit -n)");
    }
    return new VnetException(error, null);
  }
}
