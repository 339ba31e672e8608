// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Network stacks, interfaces, jails and probes as objects; nothing of one operating system. */
module org.vnet4j {
  requires transitive org.jspecify;
  requires org.slf4j;

  exports org.vnet4j;
  exports org.vnet4j.capture;
  exports org.vnet4j.event;
  exports org.vnet4j.firewall;
  exports org.vnet4j.net;
  exports org.vnet4j.probe;
  exports org.vnet4j.spi;

  uses org.vnet4j.spi.FilterCompiler;
  uses org.vnet4j.spi.VnetProvider;
}
