// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.vnet4j.net.Errno.EACCES;
import static org.vnet4j.net.Errno.EADDRNOTAVAIL;
import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.EINVAL;
import static org.vnet4j.net.Errno.ENOENT;
import static org.vnet4j.net.Errno.ENOPROTOOPT;
import static org.vnet4j.net.Errno.EPERM;

import java.util.function.Function;
import java.util.function.Supplier;
import org.vnet4j.Jail;
import org.vnet4j.KernelError;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.spi.KernelErrors;

/**
 * Converts errors of the calls to the typed exceptions of the model. An error without a type of its
 * own is passed on unchanged, with its remedy.
 */
public final class FreeBsdErrors {
  private FreeBsdErrors() {}

  public static <T> T ofJail(Supplier<T> work) {
    try {
      return work.get();
    } catch (VnetException e) {
      throw ofJail(e);
    }
  }

  public static <T> T ofKernel(Supplier<T> work) {
    try {
      return work.get();
    } catch (VnetException e) {
      throw typed(e, KernelErrors::of);
    }
  }

  public static VnetException ofInterface(VnetException e) {
    return typed(e, FreeBsdErrors::ofInterface);
  }

  public static VnetException ofRoute(VnetException e) {
    return typed(e, error -> error.call().startsWith("RTM_") ? route(error) : ofInterface(error));
  }

  /** Converts an error of ipfw. A kernel without ipfw does not have the socket option. */
  public static VnetException ofFirewall(VnetException e) {
    return typed(
        e,
        error ->
            error.isErrno(ENOPROTOOPT)
                ? new Vnet.UnsupportedException(
                    error, "kldload ipfw on the host: jails cannot load modules")
                : ofInterface(error));
  }

  public static VnetException ofJail(VnetException e) {
    return typed(e, FreeBsdErrors::ofJail);
  }

  private static VnetException typed(VnetException e, Function<KernelError, VnetException> typing) {
    KernelError error = e.kernelError().orElse(null);
    if (error == null || e.getClass() != VnetException.class) {
      return e;
    }
    VnetException typed =
        error.isErrno(EPERM, EACCES)
            ? new Vnet.NotPermittedException(error, Remedies.of(error))
            : typing.apply(error);
    return typed.getClass() == VnetException.class ? e : typed;
  }

  private static VnetException route(KernelError error) {
    return KernelErrors.ofRoute(error);
  }

  /**
   * Converts an error of an interface call. Bridges and vlans report ENOENT where other calls
   * report ENXIO, and a bridge reports EEXIST for an existing member.
   */
  public static VnetException ofInterface(KernelError error) {
    boolean bridge = error.call().startsWith("BRDG");
    if (error.isErrno(ENOENT) && (bridge || error.call().equals("SIOCSETVLAN"))) {
      return new NetInterface.NotFoundException(error);
    }
    if (bridge && error.isErrno(EEXIST)) {
      return new NetInterface.BusyException(error);
    }
    if (error.call().startsWith("SIOCSIFPHYADDR") && error.isErrno(EADDRNOTAVAIL)) {
      return new NetInterface.BusyException(error);
    }
    if (error.call().equals("jail_attach")) {
      return ofJail(error);
    }
    if (error.call().equals("SIOCIFCREATE2") && error.isErrno(EINVAL)) {
      return new Vnet.UnsupportedException(error, Remedies.of(error));
    }
    return KernelErrors.ofInterface(error);
  }

  public static VnetException ofJail(KernelError error) {
    boolean gone = error.isErrno(EINVAL) && error.call().matches("jail_attach|jail_remove");
    if (gone) {
      return new Jail.NotFoundException(error);
    }
    // A path that is not there is ENOENT too, without words.
    if (error.call().equals("jail_set") && error.isErrno(ENOENT) && error.detail().isEmpty()) {
      return new VnetException(error, null);
    }
    return KernelErrors.ofJail(error);
  }
}
