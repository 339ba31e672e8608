// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Networks as values and in files, pictures, rehearsals: what stands on the public model alone. */
module org.vnet4j.lab {
  requires transitive org.vnet4j;
  requires org.jspecify;
  requires org.snakeyaml.engine.v2;

  exports org.vnet4j.picture;
  exports org.vnet4j.rehearsal;
  exports org.vnet4j.topology;
  exports org.vnet4j.topology.file;

  // The schema is a resource for anybody.
  opens org.vnet4j.topology.file;
}
