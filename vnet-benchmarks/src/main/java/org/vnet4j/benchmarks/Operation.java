// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An operation to measure: a case of that name in {@link LibraryOperations}, and an operation of
 * that name in each contender that supports it.
 *
 * @param name of the operation
 * @param size the number of interfaces, jails or rules, 0 if the operation has no size
 * @param cold whether it is the first in its process
 */
record Operation(String name, int size, boolean cold) {
  static final String STAR_BUILD = "starBuild";
  static final String STAR_PING_ALL = "starPingAll";
  static final String STAR_TEAR_DOWN = "starTearDown";

  /** Memory and descriptors for each jail, and the start of a JVM: see {@link OwnJvm}. */
  static final Operation HEAP = warm("heapPerJail");

  static final Operation DESCRIPTORS = warm("descriptorsPerJail");
  static final Operation START = warm("jvmStart");
  static final Operation START_ARCHIVED = warm("jvmStartWithArchive");

  /** Threads that work at the same time, on a JDK that has virtual ones. */
  static final Operation PLATFORM_THREADS = new Operation("platformThreads", 200, false);

  static final Operation VIRTUAL_THREADS = new Operation("virtualThreads", 200, false);

  private static final List<String> PLAIN =
      List.of(
          "readOneInterface",
          "addRemoveAddress",
          "bridgeAddDeleteMember",
          "createDestroyEpair",
          "giveTakeBack",
          "createRemoveJail",
          "createJailEvery20ms",
          "ping",
          "startProcess",
          "addDeleteRule");
  private static final List<String> COLD =
      List.of("readOneInterface", "createRemoveJail", "ping", "startProcess");

  /** As many jails as the descriptors of a process allow: two for each, and some others. */
  static final int MANY = many();

  private static int many() {
    long files =
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
            .getMaxFileDescriptorCount();
    return (int) Math.min(10_000, (files - 1000) / 2000 * 1000);
  }

  static Operation warm(String name) {
    return new Operation(name, 0, false);
  }

  static Operation of(String name, int size) {
    return new Operation(name, size, false);
  }

  static Operation cold(String name, int size) {
    return new Operation(name, size, true);
  }

  /**
   * Returns all operations in groups. Those of a group are compared with one another, so they take
   * turns; of a star, one build gives a sample of each.
   *
   * @param full the full set, or the short one
   */
  static List<List<Operation>> groups(boolean full) {
    List<List<Operation>> groups = new ArrayList<>();
    PLAIN.forEach(name -> groups.add(List.of(warm(name))));
    sizes("listInterfaces", 10, 100, 1000).forEach(one -> groups.add(List.of(one)));
    COLD.forEach(name -> groups.add(List.of(cold(name, 0))));
    groups.add(List.of(cold(STAR_BUILD, 10)));
    groups.add(List.of(cold(STAR_BUILD, 100)));
    groups.add(star(10));
    groups.add(star(100));
    groups.add(List.of(of("allPairs", 100)));
    sizes("loadRules", full ? new int[] {1000, 10_000} : new int[] {1000})
        .forEach(one -> groups.add(List.of(one)));
    groups.add(List.of(of("ruleBesideWriter", 5000)));
    groups.add(sizes("jailBeside", full ? new int[] {10, 1000, MANY} : new int[] {10, 1000}));
    groups.add(List.of(PLATFORM_THREADS, VIRTUAL_THREADS));
    if (full) {
      groups.add(sizes("buildMany", 1000, MANY));
    }
    groups.add(star(1000)); // the longest: if time is short, it has fewer samples
    return groups;
  }

  private static List<Operation> star(int size) {
    return Stream.of(STAR_BUILD, STAR_PING_ALL, STAR_TEAR_DOWN)
        .map(name -> of(name, size))
        .toList();
  }

  private static List<Operation> sizes(String name, int... sizes) {
    return IntStream.of(sizes).mapToObj(size -> of(name, size)).toList();
  }

  /** Returns whether one build of a star gives its sample, and that of others. */
  boolean isPartOfStar() {
    return !cold && name.startsWith("star") && size > 0;
  }

  /** Returns whether one run is a sample: it takes long, or it is the first that counts. */
  boolean isSingle() {
    return cold || isPartOfStar() || name.matches("ruleBesideWriter|buildMany|.*Threads");
  }

  /** Returns whether the library works on the machine's own stack, and not in a sandbox. */
  boolean isOnMachine() {
    return name.equals("jailBeside");
  }

  /** Returns the number of processes that each contender has, one after the other. */
  int sittings() {
    return name.equals("buildMany") || !isSingle() ? 2 : 1;
  }

  /** Returns the number of samples of a sitting; there are ten or more in all. */
  int samples(boolean full) {
    if (name.equals("buildMany")) {
      return 2; // four in all, each of them takes minutes
    }
    return (full && size < 1000 ? 20 : size == 1000 ? 10 : 12) / sittings();
  }

  /** Formats a value of this operation. */
  String format(double value) {
    return equals(HEAP)
        ? Math.round(value) + " B"
        : equals(DESCRIPTORS) ? ResultTable.ratio(value) : ResultTable.time(value);
  }

  @Override
  public String toString() {
    return name + (size == 0 ? "" : "(" + size + ")") + (cold ? ", cold" : "");
  }
}
