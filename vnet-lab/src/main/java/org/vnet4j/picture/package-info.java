// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Pictures of networks: Mermaid, Graphviz DOT, and SVG that needs nothing installed.
 *
 * <p>Knows the public model alone.
 */
@NullMarked
package org.vnet4j.picture;

import org.jspecify.annotations.NullMarked;
