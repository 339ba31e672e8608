// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The public objects: host, jails, interfaces, bridges. Conventions for all of them:
 *
 * <p><b>Making and finding.</b> {@code stack.jail(name)}, {@code stack.epair()} and similar methods
 * return a builder that ends in {@code create()}. A look-up named {@code findX}, such as {@link
 * Vnet#findJail} and {@link NetworkStack#findIface}, returns an {@code Optional}; a method named
 * after the object alone, such as {@link NetworkStack#iface} and {@link
 * NetworkStack#bridge(String)}, throws that object's {@code NotFoundException}. A firewall's {@code
 * set(number)}, {@code table(name)} and {@code anchor(name)} do not query the kernel: they return a
 * handle on a part of the firewall, which may be empty.
 *
 * <p><b>Doing twice.</b> Through a handle, {@code destroy()}, {@code remove()} and {@code close()}
 * are idempotent: they also return if the object no longer exists. By value, adding an object that
 * exists and deleting an object that does not exist are typed errors: a route ({@link
 * Routes.ExistsException}, {@link Routes.NotFoundException}), the member of a bridge ({@link
 * NetInterface.BusyException}, {@link NetInterface.NotFoundException}), a name ({@link
 * Jail.NameTakenException}, {@link NetInterface.NameTakenException}), the deletion of an address
 * ({@link NetInterface.AddressNotFoundException}) or of a rule. Setting a state twice is not an
 * error: {@code up()}, {@code mtu(..)}, {@code enable()}, {@code load(..)}, and, since ifconfig(8),
 * pfctl(8) and kldload(8) mean it so, the address of an interface that is added, the prefixes of a
 * firewall's table, a module, an unset variable.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j;

import org.jspecify.annotations.NullMarked;
