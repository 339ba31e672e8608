// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

/** Constants and structure offsets of net/bpf.h. */
public final class BpfAbi {
  static final long BIOCSETF = 2148549223L;
  static final long BIOCGDLT = 1074020970L;
  static final long BIOCGBLEN = 1074020966L;
  static final long BIOCGSTATS = 1074283119L;
  static final long BIOCIMMEDIATE = 2147762800L;
  static final long BIOCSTSTAMP = 2147762820L;

  /** Alignment, in bytes, of each packet in a buffer that was read. */
  static final int BPF_ALIGNMENT = 8;

  static final int BPF_T_NANOTIME = 1;
  public static final int DLT_EN10MB = 1;

  // struct bpf_xhdr precedes each packet when times are in nanoseconds. The header may be longer;
  // bh_hdrlen gives the offset of the packet.
  static final int BPF_XHDR_BH_TSTAMP = 0;
  static final int BPF_XHDR_BH_CAPLEN = 16;
  static final int BPF_XHDR_BH_DATALEN = 20;
  static final int BPF_XHDR_BH_HDRLEN = 24;

  static final int BPF_TS_BT_SEC = 0;
  static final int BPF_TS_BT_FRAC = 8;

  static final int BPF_INSN_SIZE = 8;
  static final int BPF_INSN_CODE = 0;
  static final int BPF_INSN_JT = 2;
  static final int BPF_INSN_JF = 3;
  static final int BPF_INSN_K = 4;

  static final int BPF_PROGRAM_SIZE = 16;
  static final int BPF_PROGRAM_BF_LEN = 0;
  static final int BPF_PROGRAM_BF_INSNS = 8;

  static final int BPF_STAT_SIZE = 8;
  static final int BPF_STAT_BS_DROP = 4;

  private BpfAbi() {}
}
