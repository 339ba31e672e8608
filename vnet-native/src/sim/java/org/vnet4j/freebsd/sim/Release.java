// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

/**
 * A release of FreeBSD: what it does otherwise than the others, as far as this kernel simulates it.
 *
 * @param number {@code __FreeBSD_version}, which sysctl kern.osreldate returns
 */
public record Release(int number) {
  public static final Release V13_2 = new Release(1_302_001);
  public static final Release V14_0 = new Release(1_400_507);
  public static final Release V15_1 = new Release(FreeBsdAbi.constant("__FreeBSD_version"));

  private static final int FOURTEEN = 1_400_000;
  private static final int FIFTEEN = 1_500_000;

  /** Returns whether there are jail descriptors, EVFILT_JAIL and version 1 of ipfw. */
  public boolean hasJailDescriptors() {
    return number >= FIFTEEN;
  }

  /**
   * Returns whether the kernel looks for the cloner of an interface in its home stack. Before 14 it
   * looks in the present one: away from home an interface cannot be destroyed, and it loses the
   * group of its kind when it leaves a stack that is not its home. See {@code if_clone_destroyif}
   * and {@code if_clone_findifc} in net/if_clone.c.
   */
  public boolean findsClonerAtHome() {
    return number >= FOURTEEN;
  }

  /**
   * Returns whether the kernel sends RTM_IFINFO when an IPv4 address sets an interface up, see
   * {@code ifioctl} in net/if.c.
   */
  public boolean announcesUpByAddress() {
    return number >= FOURTEEN;
  }

  /** Returns whether an epair can leave out checksums, and does at first. */
  public boolean epairLeavesOutChecksums() {
    return number >= FIFTEEN;
  }

  /** Returns whether dhclient(8) finds an interface that has no IPv4 address. */
  public boolean dhclientNeedsNoAddress() {
    return number >= FOURTEEN;
  }

  /** Returns the name as in uname -r. */
  public String text() {
    return number / 100_000 + "." + number / 1000 % 100 + "-RELEASE";
  }
}
