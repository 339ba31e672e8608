// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An operation to measure: a method of that name in {@link VnetForJava} or {@link Star}, and an
 * operation of that name in each contender that supports it.
 *
 * @param name of the method
 * @param size the number of interfaces or jails, 0 if the operation has no size
 */
record Operation(String name, int size) {
  private static final List<String> PLAIN =
      List.of(
          "readOneInterface",
          "addRemoveAddress",
          "bridgeAddDeleteMember",
          "createDestroyEpair",
          "createRemoveJail",
          "giveTakeBack",
          "ping",
          "startProcess",
          "addDeleteRule");
  private static final List<String> STAR = List.of("starBuild", "starPingAll", "starTearDown");

  /** An operation of the contenders alone: deletes link by link, as a simple tool does. */
  static final String ONE_BY_ONE = "starTearDownOneByOne";

  static List<Operation> all() {
    Stream<Operation> plain = PLAIN.stream().map(name -> new Operation(name, 0));
    Stream<Operation> star =
        Stream.concat(STAR.stream(), Stream.of(ONE_BY_ONE)).flatMap(Operation::sizes);
    Stream<Operation> rules = Stream.of(new Operation("loadRules", 1000));
    return Stream.of(plain, rules, sizes("listInterfaces"), star).flatMap(one -> one).toList();
  }

  private static Stream<Operation> sizes(String name) {
    return IntStream.of(10, 100, 1000).mapToObj(size -> new Operation(name, size));
  }

  boolean isStar() {
    return name.startsWith("star") && !name.equals("startProcess");
  }

  /** Returns whether the library has the operation. */
  boolean isOurs() {
    return !name.equals(ONE_BY_ONE);
  }

  /** Returns its pattern for JMH. */
  String pattern() {
    return "\\." + (isStar() ? "Star." : "VnetForJava.") + name + "$";
  }

  /** Returns the number of rounds; the short set has fewer. */
  int rounds(boolean full) {
    if (!full) {
      return !isStar() ? 3 : size == 1000 ? 1 : 2;
    }
    return name.equals(ONE_BY_ONE) && size == 1000 ? 2 : isStar() && size == 1000 ? 5 : 10;
  }

  @Override
  public String toString() {
    return size == 0 ? name : name + "(" + size + ")";
  }
}
