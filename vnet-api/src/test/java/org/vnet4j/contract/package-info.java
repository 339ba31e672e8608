/**
 * What every kernel must do: the behaviour of the model, written once against the public API and
 * run by each provider on the kernel it serves.
 *
 * <p>A provider's tests extend each class of this package and say how to open a sandbox and what
 * must not be left behind.
 */
@NullMarked
package org.vnet4j.contract;

import org.jspecify.annotations.NullMarked;
