// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFCAP_TXCSUM;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFCAP_TXCSUM_IPV6;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.ioctl.TunnelCalls;
import org.vnet4j.freebsd.ioctl.VxlanCalls;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.spi.InterfaceDriver.EpairNames;
import org.vnet4j.spi.InterfaceSpec;

/**
 * Creates interfaces in one stack. Each new interface is marked with its owner; an Ethernet
 * interface gets a random MAC address, since the kernel's default addresses are hashed from few
 * bits. If a step fails, everything created before is destroyed.
 */
final class InterfaceMaker {
  private static final int MOST_UNITS = 1 << 15;

  private final FreeBsdStack stack;
  private final CloneCalls clones;

  InterfaceMaker(FreeBsdStack stack) {
    this.stack = stack;
    this.clones = stack.calls.clones;
  }

  String create(InterfaceSpec spec, @Nullable String name) {
    checkPossible(spec);
    if (spec instanceof InterfaceSpec.Gre) {
      stack.session().madeGre();
    }
    String made = numbered(spec.kind().toString(), what -> clone(spec, what));
    try {
      mark(made, stack.session().tag());
      if (spec instanceof InterfaceSpec.Vlan vlan) {
        stack.inet(
            fd -> {
              stack.calls.vlans.set(fd, made, vlan.parent(), vlan.tag());
              return fd;
            });
      } else if (!tunnel(spec, made) && !(spec instanceof InterfaceSpec.Loopback)) {
        address(made);
      }
      return named(made, name);
    } catch (RuntimeException e) {
      destroy(made, e);
      throw e;
    }
  }

  /** Rejects, before anything is created, a gre or gif that this system cannot configure. */
  private static void checkPossible(InterfaceSpec spec) {
    if (spec instanceof InterfaceSpec.Gre gre) {
      checkHops(gre.ttl(), "gre", gre.local(), "net.inet.ip.grettl", "net.inet6.ip6.grehlim");
    } else if (spec instanceof InterfaceSpec.Gif gif) {
      checkHops(gif.ttl(), "gif", gif.local(), "net.inet.ip.gifttl", "net.inet6.ip6.gifhlim");
    }
  }

  private static void checkHops(int ttl, String kind, InetAddress local, String four, String six) {
    if (ttl != 0) {
      throw new Vnet.UnsupportedException(
          "FreeBSD has one hop limit for all "
              + kind
              + " tunnels of a stack: sysctl "
              + (local instanceof Inet6Address ? six : four));
    }
  }

  /** Sets the end points of a gre or gif; returns false for other kinds. */
  private boolean tunnel(InterfaceSpec spec, String made) {
    TunnelCalls calls = stack.calls.tunnels;
    if (spec instanceof InterfaceSpec.Gif gif) {
      return stack.inet(
          fd -> {
            calls.ends(fd, made, gif.local(), gif.remote());
            return true;
          });
    } else if (spec instanceof InterfaceSpec.Gre gre) {
      return stack.inet(
          fd -> {
            if (gre.key() != 0) {
              calls.key(fd, made, gre.key());
            }
            calls.ends(fd, made, gre.local(), gre.remote());
            return true;
          });
    }
    return false;
  }

  private String clone(InterfaceSpec spec, String what) {
    if (spec instanceof InterfaceSpec.Vxlan vxlan) {
      Memory parameters =
          VxlanCalls.parameters(vxlan.vni(), vxlan.local(), vxlan.remote(), vxlan.port());
      String device = vxlan.device();
      if (device != null) {
        stack.index(device);
        VxlanCalls.device(parameters, device);
      }
      return stack.inet(fd -> clones.create(fd, what, parameters));
    }
    return stack.inet(fd -> clones.create(fd, what));
  }

  EpairNames createEpair(@Nullable String a, @Nullable String b, FreeBsdStack other) {
    if (b != null) {
      checkFree(b, other);
    }
    return numbered("epair", what -> epair(what, a, b, other));
  }

