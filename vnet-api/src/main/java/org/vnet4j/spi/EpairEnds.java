// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

/**
 * A cable and where its ends are.
 *
 * @param aJid the stack of one end
 * @param a its name there
 * @param bJid the stack of the other
 * @param b its name there
 */
public record EpairEnds(int aJid, String a, int bJid, String b) {}
