/**
 * A FreeBSD kernel made of test code: it answers the calls of {@code FreeBsdLibc} at byte level, so
 * that everything above libc runs on any machine.
 *
 * <p>It decodes by {@code freebsd-abi.json} and never by the codecs under test, and it answers what
 * a running 15.1 answered: the replay test holds it to the recording line by line. {@code
 * SimKernel} is the machine, {@code SimProcess} a process on it, {@code Fault} makes chosen calls
 * fail.
 */
@NullMarked
package org.vnet4j.freebsd.sim;

import org.jspecify.annotations.NullMarked;
