// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Compiles filters in the language of pcap-filter(7) by libpcap, where it is installed. Imports
 * {@code posix.libc}.
 */
@NullMarked
package org.vnet4j.posix.pcap;

import org.jspecify.annotations.NullMarked;