  /** Throws if the name is taken, before anything is created. */
  private void checkFree(String name, FreeBsdStack where) {
    if (where.has(name)) {
      throw FreeBsdErrors.ofInterface(
          Syscalls.refusal("SIOCSIFNAME", name, FreeBsdErrno.EEXIST, null));
    }
  }

  private EpairNames epair(
      String what, @Nullable String a, @Nullable String b, FreeBsdStack other) {
    String madeA = stack.inet(fd -> clones.create(fd, what));
    String madeB = madeA.substring(0, madeA.length() - 1) + "b";
    String endA = madeA;
    try {
      String tag = stack.session().tag();
      mark(madeA, tag);
      mark(madeB, tag);
      address(madeA);
      address(madeB);
      completeChecksums(madeA);
      completeChecksums(madeB);
      if (other == stack) {
        named(madeB, b);
      }
      endA = named(madeA, a);
      if (other != stack) {
        stack.session().moves().moveNew(madeB, stack, other, b == null ? madeB : b);
      }
      return new EpairNames(endA, b == null ? madeB : b);
    } catch (RuntimeException e) {
      destroy(endA, e);
      throw e instanceof NetInterface.NameTakenException taken && (a != null || b != null)
          ? new Named(taken)
          : e;
    }
  }

  /** Signals that the requested name is taken. Another unit number would not help. */
  private static final class Named extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final NetInterface.NameTakenException taken;

    Named(NetInterface.NameTakenException taken) {
      super(taken.getMessage(), taken, false, false);
      this.taken = taken;
    }
  }

  /**
   * Creates an interface with a unit number of the kernel's choice. The resulting name may belong
   * to an interface that was moved from another stack; then tries the free numbers in turn.
   */
  private <T> T numbered(String kind, Function<String, T> make) {
    try {
      try {
        return make.apply(kind);
      } catch (NetInterface.NameTakenException e) {
        return next(kind, make, e);
      }
    } catch (Named e) {
      throw e.taken;
    }
  }

  private <T> T next(String kind, Function<String, T> make, NetInterface.NameTakenException first) {
    Set<String> taken = new HashSet<>(stack.interfaces().names());
    NetInterface.NameTakenException last = first;
    for (int unit = 0; unit < MOST_UNITS; unit++) {
      String name = kind + unit;
      if (!taken.contains(name) && !taken.contains(name + "a") && !taken.contains(name + "b")) {
        try {
          return make.apply(name);
        } catch (NetInterface.NameTakenException e) {
          last = e;
        }
      }
    }
    throw last;
  }

  private void address(String name) {
    stack.interfaces().lladdr(name, MacAddress.random(ThreadLocalRandom.current()));
  }

  /**
   * Lets the stack complete the checksums of the packets that an end of an epair sends, as {@code
   * ifconfig -txcsum -txcsum6} does. FreeBSD 15 otherwise leaves them out, and firewalls do not
   * answer such packets: pf takes the checksums for wrong and sends no reset. An end of an older
   * release has no such capability.
   */
  private void completeChecksums(String end) {
    stack.inet(
        fd -> {
          int enabled = stack.calls.interfaces.capabilities(fd, end);
          int wanted = enabled & ~(IFCAP_TXCSUM | IFCAP_TXCSUM_IPV6);
          if (wanted != enabled) {
            stack.calls.interfaces.setCapabilities(fd, end, wanted);
          }
          return fd;
        });
  }

  /**
   * Marks a new interface with its owner. This is the first change, so that the owner is known even
   * if this program is killed.
   */
  private void mark(String made, String tag) {
    stack.interfaces().mark(made, Mark.made(stack.jid(), tag));
  }

  /** Renames the interface if a name was requested. */
  private String named(String made, @Nullable String name) {
    if (name == null || name.equals(made)) {
      return made;
    }
    stack.interfaces().rename(made, name);
    return name;
  }

  private void destroy(String name, RuntimeException failure) {
    Failures.undo(failure, () -> stack.interfaces().destroy(name));
  }
}
