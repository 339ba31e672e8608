// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Nested;

/** A topic of the self-test: one nested class of the contract. */
record Topic(String name, Class<?> type) {

  /** Returns the topics of a contract, in the order of their names. */
  static List<Topic> of(Class<?> contract) {
    List<Topic> topics = new ArrayList<>();
    for (Class<?> type = contract; type != null; type = type.getSuperclass()) {
      for (Class<?> nested : type.getDeclaredClasses()) {
        if (nested.isAnnotationPresent(Nested.class)) {
          topics.add(new Topic(name(nested.getSimpleName()), nested));
        }
      }
    }
    topics.sort(Comparator.comparing(Topic::name));
    return topics;
  }

  /** Converts {@code BadInput} to {@code bad-input}. */
  static String name(String simpleName) {
    return simpleName.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
