// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.vnet4j.freebsd.ipfw.DummynetAbi.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.net.Shaping;

/**
 * Encodes requests to dummynet and decodes its answers. Both are sequences of objects, each with
 * its length and its type, see netinet/ip_dummynet.h. A pipe consists of a scheduler, a link with
 * bandwidth and delay, and a flow set with queue and loss.
 */
public final class DummynetCodec {
  /** The loss value at which all packets are lost. */
  private static final int ALL = 0x7fffffff;

  /**
   * Up to FreeBSD 14 the loss is in the middle of struct dn_fs. Since 15 it has a structure of its
   * own at the end.
   */
  private static final int OLD_FS_SIZE = 120;

  private static final int OLD_LOSS = 20;
  private static final int LOSS = 120;
  private static final int LOSS_SIZE = 16;

  private DummynetCodec() {}

  /**
   * A pipe as the kernel reports it.
   *
   * @param number number of the pipe
   * @param bandwidth in bits per second, 0 for no limit
   * @param delay in milliseconds
   * @param flowSet struct dn_fs, unchanged
   */
  public record Pipe(int number, long bandwidth, int delay, byte[] flowSet) {
    public Shaping shaping() {
      ByteBuffer set = ByteBuffer.wrap(flowSet).order(ByteOrder.nativeOrder());
      double loss = (double) set.getInt(lossOffset(flowSet.length)) / ALL;
      return Shaping.NONE
          .bandwidth(bandwidth & ~7)
          .delay(Duration.ofMillis(delay))
          .loss(Math.max(0, loss))
          .queue(Math.max(1, set.getInt(DN_FS_QSIZE)));
    }
  }

  private static int lossOffset(int size) {
    return size <= OLD_FS_SIZE ? OLD_LOSS : LOSS;
  }

  private static ByteBuffer request(int size, int length, int command) {
    ByteBuffer out = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    return id(out, 0, length, command, 0, DN_API_VERSION);
  }

  private static ByteBuffer id(ByteBuffer out, int at, int length, int type, int sub, int id) {
    return out.putShort(at + DN_ID_LEN, (short) length)
        .put(at + DN_ID_TYPE, (byte) type)
        .put(at + DN_ID_SUBTYPE, (byte) sub)
        .putInt(at + DN_ID_ID, id);
  }

  /**
   * Encodes the creation or change of a scheduler and its link. The kernel gives a new pipe a
   * default flow set.
   */
  static ByteBuffer link(int pipe, Shaping shaping) {
    int link = DN_ID_SIZE + DN_SCH_SIZE;
    ByteBuffer out = request(link + DN_LINK_SIZE, DN_ID_SIZE, DN_CMD_CONFIG);
    id(out, DN_ID_SIZE, DN_SCH_SIZE, DN_SCH, 0, 0);
    out.putInt(DN_ID_SIZE + DN_SCH_SCHED_NR, pipe).putInt(DN_ID_SIZE + DN_SCH_FLAGS, DN_PIPE_CMD);
    id(out, link, DN_LINK_SIZE, DN_LINK, 0, 0);
    return out.putInt(link + DN_LINK_LINK_NR, pipe)
        .putInt(link + DN_LINK_BANDWIDTH, (int) shaping.bandwidth())
        .putInt(link + DN_LINK_DELAY, (int) shaping.delay().toMillis());
  }

  /**
   * Encodes a change of a pipe's flow set. Starts from the bytes that the kernel returned, since
   * only the kernel knows their length.
   */
  static ByteBuffer flowSet(Pipe pipe, Shaping shaping) {
    byte[] set = pipe.flowSet();
    ByteBuffer out = request(DN_ID_SIZE + set.length, DN_ID_SIZE, DN_CMD_CONFIG);
    out.put(DN_ID_SIZE, set);
    id(out, DN_ID_SIZE, set.length, DN_FS, 0, 0);
    return out.putInt(DN_ID_SIZE + DN_FS_FS_NR, pipe.number() + 2 * DN_MAX_ID)
        .putInt(DN_ID_SIZE + DN_FS_SCHED_NR, pipe.number() + DN_MAX_ID)
        .putInt(DN_ID_SIZE + DN_FS_QSIZE, shaping.queue())
        .putInt(DN_ID_SIZE + lossOffset(set.length), (int) Math.rint(shaping.loss() * ALL));
  }

  /** Encodes the deletion of a pipe and of the packets queued in it. */
  static ByteBuffer delete(int pipe) {
    int size = DN_ID_SIZE + Long.BYTES;
    ByteBuffer out = request(size, size, DN_CMD_DELETE);
    return out.put(DN_ID_SUBTYPE, (byte) DN_LINK).putLong(DN_ID_SIZE, pipe);
  }

  /**
   * Encodes a query for the pipes in a range of numbers. The kernel writes the answer into the same
   * buffer.
   */
  static ByteBuffer get(int first, int last, int room) {
    int length = DN_ID_SIZE + 2 * Integer.BYTES;
    ByteBuffer out = request(room, length, DN_CMD_GET);
    return out.put(DN_ID_SUBTYPE, (byte) DN_LINK)
        .putInt(DN_ID_SIZE, first + DN_MAX_ID)
        .putInt(DN_ID_SIZE + Integer.BYTES, last + DN_MAX_ID);
  }

  /** Decodes the answer, which contains for each pipe its link, then its flow set, and more. */
  public static List<Pipe> pipes(ByteBuffer answer) {
    List<Pipe> pipes = new ArrayList<>();
    int link = -1;
    for (int at = DN_ID_SIZE; at + DN_ID_SIZE <= answer.limit(); ) {
      int length = answer.getShort(at + DN_ID_LEN) & 0xffff;
      int type = answer.get(at + DN_ID_TYPE) & 0xff;
      if (length < DN_ID_SIZE || length > answer.limit() - at) {
        break;
      }
      if (type == DN_LINK && length >= DN_LINK_SIZE) {
        link = at;
      } else if (type == DN_FS && link >= 0 && length >= OLD_FS_SIZE && isWhole(length)) {
        byte[] set = new byte[length];
        answer.get(at, set);
        pipes.add(
            new Pipe(
                answer.getInt(link + DN_LINK_LINK_NR) & DN_MAX_ID - 1,
                Integer.toUnsignedLong(answer.getInt(link + DN_LINK_BANDWIDTH)),
                answer.getInt(link + DN_LINK_DELAY),
                set));
        link = -1;
      }
      at += length;
    }
    return pipes;
  }

  private static boolean isWhole(int flowSetSize) {
    return flowSetSize == OLD_FS_SIZE || flowSetSize >= LOSS + LOSS_SIZE;
  }

  /**
   * Rejects a shaping that dummynet cannot express, before anything is changed.
   *
   * @param wide whether the kernel reads a bandwidth as an unsigned number of 32 bits, as it does
   *     since FreeBSD 15
   * @throws Vnet.UnsupportedException if the bandwidth is too high or the delay is not in whole
   *     milliseconds
   */
  public static void check(String name, Shaping shaping, boolean wide) {
    long most = wide ? 0xffffffffL : Integer.MAX_VALUE;
    @Nullable String reason =
        shaping.bandwidth() > most
            ? "bandwidth " + shaping.bandwidth() + " is more than " + most + " bit/s"
            : shaping.delay().toNanos() % 1_000_000 != 0
                ? "delay " + shaping.delay() + " is not in whole milliseconds"
                : null;
    if (reason != null) {
      throw new Vnet.UnsupportedException(
          "shaping " + name + ": " + reason + ", which is all dummynet(4) has");
    }
  }
}
