// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Capture of the packets of an interface: filtered in the kernel, written to files that Wireshark
 * reads.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.capture;

import org.jspecify.annotations.NullMarked;
