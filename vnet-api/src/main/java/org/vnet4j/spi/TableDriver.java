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
   * @param table name of the table
   * @throws org.vnet4j.firewall.Table.ExistsException if the table exists
   */
  void create(String table);

  /**
   * Destroys a table.
   *
   * @param table name of the table
   * @throws org.vnet4j.firewall.Table.NotFoundException if the table does not exist
   * @throws org.vnet4j.firewall.Table.BusyException if a rule uses it
   */
  void destroy(String table);

  /**
   * Lists the prefixes in a table.
   *
   * @param table name of the table
   * @return the prefixes, IPv4 first, in the order of their bytes
   * @throws org.vnet4j.firewall.Table.NotFoundException if the table does not exist
   */
  List<Cidr> entries(String table);

  /**
   * Adds all prefixes or none. Adding a prefix that the table holds already is not an error.
   *
   * @param table name of the table
   * @param prefixes the prefixes to add
   * @throws org.vnet4j.firewall.Table.NotFoundException if the table does not exist
   */
  void add(String table, List<Cidr> prefixes);

  /**
   * Deletes prefixes. Deleting a prefix that the table does not hold is not an error.
   *
   * @param table name of the table
   * @param prefixes the prefixes to delete, exactly as they were added
   * @throws org.vnet4j.firewall.Table.NotFoundException if the table does not exist
   */
  void delete(String table, List<Cidr> prefixes);

  /**
   * Deletes all prefixes of a table.
   *
   * @param table name of the table
   * @throws org.vnet4j.firewall.Table.NotFoundException if the table does not exist
   */
  void flush(String table);
}
