// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.Descriptor;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.net.Iface;

/** A packet filter device, as in net/bpf.c. One buffer collects packets while the other is read. */
public final class Bpf extends Descriptor {
  private static final int MOST_BYTES = 524288;
  private static final int ALIGNMENT = 8;
  private static final int DLT_NULL = 0;

  private final SimKernel kernel;
  private final int room;
  private @Nullable Iface iface;
  private BpfMachine filter = BpfMachine.ALL;
  private ByteArrayOutputStream store = new ByteArrayOutputStream();
  private byte @Nullable [] hold;
  private boolean immediate;
  private boolean nanoseconds;
  private int received;
  private int dropped;

  /** Opens a device and binds it to the interface. */
  public Bpf(Iface iface, int room) {
    this.kernel = iface.stack.kernel;
    this.iface = iface;
    this.room = Math.min(room, MOST_BYTES);
    iface.listeners.add(this);
  }

  public void ioctl(long request, byte[] argument) {
    if (request == FreeBsdAbi.request("BIOCGDLT")) {
      Iface bound = iface;
      if (bound == null) {
        throw new SysError("EINVAL");
      }
      put(argument, 0, bound.loopback() ? DLT_NULL : FreeBsdAbi.constant("DLT_EN10MB"));
    } else if (request == FreeBsdAbi.request("BIOCGBLEN")) {
      put(argument, 0, room);
    } else if (request == FreeBsdAbi.request("BIOCIMMEDIATE")) {
      immediate = argument[0] != 0;
    } else if (request == FreeBsdAbi.request("BIOCSTSTAMP")) {
      nanoseconds = argument[0] == FreeBsdAbi.constant("BPF_T_NANOTIME");
    } else if (request == FreeBsdAbi.request("BIOCSETF")) {
      Struct program = new Struct("bpf_program", argument);
      filter = BpfMachine.load(program.getInt("bf_len"), program.getLong("bf_insns"));
      hold = null;
      store.reset();
      received = 0;
      dropped = 0;
    } else if (request == FreeBsdAbi.request("BIOCGSTATS")) {
      put(argument, FreeBsdAbi.offset("bpf_stat", "bs_recv"), received);
      put(argument, FreeBsdAbi.offset("bpf_stat", "bs_drop"), dropped);
    } else {
      throw new SysError("EINVAL");
    }
  }

  private static void put(byte[] argument, int at, int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      argument[at + i] = (byte) (value >> 8 * i);
    }
  }

  /** Captures a frame, if the filter keeps it. */
  public void tap(byte[] frame) {
    received++;
    int kept = (int) Math.min(filter.run(frame), frame.length);
    if (kept == 0) {
      return;
    }
    String type = nanoseconds ? "bpf_xhdr" : "bpf_hdr";
    // Pads the header, so that the bytes after the Ethernet header are aligned.
    int plain = FreeBsdAbi.offset(type, "bh_hdrlen") + Short.BYTES;
    int header = aligned(14 + plain) - 14;
    int total = Math.min(header + kept, room);
    if (aligned(store.size()) + total > room) {
      if (hold != null) {
        dropped++;
        return;
      }
      rotate();
    }
    store.writeBytes(new byte[aligned(store.size()) - store.size()]);
    store.writeBytes(header(type, header, total - header, frame.length));
    store.write(frame, 0, total - header);
    kernel.notifyAll();
  }

  private byte[] header(String type, int length, int kept, int whole) {
    Instant now = Instant.now();
    Struct header = new Struct(type, new byte[Math.max(length, FreeBsdAbi.size(type))]);
    int time = header.at("bh_tstamp");
    Struct stamp = new Struct("bpf_ts", header.array(), time);
    stamp.putLong("bt_sec", now.getEpochSecond());
    stamp.putLong("bt_frac", nanoseconds ? now.getNano() : now.getNano() / 1000);
    header.putInt("bh_caplen", kept).putInt("bh_datalen", whole).putShort("bh_hdrlen", length);
    return Arrays.copyOf(header.array(), length);
  }

  private static int aligned(int size) {
    return size + ALIGNMENT - 1 & -ALIGNMENT;
  }

  private void rotate() {
    hold = store.toByteArray();
    store = new ByteArrayOutputStream();
  }

  public boolean readable() {
    return iface == null || hold != null || immediate && store.size() > 0;
  }

  /** Reads a whole buffer; never waits, as the device is non-blocking. */
  public byte[] read(long size) {
    if (size != room) {
      throw new SysError("EINVAL");
    }
    if (hold == null && store.size() > 0) {
      rotate();
    }
    byte[] full = hold;
    if (full == null) {
      throw new SysError(iface == null ? "ENXIO" : "EAGAIN");
    }
    hold = null;
    return full;
  }

  /** Unbinds the device from its interface, and wakes the threads that poll it. */
  public void unbind() {
    iface = null;
    kernel.notifyAll();
  }

  @Override
  public void close() {
    Iface bound = iface;
    if (bound != null) {
      bound.listeners.remove(this);
    }
  }
}
