// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Networks in JUnit tests: a sandbox for each test, its stacks as parameters, a picture and a
 * capture when it fails. Uses the public model, the topologies of vnet-lab and JUnit Jupiter.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.junit;

import org.jspecify.annotations.NullMarked;
