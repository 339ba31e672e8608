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
 * A running capture. The kernel buffers a few hundred packets until they are read. The capture ends
 * at its limits, when it is closed, or when its stack is closed; on FreeBSD also when its interface
 * leaves the stack. One thread at a time may read packets; any thread may close the capture.
 */
public final class Capture implements Iterable<CapturedPacket>, AutoCloseable {
  /** Longest single wait in nanoseconds, after which the interrupt status is checked. */
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
   * @return the packet, or null at the end of the capture
   * @throws Vnet.InterruptException if this thread is interrupted while no packet is available; the
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
   * Returns an iterator over the packets as they arrive.
   *
   * @return an iterator that waits for each packet and ends with the capture
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
   * Writes all following packets to a pcapng file until the capture ends. See {@link Pcapng}.
   *
   * @param file the file to create or overwrite
   * @return number of packets written
   * @throws UncheckedIOException if the file cannot be written
   * @throws Vnet.InterruptException if this thread is interrupted while it waits; the file holds
   *     the packets read before
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
   * Returns how many packets the kernel dropped because its buffer was full.
   *
   * @return number of packets dropped so far
   */
  public long drops() {
    return source.drops();
  }

  /** Ends the capture. A thread that waits in {@link #next} gets null. Idempotent. */
  @Override
  public void close() {
    source.close();
  }

  /** Configures and starts a capture. */
  public static final class Builder {
    /** The snaplen in bytes that keeps packets whole, even those larger than the MTU. */
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
     * Keeps only the packets that match a filter. The default keeps all.
     *
     * @param which the filter, which the kernel runs
     * @return this
     */
    public Builder filter(Filter which) {
      filter = which;
      return this;
    }

    /**
     * Keeps only the first bytes of each packet. The default keeps packets whole.
     *
     * @param most bytes, 1 to 262144
     * @return this
     * @throws IllegalArgumentException if the number is out of range
     */
    public Builder snaplen(int most) {
      if (most < 1 || most > WHOLE) {
        throw new IllegalArgumentException("snaplen " + most + " is not in 1.." + WHOLE);
      }
      snaplen = most;
      return this;
    }

    /**
     * Ends the capture after a number of packets. The default is no limit.
     *
     * @param most packets, 1 or more
     * @return this
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Builder packets(long most) {
      packets = positive("packets", most);
      return this;
    }

    /**
     * Ends the capture with the packet that reaches a total of kept bytes. The default is no limit.
     *
     * @param most bytes, 1 or more
     * @return this
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Builder bytes(long most) {
      bytes = positive("bytes", most);
      return this;
    }

    /**
     * Ends the capture after a time. The default is 365 days.
     *
     * @param most more than 0, at most 365 days
     * @return this
     * @throws IllegalArgumentException if the time is out of range
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
     * Starts the capture: packets from now on are kept.
     *
     * @return the capture, which the caller closes
     * @throws org.vnet4j.NetInterface.NotFoundException if the interface does not exist
     * @throws Vnet.UnsupportedException if the kernel lacks {@link org.vnet4j.Capability#CAPTURE},
     *     or cannot capture on interfaces of this kind
     */
    public Capture start() {
      return new Capture(opener.apply(filter, snaplen), this);
    }
  }
}
