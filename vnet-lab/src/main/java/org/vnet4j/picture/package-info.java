// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Draws pictures of networks as SVG, as Mermaid flowcharts and in Graphviz DOT. No other program is
 * needed for SVG.
 *
 * <p>Uses only the public model.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.picture;

import org.jspecify.annotations.NullMarked;
