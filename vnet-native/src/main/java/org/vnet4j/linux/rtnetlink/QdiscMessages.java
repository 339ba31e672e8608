// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.Shaping;

/**
 * Encodes and decodes queueing disciplines at the root of an interface: {@code tbf} for a rate
 * alone, {@code netem} for everything else. See tc-tbf(8), tc-netem(8), linux/pkt_sched.h.
 */
public final class QdiscMessages {
  /**
   * The handles that identify disciplines of this library, one for each kind: the kernel cannot
   * change the kind of an existing handle.
   */
  static final int TBF_HANDLE = 0x564e0000;

  static final int NETEM_HANDLE = 0x564f0000;

  private static final int ROOT = 0xffffffff;
  private static final int TCA_KIND = 1;
  private static final int TCA_OPTIONS = 2;

  // struct tcmsg
  private static final int TCM_HANDLE = 8;

  private static final int TCA_TBF_PARMS = 1;
  private static final int TCA_TBF_RATE64 = 4;
  private static final int TCA_TBF_BURST = 6;

  // struct tc_tbf_qopt, which begins with two struct tc_ratespec
  private static final int TBF_QOPT = 36;
  private static final int RATESPEC_RATE = 8;
  private static final int TBF_LIMIT = 24;

  private static final int TCA_NETEM_RATE = 6;
  private static final int TCA_NETEM_RATE64 = 8;

  // struct tc_netem_qopt
  private static final int NETEM_QOPT = 24;

  private static final int ETHERNET_HEADER = 14;
  private static final int CELL_LOG = 3;
  private static final int LINKLAYER_ETHERNET = 1;
  private static final long U32 = 0xffffffffL;

  /** Nanoseconds of one tick of the packet scheduler. */
  private static final int TICK = 64;

  /**
   * The burst in time: timers are up to that late, and a burst of that length still keeps the rate.
   */
  private static final Duration BURST = Duration.ofMillis(10);

  private static final int LEAST_BURST_PACKETS = 10;

  private QdiscMessages() {}

  /**
   * Requests a kind without the options that both kinds need: ENOENT if the kernel does not have
   * it.
   */
  public static void probe(NetlinkWriter out, int index, String kind) {
    header(out, RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, index, 0);
    out.attribute(TCA_KIND, kind).end();
  }

  /**
   * Requests the root discipline; no reply or EINVAL if the kernel does not show it. Newer kernels
   * reply only to listeners, or if the echo is requested.
   */
  public static void get(NetlinkWriter out, int index) {
    header(out, RTM_GETQDISC, NLM_F_ACK | NLM_F_ECHO, index, 0).end();
  }

  public static void delete(NetlinkWriter out, int index, int handle) {
    header(out, RTM_DELQDISC, NLM_F_ACK, index, handle).end();
  }

  /** Sets tbf as the root discipline. */
  public static void tbf(NetlinkWriter out, int index, int mtu, Shaping shaping) {
    int packet = mtu + ETHERNET_HEADER;
    long rate = shaping.bandwidth() / 8;
    long burst =
        Math.max((long) LEAST_BURST_PACKETS * packet, rate * BURST.toMillis() / 1000) & U32;
    replace(out, index, TBF_HANDLE, "tbf");
    int options = out.open(TCA_OPTIONS);
    int parms = out.open(TCA_TBF_PARMS);
    out.u8(CELL_LOG).u8(LINKLAYER_ETHERNET).u16(0).u16(0xffff).u16(0);
    out.u32((int) Math.min(rate, U32)).u32(0).u32(0).u32(0);
    out.u32((int) Math.min((long) shaping.queue() * packet, U32));
    out.u32((int) Math.min(burst * 1_000_000_000L / TICK / rate, U32)).u32(0).close(parms);
    if (rate >= U32) {
      out.attribute64(TCA_TBF_RATE64, rate);
    }
    out.attribute(TCA_TBF_BURST, (int) burst).close(options).end();
  }

  /** Sets netem as the root discipline. */
  public static void netem(NetlinkWriter out, int index, Shaping shaping) {
    replace(out, index, NETEM_HANDLE, "netem");
    int options = out.open(TCA_OPTIONS);
    out.u32(ticks(shaping.delay())).u32(shaping.queue() + onTheWay(shaping));
    out.u32(scaled(shaping.loss())).u32(0).u32(scaled(shaping.duplication()));
    out.u32(ticks(shaping.jitter()));
    if (shaping.bandwidth() > 0) {
      long rate = shaping.bandwidth() / 8;
      int nest = out.open(TCA_NETEM_RATE);
      out.u32((int) Math.min(rate, U32)).u32(0).u32(0).u32(0).close(nest);
      if (rate >= U32) {
        out.attribute64(TCA_NETEM_RATE64, rate);
      }
    }
    out.close(options).end();
  }

