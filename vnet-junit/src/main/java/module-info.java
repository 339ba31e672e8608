// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Networks in JUnit tests. */
module org.vnet4j.junit {
  requires transitive org.vnet4j;
  requires transitive org.vnet4j.lab;
  requires transitive org.junit.jupiter.api;
  requires org.jspecify;

  exports org.vnet4j.junit;

  // JUnit creates the extension.
  opens org.vnet4j.junit to
      org.junit.platform.commons;
}
