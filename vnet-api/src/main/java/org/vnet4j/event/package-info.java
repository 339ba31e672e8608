// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Sources of events: for a {@link java.util.concurrent.Flow.Subscriber}, or as a stream to loop
 * over and to wait on. Independent of the type of the events; imports the exceptions of {@code
 * org.vnet4j} and the threads of {@code org.vnet4j.spi}.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.event;

import org.jspecify.annotations.NullMarked;
