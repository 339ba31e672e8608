// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Topologies in YAML and JSON files. */
module org.vnet4j.topology.yaml {
  requires transitive org.vnet4j;
  requires org.jspecify;
  requires org.snakeyaml.engine.v2;

  exports org.vnet4j.topology.yaml;

  // The schema is a resource for anybody.
  opens org.vnet4j.topology.yaml;
}
