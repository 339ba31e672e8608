// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What passes an interface: captured, filtered in the kernel, written to files that Wireshark
 * opens.
 */
@NullMarked
package org.vnet4j.capture;

import org.jspecify.annotations.NullMarked;
