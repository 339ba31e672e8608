// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Tests of the self-test: its output, and a run of its jar. */
@NullMarked
package org.vnet4j.selftest;

import org.jspecify.annotations.NullMarked;
