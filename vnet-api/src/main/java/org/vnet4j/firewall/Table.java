// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.TableDriver;

/**
 * A named set of addresses in the firewall of one stack, which rules refer to by {@link
 * Rules#table}: its prefixes can change while the rules remain. See LOOKUP TABLES in ipfw(8),
 * TABLES in pf.conf(5). A rule that names a table creates it, empty, if it does not exist.
 */
public final class Table {
  private final Access<TableDriver> access;
  private final String name;

  Table(Access<TableDriver> access, String name) {
    ObjectName.check(name);
    this.access = access;
    this.name = name;
  }

  /**
   * Returns its name.
   *
   * @return 1 to 63 letters, digits, {@code _ - .}
   */
  public String name() {
    return name;
  }

  /**
   * Returns whether the table exists.
   *
   * @return false before {@link #create} and after {@link #destroy}
   */
  public boolean exists() {
    return access.driver().tables().contains(name);
  }

  /**
   * Creates it, empty.
   *
   * @return this
   * @throws ExistsException if it exists (EEXIST)
   */
  public Table create() {
    return change("create", driver -> driver.create(name));
  }

  /**
   * Destroys it. Idempotent.
   *
   * @throws BusyException if a rule uses it
   */
  public void destroy() {
    try {
      change("destroy", driver -> driver.destroy(name));
    } catch (NotFoundException e) {
      return; // never created, or destroyed by another program
    }
  }

  /**
   * Adds addresses, all or none. Adding a prefix that the table holds already is not an error.
   *
   * @param prefixes such as {@code 192.0.2.0/24} or {@code 2001:db8::1}
   * @return this
   * @throws NotFoundException if the table does not exist
   */
  public Table add(String... prefixes) {
    return add(parsed(prefixes));
  }

  /**
   * Adds addresses, all or none. Adding a prefix that the table holds already is not an error.
   *
   * @param addresses of either family
   * @return this
   * @throws NotFoundException if the table does not exist
   */
  public Table add(InetAddress... addresses) {
    return add(hosts(addresses));
  }

  /**
   * Adds networks, all or none. Adding a prefix that the table holds already is not an error.
   *
   * @param prefixes of either family, as {@link #list} returns them; host bits are ignored
   * @return this
   * @throws NotFoundException if the table does not exist
   */
  public Table add(Collection<Cidr> prefixes) {
    List<Cidr> wanted = networks(prefixes);
    return change("add " + wanted, driver -> driver.add(name, wanted));
  }

  /**
   * Deletes addresses. Deleting a prefix that the table does not hold is not an error.
   *
   * @param prefixes exactly as they were added
   * @return this
   * @throws NotFoundException if the table does not exist
   */
  public Table delete(String... prefixes) {
    return delete(parsed(prefixes));
  }

  /**
   * Deletes addresses. Deleting a prefix that the table does not hold is not an error.
   *
   * @param addresses added as such, not as part of a network
   * @return this
   * @throws NotFoundException if the table does not exist
   */
  public Table delete(InetAddress... addresses) {
    return delete(hosts(addresses));
  }

  /**
   * Deletes networks. Deleting a prefix that the table does not hold is not an error.
   *
   * @param prefixes exactly as they were added
   * @return this
   * @throws NotFoundException if the table does not exist
   */
  public Table delete(Collection<Cidr> prefixes) {
    List<Cidr> unwanted = networks(prefixes);
    return change("delete " + unwanted, driver -> driver.delete(name, unwanted));
  }

  /**
   * Deletes all its prefixes.
   *
   * @return this
   * @throws NotFoundException if the table does not exist
   */
  public Table flush() {
    return change("flush", driver -> driver.flush(name));
  }

  /**
   * Lists its prefixes.
   *
   * @return prefixes, IPv4 first, in the order of their bytes
   * @throws NotFoundException if the table does not exist
   */
  public List<Cidr> list() {
    return access.driver().entries(name);
  }

  private Table change(String what, Consumer<TableDriver> change) {
    access.change("table " + name + " " + what, change);
    return this;
  }

  /** A prefix in a table means the whole network: 192.0.2.1/24 is 192.0.2.0/24. */
  private static List<Cidr> networks(Collection<Cidr> prefixes) {
    return prefixes.stream().map(Cidr::network).toList();
  }

  private static List<Cidr> parsed(String... prefixes) {
    return Stream.of(prefixes).map(AddressText::prefix).toList();
  }

  private static List<Cidr> hosts(InetAddress... addresses) {
    return Stream.of(addresses).map(Cidr::host).toList();
  }

  /**
   * Returns the name of the table.
   *
   * @return as in a rule: {@code table(blocked)}
   */
  @Override
  public String toString() {
    return "table(" + name + ")";
  }

  /** Thrown if the table does not exist. */
  public static final class NotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public NotFoundException(KernelError error) {
      super(error, "create() makes it");
    }
  }

  /** Thrown if a table of that name exists. */
  public static final class ExistsException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     */
    public ExistsException(KernelError error) {
      super(error, "exists() tells beforehand; flush() empties it");
    }
  }

  /** Thrown if a rule uses the table. */
  public static final class BusyException extends VnetException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param error the refused call
     * @param hint which rules use it, or null if the kernel does not report it
     */
    public BusyException(KernelError error, @Nullable String hint) {
      super(error, hint == null ? "delete the rules that use it first" : hint);
    }
  }
}
