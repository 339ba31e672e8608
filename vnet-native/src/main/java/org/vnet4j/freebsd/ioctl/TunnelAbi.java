// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

/**
 * Requests of net/if_gif.c and net/if_gre.c, from sys/sockio.h, netinet6/in6_var.h and
 * net/if_gre.h.
 */
public final class TunnelAbi {
  static final long SIOCSIFPHYADDR = 0x80446946L;
  static final long SIOCSIFPHYADDR_IN6 = 0x80886946L;
  static final long GRESKEY = 0x8020696cL;

  private TunnelAbi() {}
}
