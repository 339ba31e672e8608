// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

/**
 * Writes packets of one Ethernet interface to a pcapng file, which Wireshark and tcpdump read, with
 * timestamps in nanoseconds. See draft-ietf-opsawg-pcapng.
 */
public final class Pcapng implements Closeable {
  private static final int SECTION = 0x0a0d0d0a;
  private static final int INTERFACE = 1;
  private static final int PACKET = 6;
  private static final int MAGIC = 0x1a2b3c4d;
  private static final int ETHERNET = 1;
  private static final int OPT_COMMENT = 1;
  private static final int SHB_USERAPPL = 4;
  private static final int IF_NAME = 2;
  private static final int IF_TSRESOL = 9;
  private static final int IF_FILTER = 11;
  private static final int NANOSECONDS = 9;

  /** The length of an option is a number of 16 bits. */
  private static final int MOST_OF_OPTION = 0xffff;

  private final OutputStream out;

  private Pcapng(OutputStream out) {
    this.out = out;
  }

  /**
   * Creates or overwrites a file and writes its header. A filter's text of 65,535 bytes or more
   * does not fit the header and is left out, with a comment.
   *
   * @param file path of the file
   * @param name name of the interface
   * @param snaplen largest number of bytes kept of a packet
   * @param filter text of the filter; empty for all packets
   * @return the writer, which the caller closes
   * @throws IOException if it cannot be written
   */
  public static Pcapng create(Path file, String name, int snaplen, String filter)
      throws IOException {
    return to(new java.io.BufferedOutputStream(Files.newOutputStream(file)), name, snaplen, filter);
  }

  static Pcapng to(OutputStream out, String name, int snaplen, String filter) throws IOException {
    Pcapng made = new Pcapng(out);
    try {
      made.begin(name, snaplen, filter);
    } catch (IOException e) {
      made.close();
      throw e;
    }
    return made;
  }

  private void begin(String name, int snaplen, String filter) throws IOException {
    Body section = new Body().u32(MAGIC).u16(1).u16(0).u64(-1);
    section.option(OPT_COMMENT, "interface " + name).option(SHB_USERAPPL, "Vnet for Java");
    boolean fits = utf8(filter).length < MOST_OF_OPTION;
    block(SECTION, section.u32(0));
    Body one = new Body().u16(ETHERNET).u16(0).u32(snaplen).option(IF_NAME, name);
    one.option(IF_TSRESOL, new byte[] {NANOSECONDS});
    if (!fits) { // part of a filter would be another filter
      one.option(OPT_COMMENT, "the filter's text has " + filter.length() + " characters: too many");
    } else if (!filter.isEmpty()) {
      one.option(IF_FILTER, utf8("\0" + filter));
    }
    block(INTERFACE, one.u32(0));
  }

  /**
   * Writes a packet.
   *
   * @param packet the packet with its kept bytes
   * @throws IOException if it cannot be written
   */
  public void write(CapturedPacket packet) throws IOException {
    Instant time = packet.time();
    long nanos = time.getEpochSecond() * 1_000_000_000L + time.getNano();
    Body body = new Body().u32(0).u32((int) (nanos >>> 32)).u32((int) nanos);
    block(PACKET, body.u32(packet.bytes().length).u32(packet.length()).padded(packet.bytes()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void block(int type, Body body) throws IOException {
    byte[] bytes = body.bytes();
    int length = bytes.length + 12;
    out.write(new Body().u32(type).u32(length).bytes());
    out.write(bytes);
    out.write(new Body().u32(length).bytes());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** The body of a block, in little endian. */
  private static final class Body {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Body u16(int value) {
      return raw(ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) value));
    }

    Body u32(int value) {
      return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value));
    }

    Body u64(long value) {
      return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value));
    }

    private Body raw(ByteBuffer buffer) {
      out.writeBytes(buffer.array());
      return this;
    }

    Body padded(byte[] value) {
      out.writeBytes(value);
      out.writeBytes(new byte[-value.length & 3]);
      return this;
    }

    Body option(int code, byte[] value) {
      return u16(code).u16(value.length).padded(value);
    }

    /** Writes as much of a text as fits. */
    Body option(int code, String text) {
      byte[] bytes = utf8(text);
      int length = Math.min(bytes.length, MOST_OF_OPTION);
      while (length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
        length--; // not in the middle of a character
      }
      return option(code, Arrays.copyOf(bytes, length));
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
