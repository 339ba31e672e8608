// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;

/** A raw ICMP or ICMPv6 socket in one stack. Not thread-safe. */
public interface IcmpSocket extends AutoCloseable {

  /**
   * Sets the source address of outgoing messages.
   *
   * @param source an address of the stack
   * @throws org.vnet4j.NetInterface.AddressNotFoundException if the stack does not have the address
   *     (EADDRNOTAVAIL)
   */
  void bind(InetAddress source);

  /**
   * Sends an ICMP message.
   *
   * @param message the ICMP message with its checksum, without an IP header (the kernel computes
   *     the checksum of ICMPv6)
   * @param destination the receiver's address
   * @param zone the interface for a link-local destination, or null
   * @return the kernel's error if sending failed, empty on success
   */
  Optional<KernelError> send(ByteBuffer message, InetAddress destination, @Nullable String zone);

  /**
   * Receives an ICMP message.
   *
   * @param buffer receives the ICMP message without an IP header; it is cleared first and flipped
   *     afterwards
   * @param timeout longest time to wait; zero or more
   * @return the sender's address, or null if the time ran out
   */
  @Nullable InetAddress receive(ByteBuffer buffer, Duration timeout);

  /**
   * Waits until a message can be received.
   *
   * @param other another socket of the same stack, whose messages end the wait too, or null
   * @param timeout longest time to wait
   */
  void await(@Nullable IcmpSocket other, Duration timeout);

  /**
   * Returns how often the kernel had no room for a neighbour of the socket's IP version in a table
   * that all stacks of the machine share. A packet that needs such an entry is lost.
   *
   * @return a count that only grows; always 0 if the kernel has no such table
   */
  default long refusedNeighbours() {
    return 0;
  }

  /** Closes the socket. Idempotent. */
  @Override
  void close();
}
