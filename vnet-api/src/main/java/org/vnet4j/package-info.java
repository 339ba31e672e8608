// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The objects a user holds: hosts, jails, interfaces, bridges. What holds for all of them:
 *
 * <p><b>Making and finding.</b> {@code stack.jail(name)}, {@code stack.epair()} and the like begin
 * what ends in {@code create()}. A look-up named {@code findX}, such as {@link Vnet#findJail} and
 * {@link NetworkStack#findIface}, returns an {@code Optional}; one named after the thing alone,
 * such as {@link NetworkStack#iface} and {@link NetworkStack#bridge(String)}, throws that thing's
 * {@code NotFoundException}. A firewall's {@code set(number)}, {@code table(name)} and {@code
 * anchor(name)} look nothing up: they name a part of it, whether something is in it or not yet.
 *
 * <p><b>Doing twice.</b> Through a handle, {@code destroy()}, {@code remove()} and {@code close()}
 * are idempotent: they return when the thing no longer exists, whoever was faster. By value, adding
 * what is there and deleting what is not are errors with a type of their own: a route ({@link
 * Routes.ExistsException}, {@link Routes.NotFoundException}), the member of a bridge ({@link
 * NetInterface.BusyException}, {@link NetInterface.NotFoundException}), a name ({@link
 * Jail.NameTakenException}, {@link NetInterface.NameTakenException}), the deletion of an address
 * ({@link NetInterface.AddressNotFoundException}) or of a rule. What says how things shall be may
 * be said again: {@code up()}, {@code mtu(..)}, {@code enable()}, {@code load(..)}, and, since
 * ifconfig(8), pfctl(8) and kldload(8) mean it so, the address of an interface that is added, the
 * prefixes of a firewall's table, a module, an unset variable.
 */
@NullMarked
package org.vnet4j;

import org.jspecify.annotations.NullMarked;
