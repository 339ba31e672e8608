/**
 * The contract that every kernel must keep: the behaviour of the model, tested through the public
 * API and run by each provider on the kernel it serves.
 *
 * <p>A provider's tests extend {@link org.vnet4j.contract.WholeContract}, or contain the topics
 * that the provider keeps. They specify how to open a sandbox and what must not be left behind. On
 * a real kernel {@link org.vnet4j.contract.MachineContract} knows both.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.contract;

import org.jspecify.annotations.NullMarked;
