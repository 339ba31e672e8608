// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

/**
 * A table as the kernel has it.
 *
 * @param name its name
 * @param set the set it is in, 0 to 31
 * @param type what it holds; {@link IpfwAbi#IPFW_TABLE_ADDR} for addresses
 * @param references how many instructions of rules use it
 * @param count how many entries it has
 * @param size bytes needed to list it
 * @param algorithm how it is kept, such as {@code addr:radix}
 */
record IpfwTable(
    String name, int set, int type, int references, int count, int size, String algorithm) {}
