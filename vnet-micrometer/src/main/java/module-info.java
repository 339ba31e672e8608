// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Meters for the interfaces of stacks. */
module org.vnet4j.micrometer {
  requires transitive org.vnet4j;
  requires transitive micrometer.core;
  requires org.jspecify;
  requires org.slf4j;

  exports org.vnet4j.micrometer;
}
