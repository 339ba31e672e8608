// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.rtnetlink.Rtnetlink.RTM_NEWQDISC;
import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.EINVAL;
import static org.vnet4j.net.Errno.ENOENT;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Capability;
import org.vnet4j.KernelError;
import org.vnet4j.NetInterface;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.linux.rtnetlink.QdiscMessages;
import org.vnet4j.net.Shaping;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.ShapingDriver;

/**
 * The shaping driver: reads and changes the queueing disciplines of one namespace by rtnetlink(7).
 */
final class LinuxShaping implements ShapingDriver {
  private static final int LOOPBACK = 1;

  private final LinuxStack stack;

  LinuxShaping(LinuxStack stack) {
    this.stack = stack;
  }

  /** Finds out which disciplines the kernel has. Loads those that are modules. */
  static Set<Capability> probe(LinuxStack stack) {
    EnumSet<Capability> found = EnumSet.noneOf(Capability.class);
    if (has(stack, "tbf")) {
      found.add(Capability.SHAPE_RATE);
    }
    if (has(stack, "netem")) {
      found.add(Capability.SHAPE_RATE);
      found.add(Capability.SHAPE_DELAY);
      found.add(Capability.SHAPE_JITTER);
      found.add(Capability.SHAPE_LOSS);
      found.add(Capability.SHAPE_DUPLICATION);
    }
    return found;
  }

  private static boolean has(LinuxStack stack, String kind) {
    try (NetlinkSocket.Exchange exchange = stack.exchange()) {
      QdiscMessages.probe(exchange.out(), LOOPBACK, kind);
      KernelError answer = exchange.attempt("RTM_NEWQDISC", kind, 0, null);
      return answer != null && answer.isErrno(EINVAL, EEXIST);
    }
  }

  @Override
  public void set(String name, Shaping shaping) {
    stack.happens(
        () -> get(name).filter(shaping::equals).isPresent(), () -> replace(name, shaping));
  }

  private void replace(String name, Shaping shaping) {
    stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          LinkState link = LinuxStack.link(exchange, name);
          QdiscMessages.Root root = root(exchange, link);
          if (root != null && root.handle() != 0 && root.shaping() == null) {
            throw new NetInterface.BusyException(
                "interface "
                    + name
                    + " of "
                    + stack.name()
                    + " has a queueing discipline of somebody else's, "
                    + root.kind()
                    + "; tc qdisc del dev "
                    + name
                    + " root");
          }
          put(exchange, link, shaping);
          return true;
        });
  }

  private static void put(NetlinkSocket.Exchange exchange, LinkState link, Shaping shaping) {
    boolean rateOnly = Shaping.NONE.queue(shaping.queue()).equals(shaping.bandwidth(0));
    NetlinkWriter out = exchange.out().clear();
    if (rateOnly) {
      QdiscMessages.tbf(out, link.index(), link.mtu(), shaping);
    } else {
      QdiscMessages.netem(out, link.index(), shaping);
    }
    exchange.execute("RTM_NEWQDISC", link.name() + " " + shaping);
  }

  private static QdiscMessages.@Nullable Root root(
      NetlinkSocket.Exchange exchange, LinkState link) {
    QdiscMessages.get(exchange.out().clear(), link.index());
    try {
      return exchange
          .find(
              "RTM_GETQDISC",
              link.name(),
              (type, buffer, from, to) ->
                  type == RTM_NEWQDISC ? QdiscMessages.decode(buffer, from, to, link.mtu()) : null)
          .orElse(null);
    } catch (NetlinkSocket.NetlinkError e) {
      if (e.error().isErrno(EINVAL, ENOENT)) {
        return null; // older kernels report hidden disciplines, such as noqueue, so
      }
      throw e;
    }
  }

  @Override
  public Optional<Shaping> get(String name) {
    return stack.ask(
        KernelErrors::ofInterface,
        exchange ->
            Optional.ofNullable(root(exchange, LinuxStack.link(exchange, name)))
                .map(QdiscMessages.Root::shaping));
  }

  @Override
  public void clear(String name) {
    stack.happens(() -> get(name).isEmpty(), () -> delete(name));
  }

  private void delete(String name) {
    stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          LinkState link = LinuxStack.link(exchange, name);
          QdiscMessages.Root root = root(exchange, link);
          if (root != null && root.shaping() != null) {
            QdiscMessages.delete(exchange.out().clear(), link.index(), root.handle());
            exchange.execute("RTM_DELQDISC", name);
          }
          return true;
        });
  }
}
