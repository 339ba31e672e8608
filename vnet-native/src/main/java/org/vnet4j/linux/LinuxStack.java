// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.Rtnetlink.RTM_NEWLINK;

import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Fd;
import org.vnet4j.posix.StackRef;
import org.vnet4j.spi.BridgeDriver;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.Refusal;
import org.vnet4j.spi.RouteDriver;
import org.vnet4j.spi.SocketDriver;
import org.vnet4j.spi.StackDriver;

/**
 * One network namespace. Holds its descriptor and, from the first question on, one netlink socket.
 */
final class LinuxStack implements StackDriver, AutoCloseable {
  private final LinuxKernel kernel;
  private final int jid;
  private final Fd namespace;
  private final LinuxInterfaces interfaces = new LinuxInterfaces(this);
  private final LinuxBridges bridges = new LinuxBridges(this);
  private final LinuxRoutes routes = new LinuxRoutes(this);
  private volatile @Nullable NetlinkSocket socket;
  private boolean closed;

  LinuxStack(LinuxKernel kernel, int jid, Fd namespace) {
    this.kernel = kernel;
    this.jid = jid;
    this.namespace = namespace;
  }

  LinuxKernel kernel() {
    return kernel;
  }

  int jid() {
    return jid;
  }

  Fd namespace() {
    return namespace;
  }

  /** Returns what names this stack to the helper. */
  StackRef ref() {
    return StackRef.namespace(namespace);
  }

  /** Begins an exchange with the kernel in this namespace. */
  NetlinkSocket.Exchange exchange() {
    NetlinkSocket open = socket;
    return (open == null ? open() : open).begin();
  }

  private synchronized NetlinkSocket open() {
    NetlinkSocket open = socket;
    if (open == null) {
      if (closed) {
        throw new org.vnet4j.Jail.NotFoundException(
            new KernelError("socket", "jail " + jid, 2, "ENOENT", "the jail was removed", null));
      }
      open = kernel.netlink(namespace);
      socket = open;
    }
    return open;
  }

  /** Runs one exchange and turns a refusal into the error the seam promises. */
  <T> T ask(
      Function<KernelError, VnetException> refusal, Function<NetlinkSocket.Exchange, T> work) {
    try (NetlinkSocket.Exchange exchange = exchange()) {
      return work.apply(exchange);
    } catch (NetlinkSocket.Refused e) {
      throw refusal.apply(e.error());
    }
  }

  /** Returns the index of an interface. */
  int index(String name) {
    return ask(Refusal::ofInterface, exchange -> exchange.index(name));
  }

  /** Reads one link. */
  Link link(String name) {
    return ask(Refusal::ofInterface, exchange -> link(exchange, name));
  }

  static Link link(NetlinkSocket.Exchange exchange, String name) {
    LinkRequests.get(exchange.out().clear(), name);
    return exchange.get(
        "RTM_GETLINK",
        name,
        (type, buffer, from, to) -> type == RTM_NEWLINK ? Link.decode(buffer, from, to) : null);
  }

  /** Reads all links. */
  List<Link> links() {
    return ask(
        Refusal::ofInterface,
        exchange -> {
          LinkRequests.dump(exchange.out().clear());
          return links(exchange, "all");
        });
  }

  static List<Link> links(NetlinkSocket.Exchange exchange, String subject) {
    return exchange.dump(
        "RTM_GETLINK",
        subject,
        (type, buffer, from, to) -> type == RTM_NEWLINK ? Link.decode(buffer, from, to) : null);
  }

  @Override
  public LinuxInterfaces interfaces() {
    return interfaces;
  }

  @Override
  public BridgeDriver bridges() {
    return bridges;
  }

  @Override
  public RouteDriver routes() {
    return routes;
  }

  @Override
  public SocketDriver sockets() {
    return new LinuxSockets(this);
  }

  @Override
  public ProcessDriver processes() {
    return new LinuxProcesses(this);
  }

  @Override
  public boolean forwarding(StandardProtocolFamily family) {
    ByteBuffer value = kernel.helper().sysctl(ref(), forwardingPath(family));
    return !StandardCharsets.US_ASCII.decode(value).toString().strip().equals("0");
  }

  @Override
  public void forwarding(StandardProtocolFamily family, boolean on) {
    byte[] value = (on ? "1" : "0").getBytes(StandardCharsets.US_ASCII);
    kernel.helper().sysctl(ref(), forwardingPath(family), value);
  }

  private static String forwardingPath(StandardProtocolFamily family) {
    return family == StandardProtocolFamily.INET6
        ? "net/ipv6/conf/all/forwarding"
        : "net/ipv4/ip_forward";
  }

  synchronized void closeSocket() {
    NetlinkSocket open = socket;
    if (open != null) {
      open.close();
      socket = null;
    }
  }

  /** Closes the sockets and the descriptor of the namespace. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    closeSocket();
    namespace.close();
  }
}
