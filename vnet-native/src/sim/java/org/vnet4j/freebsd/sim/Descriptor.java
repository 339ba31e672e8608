// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.IpPacket;
import org.vnet4j.freebsd.sim.net.Sockaddr;

/** An open file of the simulated kernel, to which a descriptor number of a process refers. */
public abstract class Descriptor {
  public int flags;

  /** Releases the object; called when its last descriptor closes. */
  public abstract void close();

  /**
   * A socket. It stays in the stack in which it was opened, and keeps its jail from being removed.
   */
  public static class Socket extends Descriptor {
    final Prison prison;
    public final Stack stack;
    public final int domain;

    Socket(Prison prison, int domain) {
      this.prison = prison;
      this.stack = prison.stack;
      this.domain = domain;
      prison.sockets++;
    }

    @Override
    public void close() {
      prison.sockets--;
      prison.kernel.jails.reap(prison);
    }
  }

  /** A route socket. It queues every message of its stack until the queue is full. */
  static final class RouteSocket extends Socket {
    /**
     * Capacity of the queue in messages, roughly the kernel's; further messages, answers too, are
     * lost.
     */
    static final int ROOM = 256;

    final Deque<byte[]> queue = new ArrayDeque<>();

    /** Whether SO_RERROR is set: a loss is then reported once, as ENOBUFS. */
    boolean tellsLoss;

    private boolean lost;

    boolean readable() {
      return lost && tellsLoss || !queue.isEmpty();
    }

    /** Takes the next message; returns null if there is none. */
    byte[] take() {
      if (lost && tellsLoss) {
        lost = false;
        throw new SysError("ENOBUFS");
      }
      return queue.poll();
    }

    RouteSocket(Prison prison) {
      super(prison, FreeBsdAbi.constant("AF_ROUTE"));
      stack.routeSockets.add(this);
    }

    void receive(byte[] message) {
      if (queue.size() < ROOM) {
        queue.add(message);
      } else {
        lost = true;
      }
      stack.kernel.notifyAll();
    }

    @Override
    public void close() {
      stack.routeSockets.remove(this);
      super.close();
    }
  }

  /** A raw IP socket. It queues the packets of its protocol until the queue is full. */
  public static final class RawSocket extends Socket {
    private static final int ROOM = 256;

    public final int protocol;

    /**
     * Longest message in bytes: net.inet.raw.maxdgram and recvspace, unless SO_SNDBUF or SO_RCVBUF
     * set it.
     */
    public int sendRoom = 9216;

    int receiveRoom = 9216;

    public byte @Nullable [] bound;
    final Deque<Datagram> queue = new ArrayDeque<>();

    RawSocket(Prison prison, int domain, int protocol) {
      super(prison, domain);
      this.protocol = protocol;
      stack.rawSockets.add(this);
    }

    RawSocket another() {
      return new RawSocket(prison, domain, protocol);
    }

    void option(int name, int value) {
      if (name == FreeBsdAbi.constant("SO_SNDBUF")) {
        sendRoom = value;
      } else if (name == FreeBsdAbi.constant("SO_RCVBUF")) {
        receiveRoom = value;
      }
    }

    public boolean ipv6() {
      return domain == FreeBsdAbi.constant("AF_INET6");
    }

    /** Queues a packet; over IPv4 with its IP header, over IPv6 without. */
    public void receive(IpPacket packet, Iface by) {
      byte[] bytes = ipv6() ? packet.payload() : packet.bytes;
      boolean room = queue.size() < ROOM && bytes.length <= receiveRoom;
      if (packet.isIpv6() == ipv6() && packet.protocol() == protocol && room) {
        queue.add(new Datagram(bytes, Sockaddr.of(by, packet.source())));
        stack.kernel.notifyAll();
      }
    }

    @Override
    public void close() {
      stack.rawSockets.remove(this);
      super.close();
    }
  }

  /** The bytes that a socket received, and the address of their sender. */
  record Datagram(byte[] bytes, byte[] from) {}

  /**
   * A descriptor of a jail (FreeBSD 15). An owning descriptor removes the jail when it is closed.
   */
  public static final class OfJail extends Descriptor {
    public final Prison prison;
    final boolean owning;

    public OfJail(Prison prison, boolean owning) {
      this.prison = prison;
      this.owning = owning;
    }

    @Override
    public void close() {
      if (owning && prison.alive) {
        prison.kernel.jails.kill(prison);
      }
    }
  }
}
