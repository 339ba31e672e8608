// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Small programs to copy from. Each is complete and runs in the tests. */
@NullMarked
package org.vnet4j.examples;

import org.jspecify.annotations.NullMarked;
