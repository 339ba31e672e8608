// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

/**
 * A table as the kernel reports it.
 *
 * @param name its name
 * @param set the set that contains it, 0 to 31
 * @param type type of its keys; {@link IpfwAbi#IPFW_TABLE_ADDR} for addresses
 * @param references number of rule instructions that use it
 * @param count number of its entries
 * @param size bytes needed to list it
 * @param algorithm its lookup algorithm, such as {@code addr:radix}
 */
public record IpfwTable(
    String name, int set, int type, int references, int count, int size, String algorithm) {}
