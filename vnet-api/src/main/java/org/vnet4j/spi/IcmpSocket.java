// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;

/** A raw ICMP or ICMPv6 socket in some stack. For one thread at a time. */
public interface IcmpSocket extends AutoCloseable {

  /**
   * Says which address messages are sent from.
   *
   * @param source an address of the stack
   * @throws org.vnet4j.NetInterface.AddressNotFoundException if the stack does not have it
   */
  void bind(InetAddress source);

  /**
   * Sends an ICMP message.
   *
   * @param message from its type on, with its checksum (the kernel fills in that of ICMPv6)
   * @param destination where to
   * @param zone the interface for a link-local destination, or null
   * @return what the kernel answered if it refused to send, empty if it sent
   */
  Optional<KernelError> send(ByteBuffer message, InetAddress destination, @Nullable String zone);

  /**
   * Waits for an ICMP message.
   *
   * @param buffer takes the message from its type on, without an IPv4 header; it is cleared before
   *     and flipped after
   * @param timeout how long to wait
   * @return who sent it, or null if none came in time
   */
  @Nullable InetAddress receive(ByteBuffer buffer, Duration timeout);

  /** Closes the socket. Idempotent. */
  @Override
  void close();
}