  private static void replace(NetlinkWriter out, int index, int handle, String kind) {
    header(out, RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, index, handle);
    out.attribute(TCA_KIND, kind);
  }

  private static NetlinkWriter header(
      NetlinkWriter out, int type, int flags, int index, int handle) {
    out.begin(type, flags).u8(AF_UNSPEC).u8(0).u16(0);
    return out.u32(index).u32(handle).u32(ROOT).u32(0);
  }

  /**
   * Returns how many packets may be delayed at once: netem counts them as queued. Assumes small
   * packets.
   */
  private static int onTheWay(Shaping shaping) {
    long micros = shaping.delay().plus(shaping.jitter()).toNanos() / 1000;
    double bytes = (shaping.bandwidth() == 0 ? 1e9 : shaping.bandwidth() / 8.0) * micros / 1e6;
    return (int) Math.min(bytes / 128, 10_000_000);
  }

  private static int ticks(Duration time) {
    return (int) ((time.toNanos() + TICK / 2) / TICK);
  }

  private static Duration time(int ticks) {
    long micros = Math.round((ticks & U32) * TICK / 1000.0);
    return Duration.ofNanos(micros * 1000);
  }

  private static int scaled(double share) {
    return (int) (long) Math.rint(share * U32);
  }

  private static double share(int scaled) {
    return (scaled & U32) / (double) U32;
  }

  /** Decodes a discipline of an interface with the given MTU. */
  public static Root decode(ByteBuffer buffer, int from, int to, int mtu) {
    try {
      return root(buffer, from, to, mtu);
    } catch (IllegalArgumentException e) {
      // Another program set values that this library does not: the discipline belongs to that
      // program.
      return new Root(buffer.getInt(from + TCM_HANDLE), "one that was changed", null);
    }
  }

  private static Root root(ByteBuffer buffer, int from, int to, int mtu) {
    int handle = buffer.getInt(from + TCM_HANDLE);
    String kind = "";
    Shaping shaping = null;
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + TCMSG, to);
    while (attribute.next()) {
      if (attribute.type() == TCA_KIND) {
        kind = attribute.text();
      } else if (attribute.type() == TCA_OPTIONS && handle == TBF_HANDLE) {
        shaping = tbf(buffer, attribute.nested(), mtu);
      } else if (attribute.type() == TCA_OPTIONS && handle == NETEM_HANDLE) {
        shaping = netem(buffer, attribute.nested());
      }
    }
    return new Root(handle, kind, shaping);
  }

  private static Shaping tbf(ByteBuffer buffer, NetlinkReader option, int mtu) {
    long rate = 0;
    int queue = Shaping.DEFAULT_QUEUE;
    while (option.next()) {
      if (option.type() == TCA_TBF_PARMS && option.size() >= TBF_QOPT) {
        int at = option.start() - align(option.size());
        rate = rate == 0 ? buffer.getInt(at + RATESPEC_RATE) & U32 : rate;
        queue = (int) ((buffer.getInt(at + TBF_LIMIT) & U32) / (mtu + ETHERNET_HEADER));
      } else if (option.type() == TCA_TBF_RATE64 && option.size() >= 8) {
        rate = option.u64(0);
      }
    }
    return Shaping.bitsPerSecond(rate * 8).queue(Math.max(1, queue));
  }

  private static Shaping netem(ByteBuffer buffer, NetlinkReader options) {
    int at = options.start();
    if (options.limit() - at < NETEM_QOPT) {
      return Shaping.NONE;
    }
    long rate = 0;
    NetlinkReader option = new NetlinkReader(buffer).over(at + NETEM_QOPT, options.limit());
    while (option.next()) {
      if (option.type() == TCA_NETEM_RATE && rate == 0) {
        rate = option.u32() & U32;
      } else if (option.type() == TCA_NETEM_RATE64 && option.size() >= 8) {
        rate = option.u64(0);
      }
    }
    Shaping shaping =
        Shaping.bitsPerSecond(rate * 8)
            .delay(time(buffer.getInt(at)))
            .jitter(time(buffer.getInt(at + 20)))
            .loss(share(buffer.getInt(at + 8)))
            .duplication(share(buffer.getInt(at + 16)));
    return shaping.queue(Math.max(1, buffer.getInt(at + 4) - onTheWay(shaping)));
  }

  /**
   * The root discipline of an interface.
   *
   * @param handle its number; 0 for the kernel's default
   * @param kind its kind
   * @param shaping its settings, null if this library did not set it
   */
  public record Root(int handle, String kind, @Nullable Shaping shaping) {}
}
