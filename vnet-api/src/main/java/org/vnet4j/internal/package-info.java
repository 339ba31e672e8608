// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What the modules of this library share and nobody else sees: exported to them by name. Imports
 * the model's errors alone.
 */
@NullMarked
package org.vnet4j.internal;

import org.jspecify.annotations.NullMarked;
