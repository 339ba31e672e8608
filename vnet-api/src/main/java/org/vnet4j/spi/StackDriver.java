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
   * Returns the operations on sockets.
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
   * Returns the operations on ipfw. Called only if the kernel has {@link Capability#IPFW}.
   *
   * @return the same object at every call
   */
  default IpfwDriver ipfw() {
    throw new Vnet.UnsupportedException("no ipfw in this provider");
  }

  /**
   * Returns the operations on pf. Called only if the kernel has {@link Capability#PF}.
   *
   * @return the same object at every call
   */
  default PfDriver pf() {
    throw new Vnet.UnsupportedException("no pf in this provider");
  }

  /**
   * Returns the operations on ipfilter. Called only if the kernel has {@link Capability#IPF}.
   *
   * @return the same object at every call
   */
  default IpfDriver ipf() {
    throw new Vnet.UnsupportedException("no ipfilter in this provider");
  }

  /**
   * Starts a capture on an interface. Called only if the kernel has {@link Capability#CAPTURE}.
   *
   * @param name the interface
   * @param program a classic BPF program that returns how many bytes of a packet to keep
   * @param snaplen largest number of bytes to keep of a packet
   * @return a new source, which the caller closes; closing the stack closes it too
   */
  default PacketSource capture(String name, List<Instruction> program, int snaplen) {
    throw new Vnet.UnsupportedException("no captures in this provider yet");
  }

  /**
   * Starts to receive the kernel's notifications for this stack.
   *
   * @return a new source, which the caller closes; closing the stack closes it too
   */
  default EventSource events() {
    throw new Vnet.UnsupportedException("no events in this provider yet");
  }

  /**
   * Returns the operations on the shaping of interfaces.
   *
   * @return the same object at every call
   */
  ShapingDriver shaping();

  /**
   * Returns whether the stack forwards packets between its interfaces.
   *
   * @param family {@code INET} or {@code INET6}
   * @return true if forwarding is enabled
   */
  boolean forwarding(StandardProtocolFamily family);

  /**
   * Enables or disables forwarding of packets between the interfaces of the stack.
   *
   * @param family {@code INET} or {@code INET6}
   * @param on true to enable, false to disable
   */
  void forwarding(StandardProtocolFamily family, boolean on);
}
