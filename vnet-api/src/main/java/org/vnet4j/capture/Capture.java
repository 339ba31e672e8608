// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.spi.PacketSource;

/**
 * A capture that runs: what passes waits in the kernel, a few hundred packets of it, until it is
 * taken. It ends at the bounds it was given, when it is closed, or with its stack; on FreeBSD also
 * when its interface leaves the stack. One thread may take packets, any may close.
 */
public final class Capture implements Iterable<CapturedPacket>, AutoCloseable {
  /** How long one wait lasts at most, so that an interrupt is seen. */
  private static final long SLICE = 100_000_000;

  private final PacketSource source;
  private final Builder bounds;
  private final long deadline;
  private long packets;
  private long bytes;

  private Capture(PacketSource source, Builder bounds) {
    this.source = source;
    this.bounds = bounds;
    this.deadline = System.nanoTime() + bounds.duration.toNanos();
  }

  /**
   * Waits for the next packet.
   *
   * @return the packet, or null when the capture is over
   * @throws Vnet.InterruptException if there is none yet and this thread is interrupted; the
   *     capture continues
   */
  public @Nullable CapturedPacket next() {
    while (source.isOpen() && packets < bounds.packets && bytes < bounds.bytes) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      CapturedPacket packet = source.receive(Duration.ofNanos(Math.min(left, SLICE)));
      if (packet != null) {
        packets++;
        bytes += packet.bytes().length;
        return packet;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new Vnet.InterruptException("waiting for packets on " + bounds.name);
      }
    }
    return null;
  }

  /**
   * Walks over the packets as they come.
   *
   * @return an iterator that waits, and ends with the capture
   */
  @Override
  public Iterator<CapturedPacket> iterator() {
    return new Iterator<>() {
      private @Nullable CapturedPacket ahead;

      @Override
      public boolean hasNext() {
        ahead = ahead == null ? Capture.this.next() : ahead;
        return ahead != null;
      }

      @Override
      public CapturedPacket next() {
        CapturedPacket packet = hasNext() ? ahead : null;
        if (packet == null) {
          throw new NoSuchElementException("the capture is over");
        }
        ahead = null;
        return packet;
      }
    };
  }

  /**
   * Writes all packets to come to a pcapng file, until the capture is over. See {@link Pcapng}.
   *
   * @param file is made, or written anew
   * @return how many packets were written
   * @throws UncheckedIOException if the file cannot be written
   * @throws Vnet.InterruptException if this thread is interrupted while none comes; the file has
   *     what came before
   */
  public long writeTo(Path file) {
    long written = 0;
    try (Pcapng out = Pcapng.create(file, bounds.name, bounds.snaplen, bounds.filter.toString())) {
      for (CapturedPacket packet : this) {
        out.write(packet);
        written++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
    return written;
  }

  /**
   * Counts what the kernel had no room for, since nobody took packets in time.
   *
   * @return packets dropped so far
   */
  public long drops() {
    return source.drops();
  }

  /** Ends the capture; who waits for a packet gets none. Idempotent. */
  @Override
  public void close() {
    source.close();
  }

  /** What to capture, and how much. */
  public static final class Builder {
    /** Keeps whole packets, also those that are larger than any MTU. */
    public static final int WHOLE = 262144;

    private final BiFunction<Filter, Integer, PacketSource> opener;
    private final String name;
    private Filter filter = Filter.all();
    private int snaplen = WHOLE;
    private long packets = Long.MAX_VALUE;
    private long bytes = Long.MAX_VALUE;
    private Duration duration = Duration.ofDays(365);

    Builder(String name, BiFunction<Filter, Integer, PacketSource> opener) {
      this.name = name;
      this.opener = opener;
    }

    /**
     * Keeps only some packets.
     *
     * @param which decided in the kernel
     * @return this
     */
    public Builder filter(Filter which) {
      filter = which;
      return this;
    }

    /**
     * Keeps only the beginning of each packet.
     *
     * @param most bytes, 1 to 262144
     * @return this
     */
    public Builder snaplen(int most) {
      if (most < 1 || most > WHOLE) {
        throw new IllegalArgumentException("snaplen " + most + " is not in 1.." + WHOLE);
      }
      snaplen = most;
      return this;
    }

    /**
     * Ends after so many packets.
     *
     * @param most 1 or more
     * @return this
     */
    public Builder packets(long most) {
      packets = positive("packets", most);
      return this;
    }

    /**
     * Ends after the packet with which so many bytes were kept.
     *
     * @param most 1 or more
     * @return this
     */
    public Builder bytes(long most) {
      bytes = positive("bytes", most);
      return this;
    }

    /**
     * Ends after so long.
     *
     * @param most more than 0, at most a year
     * @return this
     */
    public Builder duration(Duration most) {
      if (most.isZero() || most.isNegative() || most.compareTo(Duration.ofDays(365)) > 0) {
        throw new IllegalArgumentException("duration " + most + " is not in 0..1 year");
      }
      duration = most;
      return this;
    }

    private static long positive(String what, long value) {
      if (value < 1) {
        throw new IllegalArgumentException(what + " " + value + " is not 1 or more");
      }
      return value;
    }

    /**
     * Starts: what passes from now on is kept.
     *
     * @return the capture, to be closed by the caller
     * @throws org.vnet4j.NetInterface.NotFoundException if the interface no longer exists
     * @throws Vnet.UnsupportedException if the kernel has not {@link
     *     org.vnet4j.Capability#CAPTURE}, or captures nothing on interfaces of this kind
     */
    public Capture start() {
      return new Capture(opener.apply(filter, snaplen), this);
    }
  }
}
