/**
 * The FreeBSD kernel: jails, interfaces, bridges and routes by its own system calls.
 *
 * <p>Three storeys, each in small files by noun. At the bottom {@code FreeBsdLibc}, libc with its
 * names unchanged, which a simulated kernel can stand in for. On it the codecs and the calls
 * ({@code JailCalls}, {@code InterfaceCalls}, {@code RouteCalls} and the others): one method for
 * one kernel operation, stateless, given a socket of the stack that is meant. Numbers and offsets
 * stand in the {@code *Abi} files; they hold for FreeBSD 13.2 to 15 on amd64 and arm64.
 *
 * <p>On top the provider, {@code FreeBsdSession} and the drivers of the seam: they hold the sockets
 * of each stack, type the errors, mark what is made and send home what was lent. All that must be
 * done inside a jail the helper does.
 *
 * <p>Nothing of another operating system may be imported here.
 */
@NullMarked
package org.vnet4j.freebsd;

import org.jspecify.annotations.NullMarked;
