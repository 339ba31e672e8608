/**
 * The FreeBSD kernel: jails, interfaces, bridges, routes and firewalls through its own system
 * calls.
 *
 * <p>Three layers, each in small files named by nouns. At the bottom is {@code FreeBsdLibc}: libc
 * with its names unchanged, which a simulated kernel can replace. Above it are the codecs and the
 * calls ({@code JailCalls}, {@code InterfaceCalls}, {@code RouteCalls} and the others): stateless,
 * with one method for one kernel operation, which takes a socket of the affected stack. Constants
 * and offsets are in the {@code *Abi} files; they are valid for FreeBSD 13.2 to 15 on amd64 and
 * arm64.
 *
 * <p>At the top are the provider, {@code FreeBsdKernel} and the drivers that implement {@code
 * org.vnet4j.spi}. They hold the sockets of each stack, convert errors to typed exceptions, mark
 * created objects with their owner and return lent interfaces home. The helper executes everything
 * that must happen inside a jail.
 *
 * <p>Nothing of another operating system may be imported here.
 */
@NullMarked
package org.vnet4j.freebsd;

import org.jspecify.annotations.NullMarked;
