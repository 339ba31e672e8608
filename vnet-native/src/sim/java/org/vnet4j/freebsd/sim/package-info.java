/**
 * A FreeBSD kernel simulated in Java. It answers the calls of {@code FreeBsdLibc} at byte level, so
 * that all code above libc runs on any machine.
 *
 * <p>It decodes with {@code freebsd-abi.json} and never with the codecs under test. It answers as a
 * running FreeBSD 15.1 answered: the replay test compares it with the recording line by line.
 * {@code SimKernel} is the machine, {@code SimProcess} a process on it, {@code Fault} makes chosen
 * calls fail.
 */
@NullMarked
package org.vnet4j.freebsd.sim;

import org.jspecify.annotations.NullMarked;
