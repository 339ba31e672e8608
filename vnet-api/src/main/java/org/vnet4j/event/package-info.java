// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Events to listen to: by a {@link java.util.concurrent.Flow.Subscriber}, or by a stream to loop
 * over and to wait on. Knows nothing of what the events are; uses the errors of {@code org.vnet4j}
 * and the threads of the seam.
 */
@NullMarked
package org.vnet4j.event;

import org.jspecify.annotations.NullMarked;
