// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pcap;

import jnr.ffi.Pointer;

/** The functions of libpcap that compile filters, with their names unchanged; see pcap(3). */
public interface Pcap {
  /** Ethernet, see pcap-linktype(7). */
  int DLT_EN10MB = 1;

  /** Stands for an unknown netmask; libpcap rejects a filter that needs the broadcast address. */
  int PCAP_NETMASK_UNKNOWN = 0xffffffff;

  /** Creates a handle without a device; returns 0 if there is no memory. */
  long pcap_open_dead(int linktype, int snaplen);

  /** Compiles into a {@code struct bpf_program}: a length, and the address of the instructions. */
  int pcap_compile(long handle, long program, long text, int optimize, int netmask);

  /** Returns the message of the last error. */
  Pointer pcap_geterr(long handle);

  /** Frees the instructions. */
  void pcap_freecode(long program);

  /** Frees the handle. */
  void pcap_close(long handle);
}
