// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.netlink.LinuxErrno.EAGAIN;
import static org.vnet4j.linux.netlink.LinuxErrno.ENOBUFS;
import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;
import static org.vnet4j.posix.libc.Abi.EINTR;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.vnet4j.linux.netlink.NetlinkMessages;
import org.vnet4j.linux.rtnetlink.AddressMessages;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.linux.rtnetlink.RouteMessages;
import org.vnet4j.linux.rtnetlink.Rtnetlink;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.libc.Wakeup;
import org.vnet4j.spi.EventSink;
import org.vnet4j.spi.EventSource;
import org.vnet4j.spi.KernelErrors;

/**
 * The event source of one namespace: a netlink socket that receives what the kernel multicasts
 * about links, addresses and routes. When the socket's buffer overflows, recv(2) reports ENOBUFS
 * once. See rtnetlink(7).
 */
final class LinuxEvents implements EventSource {
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int RTNLGRP_LINK = 1;
  private static final int RTNLGRP_IPV4_IFADDR = 5;
  private static final int RTNLGRP_IPV4_ROUTE = 7;
  private static final int RTNLGRP_IPV6_IFADDR = 9;
  private static final int RTNLGRP_IPV6_ROUTE = 11;
  private static final List<Integer> GROUPS =
      List.of(
          RTNLGRP_LINK,
          RTNLGRP_IPV4_IFADDR,
          RTNLGRP_IPV4_ROUTE,
          RTNLGRP_IPV6_IFADDR,
          RTNLGRP_IPV6_ROUTE);

  private static final int SOCKADDR_NL = 12;
  private static final int MSG_DONTWAIT = 0x40;

  /** The most messages in one read, so that the queue of a subscriber stays bounded. */
  private static final int MOST = 256;

  private final Fd socket;
  private final Wakeup wakeup;
  private final Consumer<Object> whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Memory buffer = Memory.allocate(64 * 1024);

  /** Takes over a netlink socket and joins the multicast groups. */
  LinuxEvents(Fd socket, Consumer<Object> whenClosed) {
    this.socket = socket;
    this.whenClosed = whenClosed;
    this.wakeup = Wakeup.of(socket);
    try {
      join();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void join() {
    Memory memory = Memory.allocate(SOCKADDR_NL);
    memory.bytes().putShort(0, (short) AF_NETLINK);
    check("bind", socket.use(n -> errno(Native.libc().bind(n, memory.address(), SOCKADDR_NL))));
    for (int group : GROUPS) {
      memory.bytes().putInt(0, group);
      int errno =
          socket.use(
              n ->
                  errno(
                      Native.libc()
                          .setsockopt(
                              n, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, memory.address(), 4)));
      check("NETLINK_ADD_MEMBERSHIP", errno);
    }
    memory.keep();
  }

  private static int errno(int rc) {
    return rc < 0 ? Native.errno() : 0;
  }

  private static void check(String call, int errno) {
    if (errno != 0) {
      throw KernelErrors.of(Errno.LINUX.error(call, "event socket", errno));
    }
  }

  @Override
  public boolean await(Duration timeout) {
    return isOpen() && wakeup.awaitInput(socket, timeout) && isOpen();
  }

  @Override
  public void read(EventSink sink) {
    for (int i = 0; i < MOST; i++) {
      int length = socket.use(this::receive);
      if (length == -EAGAIN) {
        return;
      }
      if (length == -ENOBUFS) {
        drain();
        sink.missed();
        return;
      } else if (length > 0) {
        NetlinkMessages messages =
            new NetlinkMessages(
                buffer.bytes(), length, Rtnetlink::headerSize, "recv", "event socket");
        while (messages.next()) {
          messages.decode((type, bytes, from, to) -> tell(sink, type, bytes, from, to));
        }
      } else if (length != -EINTR) {
        throw KernelErrors.of(Errno.LINUX.error("recv", "event socket", -length));
      }
    }
  }

  /**
   * Discards the queued messages after an overflow: they are older than the state that is read
   * next.
   */
  private void drain() {
    int length = 0;
    while (length >= 0 || length == -ENOBUFS || length == -EINTR) {
      length = socket.use(this::receive);
    }
  }

  private int receive(int number) {
    long n = Native.libc().recv(number, buffer.address(), buffer.bytes().capacity(), MSG_DONTWAIT);
    return n < 0 ? -Native.errno() : (int) n;
  }

  static boolean tell(EventSink sink, int type, ByteBuffer bytes, int from, int to) {
    switch (type) {
      case RTM_NEWLINK, RTM_DELLINK -> link(sink, type == RTM_NEWLINK, bytes, from, to);
      case RTM_NEWADDR, RTM_DELADDR -> {
        Cidr address = AddressMessages.decode(bytes, from, to);
        if (address != null) {
          sink.address(AddressMessages.index(bytes, from), address, type == RTM_NEWADDR);
        }
      }
      case RTM_NEWROUTE, RTM_DELROUTE ->
          RouteMessages.decode(
              bytes, from, to, sink::name, route -> sink.route(route, type == RTM_NEWROUTE));
      default -> {}
    }
    return true;
  }

  /**
   * Reports a link. A bridge also sends messages about its members, in a family of its own; these
   * are skipped.
   */
  private static void link(EventSink sink, boolean there, ByteBuffer bytes, int from, int to) {
    if (bytes.get(from) != AF_UNSPEC) {
      return;
    }
    LinkState link = LinkState.decode(bytes, from, to);
    if (there) {
      sink.link(link.index(), link.name(), (link.flags() & IFF_UP) != 0);
    } else {
      sink.gone(link.index());
    }
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      wakeup.wake();
      socket.close();
      wakeup.close();
      whenClosed.accept(this);
    }
  }
}
