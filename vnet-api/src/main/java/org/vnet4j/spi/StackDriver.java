// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.StandardProtocolFamily;
import java.util.List;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Instruction;

/** The operations on one network stack, by role. */
public interface StackDriver {

  /**
   * Returns the operations on interfaces.
   *
   * @return the same object at every call
   */
  InterfaceDriver interfaces();

  /**
   * Returns the operations on bridges.
   *
   * @return the same object at every call
   */
  BridgeDriver bridges();

  /**
   * Returns the operations on routes.
   *
   * @return the same object at every call
   */
  RouteDriver routes();

  /**
   * Returns the sockets of this stack.
   *
   * @return the same object at every call
   */
  SocketDriver sockets();

  /**
   * Returns the operations on processes.
   *
   * @return the same object at every call
   */
  ProcessDriver processes();

  /**
   * Returns the operations on ipfw; asked only where the kernel has {@link Capability#IPFW}.
   *
   * @return the same object at every call
   */
  default IpfwDriver ipfw() {
    throw new Vnet.UnsupportedException("no ipfw in this provider");
  }

  /**
   * Returns the operations on pf; asked only where the kernel has {@link Capability#PF}.
   *
   * @return the same object at every call
   */
  default PfDriver pf() {
    throw new Vnet.UnsupportedException("no pf in this provider");
  }

  /**
   * Returns the operations on ipfilter; asked only where the kernel has {@link Capability#IPF}.
   *
   * @return the same object at every call
   */
  default IpfDriver ipf() {
    throw new Vnet.UnsupportedException("no ipfilter in this provider");
  }

  /**
   * Begins to capture on an interface; asked only where the kernel has {@link Capability#CAPTURE}.
   *
   * @param name the interface
   * @param program decides in classic BPF which packets to keep, and how much of each
   * @param snaplen how much that is at most
   * @return a new source, to be closed by the caller; it closes with the stack too
   */
  default PacketSource capture(String name, List<Instruction> program, int snaplen) {
    throw new Vnet.UnsupportedException("no captures in this provider yet");
  }

  /**
   * Begins to listen to what happens in this stack.
   *
   * @return a new source, to be closed by the caller; it closes with the stack too
   */
  default EventSource events() {
    throw new Vnet.UnsupportedException("no events in this provider yet");
  }

  /**
   * Returns the operations on what leaves by interfaces.
   *
   * @return the same object at every call
   */
  ShapingDriver shaping();

  /**
   * Returns whether the stack forwards packets between its interfaces.
   *
   * @param family {@code INET} or {@code INET6}
   * @return true if it acts as a router
   */
  boolean forwarding(StandardProtocolFamily family);

  /**
   * Lets the stack forward packets between its interfaces, or not.
   *
   * @param family {@code INET} or {@code INET6}
   * @param on true for a router
   */
  void forwarding(StandardProtocolFamily family, boolean on);
}
