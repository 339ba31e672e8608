// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

/**
 * An epair and the stacks that hold its two ends.
 *
 * @param aJid jid of the stack that holds end a, or {@link Kernel#HOST}
 * @param a name of end a in that stack
 * @param bJid jid of the stack that holds end b, or {@link Kernel#HOST}
 * @param b name of end b in that stack
 */
public record EpairEnds(int aJid, String a, int bJid, String b) {}
