/**
 * What every kernel must do: the behaviour of the model, written once against the public API and
 * run by each provider on the kernel it serves.
 *
 * <p>A provider's tests extend {@link org.vnet4j.contract.WholeContract}, or the topics they keep,
 * and say how to open a sandbox and what must not be left behind. On a real kernel {@link
 * org.vnet4j.contract.MachineContract} knows both.
 */
@NullMarked
package org.vnet4j.contract;

import org.jspecify.annotations.NullMarked;
