// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Reads topologies from YAML and JSON files. Imports the model and SnakeYAML Engine.
 *
 * <p>The schema of a file is the resource {@code topology.schema.json} of this package.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.topology.file;

import org.jspecify.annotations.NullMarked;
