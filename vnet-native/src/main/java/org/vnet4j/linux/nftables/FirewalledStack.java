// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.util.function.Function;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.posix.helper.DeferredActions;

/** What the firewalls need of the stack they belong to. */
public interface FirewalledStack {
  /** Returns the jail's full name, or that of the host. */
  String name();

  /** Runs one exchange with nf_tables and turns an error of the kernel into the caller's. */
  <T> T askNetfilter(
      Function<KernelError, VnetException> refusal, Function<NetlinkSocket.Exchange, T> work);

  /** Opens one more socket of nf_tables, on which nobody waits for answers. */
  NetlinkSocket anotherNetfilter();

  /** Returns what the helper does for this stack at a later time. */
  DeferredActions deferredActions();

  /** Lets the kernel copy the mark of a packet to the answer that refuses it. */
  void reflectMarks();
}
