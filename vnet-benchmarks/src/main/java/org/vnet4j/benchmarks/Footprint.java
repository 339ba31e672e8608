// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;

/** Prints what each jail costs in the JVM: bytes of heap, and descriptors. */
public final class Footprint {
  private static final int JAILS = 1000;

  private Footprint() {}

  /**
   * Creates the jails and prints a line.
   *
   * @param args none
   */
  public static void main(String[] args) {
    try (Vnet vnet = Vnet.sandbox()) {
      List<Jail> jails = new ArrayList<>(JAILS);
      vnet.host().jail("first").create().ifconfig();
      long heap = used();
      long descriptors = descriptors();
      for (int i = 0; i < JAILS; i++) {
        Jail jail = vnet.host().jail("jail" + i).create();
        jail.ifconfig();
        jails.add(jail);
      }
      System.out.printf(
          Locale.ROOT,
          "%d %.2f bytes of heap and descriptors in the JVM for each of %d jails%n",
          (used() - heap) / JAILS,
          (descriptors() - descriptors) / (double) JAILS,
          jails.size());
    }
  }

  private static long used() {
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long descriptors() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
        .getOpenFileDescriptorCount();
  }
}
