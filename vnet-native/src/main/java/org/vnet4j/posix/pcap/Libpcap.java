// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pcap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Instruction;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.spi.FilterCompiler;

/** Compiles capture filters with the system's libpcap, in this process, one filter at a time. */
public final class Libpcap implements FilterCompiler {
  /**
   * The names of the library on Debian, on other Linux systems, on FreeBSD, and with development
   * files.
   */
  private static final List<String> NAMES =
      List.of("libpcap.so.0.8", "libpcap.so.1", "libpcap.so.8", "libpcap.so");

  /** {@code struct bpf_program}: an int, padding, a pointer. */
  private static final int PROGRAM = 16;

  private static final int CODE = 8;

  /** {@code struct bpf_insn}: code (2), jt (1), jf (1), k (4). */
  private static final int INSTRUCTION = 8;

  @Override
  public Optional<String> unavailable() {
    return Holder.PCAP != null
        ? Optional.empty()
        : Optional.of(
            "libpcap, which knows all of tcpdump's language, is not here: install libpcap0.8"
                + " (Debian; libpcap0.8t64 since 13) or libpcap (others)");
  }

  @Override
  public List<Instruction> compile(String text, int snaplen) {
    Pcap pcap = Holder.PCAP;
    if (pcap == null) {
      throw new IllegalStateException(unavailable().orElse(""));
    }
    synchronized (Holder.class) {
      long handle = pcap.pcap_open_dead(Pcap.DLT_EN10MB, snaplen);
      if (handle == 0) {
        throw new VnetException("pcap_open_dead: no memory");
      }
      try {
        return compile(pcap, handle, text);
      } finally {
        pcap.pcap_close(handle);
      }
    }
  }

  private static List<Instruction> compile(Pcap pcap, long handle, String text) {
    Memory program = Memory.allocate(PROGRAM);
    Memory source = Memory.of(text);
    int result =
        pcap.pcap_compile(
            handle, program.address(), source.address(), 1, Pcap.PCAP_NETMASK_UNKNOWN);
    source.keep();
    if (result != 0) {
      throw new IllegalArgumentException("libpcap: " + pcap.pcap_geterr(handle).getString(0));
    }
    try {
      int length = program.bytes().getInt(0);
      Pointer code = Pointer.wrap(Native.runtime(), program.bytes().getLong(CODE));
      List<Instruction> instructions = new ArrayList<>(length);
      for (int i = 0; i < length; i++) {
        long at = (long) i * INSTRUCTION;
        instructions.add(
            new Instruction(
                code.getShort(at) & 0xffff,
                code.getByte(at + 2) & 0xff,
                code.getByte(at + 3) & 0xff,
                code.getInt(at + 4)));
      }
      return List.copyOf(instructions);
    } finally {
      pcap.pcap_freecode(program.address());
      program.keep();
    }
  }

  /** Loads the library on first use. */
  private static final class Holder {
    static final @Nullable Pcap PCAP = load();

    private static @Nullable Pcap load() {
      Native.libc(); // libc is loaded first, and chooses where jffi is written
      for (String name : NAMES) {
        try {
          return LibraryLoader.create(Pcap.class).failImmediately().load(name);
        } catch (LinkageError e) {
          continue;
        }
      }
      return null;
    }
  }
}
