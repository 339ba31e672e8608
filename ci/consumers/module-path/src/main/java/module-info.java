// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

module example {
  requires org.vnet4j.lab;
  requires org.vnet4j.micrometer;
}
