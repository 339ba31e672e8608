// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import org.vnet4j.net.Cidr;

/** Operations on the address tables of one firewall. A table holds prefixes of both families. */
public interface TableDriver {

  /**
   * Lists the tables.
   *
   * @return their names, sorted
   */
  List<String> tables();

  /**
   * Creates an empty table.
   *
   * @param table its name
   * @throws org.vnet4j.firewall.Table.ExistsException if it is there
   */
  void create(String table);

  /**
   * Destroys a table.
   *
   * @param table its name
   * @throws org.vnet4j.firewall.Table.NotFoundException if there is none
   * @throws org.vnet4j.firewall.Table.BusyException if a rule uses it
   */
  void destroy(String table);

  /**
   * Lists what is in a table.
   *
   * @param table its name
   * @return prefixes, IPv4 first, in the order of their bytes
   * @throws org.vnet4j.firewall.Table.NotFoundException if there is none
   */
  List<Cidr> entries(String table);

  /**
   * Adds prefixes, all or none. Those that are in it already are no error.
   *
   * @param table its name
   * @param prefixes what to add
   * @throws org.vnet4j.firewall.Table.NotFoundException if there is no such table
   */
  void add(String table, List<Cidr> prefixes);

  /**
   * Deletes prefixes. Those that are not in it are no error.
   *
   * @param table its name
   * @param prefixes what to delete, exactly as they were added
   * @throws org.vnet4j.firewall.Table.NotFoundException if there is no such table
   */
  void delete(String table, List<Cidr> prefixes);

  /**
   * Empties a table.
   *
   * @param table its name
   * @throws org.vnet4j.firewall.Table.NotFoundException if there is none
   */
  void flush(String table);
}
