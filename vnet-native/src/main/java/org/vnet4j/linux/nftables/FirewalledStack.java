// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.util.function.Function;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.posix.helper.DeferredActions;

/** The operations that the firewalls need from their stack. */
public interface FirewalledStack {
  /** Returns the jail's full name, or the host stack's name. */
  String name();

  /** Runs one exchange with nf_tables and converts the kernel's error by the given function. */
  <T> T askNetfilter(
      Function<KernelError, VnetException> refusal, Function<NetlinkSocket.Exchange, T> work);

  /** Opens another socket to nf_tables, for requests without replies. */
  NetlinkSocket anotherNetfilter();

  /** Returns the actions that the helper performs in this stack later. */
  DeferredActions deferredActions();

  /** Lets the kernel copy the mark of a packet to the reply that rejects it. */
  void reflectMarks();
}
