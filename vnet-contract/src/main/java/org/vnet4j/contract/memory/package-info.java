/**
 * A kernel in memory: it keeps stacks, jails and interfaces as plain lists, to test the model by
 * itself.
 *
 * <p>It carries no packets and runs no programs.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.contract.memory;

import org.jspecify.annotations.NullMarked;
