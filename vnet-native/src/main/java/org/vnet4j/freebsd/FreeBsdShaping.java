// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.ipfw.DummynetCalls;
import org.vnet4j.freebsd.ipfw.DummynetCodec;
import org.vnet4j.freebsd.ipfw.IpfwRangeCodec;
import org.vnet4j.freebsd.ipfw.IpfwVersion;
import org.vnet4j.freebsd.ipfw.ShapingRules;
import org.vnet4j.net.Shaping;
import org.vnet4j.posix.Failures;
import org.vnet4j.spi.ShapingDriver;

/**
 * Shapes the traffic of one stack. {@linkplain ShapingRules Rules of ipfw} lead the frames that
 * leave by an interface into pipes of dummynet(4).
 *
 * <p>The rules match frames, not packets, so ipfw must receive the frames of the stack ({@code
 * net.link.ether.ipfw}, and {@code net.link.bridge.ipfw} for frames that a bridge forwards). If a
 * stack had that switched on before, it has frame rules of its own, which stay in force.
 */
final class FreeBsdShaping implements ShapingDriver {
  private static final Logger LOG = LoggerFactory.getLogger(FreeBsdShaping.class);
  private static final String ETHER = "net.link.ether.ipfw";
  private static final String BRIDGE = "net.link.bridge.ipfw";

  /**
   * Variables by which other filters receive bridged frames. If one is set, {@code
   * net.link.bridge.ipfw} is not switched on in addition.
   */
  private static final List<String> OTHER_BRIDGE_FILTERS =
      List.of("net.link.bridge.pfil_bridge", "net.link.bridge.pfil_member");

  private final FreeBsdStack stack;

  /** Whether this stack may contain shaping rules made here. */
  private volatile boolean used;

  FreeBsdShaping(FreeBsdStack stack) {
    this.stack = stack;
  }

  private record Open(
      FreeBsdIpfw.Socket ipfw, DummynetCalls pipes, ShapingRules rules, FreeBsdStack stack) {
    List<ShapingRules.Listed> front() {
      return rules.listed(ipfw.calls().list(ipfw.fd(), "IP_FW_XGET", "ipfw", rules::list));
    }

    ShapingRules.@Nullable Listed of(String name, int index) {
      return front().stream()
          .filter(rule -> rule.ours() && rule.name().equals(name) && rule.index() == index)
          .findFirst()
          .orElse(null);
    }

    void add(int number, String name, int index, String owner) {
      ipfw.get("IP_FW_XADD", "rule " + number, rules.pipe(number, name, index, owner));
    }

    /** Returns the rules of interfaces that do not exist or have another name. */
    List<ShapingRules.Listed> strays() {
      List<ShapingRules.Listed> pipes = new ArrayList<>(front());
      pipes.removeIf(rule -> !rule.ours() || rule.isPass());
      if (!pipes.isEmpty()) {
        Map<Integer, String> names = new HashMap<>();
        stack
            .inet(fd -> stack.calls.lists.list(fd))
            .forEach(iface -> names.put(iface.index(), iface.name()));
        pipes.removeIf(rule -> rule.name().equals(names.get(rule.index())));
      }
      return pipes;
    }

    void delete(int number) {
      ipfw.get(
          "IP_FW_XDEL",
          "rule " + number,
          new IpfwRangeCodec(ipfw.version()).deleteInSet(number, number, ShapingRules.SET));
    }

    Optional<Shaping> read(int pipe) {
      return pipes.list(ipfw.fd(), pipe, pipe).stream()
          .filter(one -> one.number() == pipe)
          .map(DummynetCodec.Pipe::shaping)
          .findFirst();
    }

    /**
     * Configures a pipe.
     *
     * @throws Vnet.UnsupportedException if the kernel adjusted the values
     */
    void configure(int pipe, Shaping shaping) {
      pipes.configure(ipfw.fd(), pipe, shaping);
      Shaping made = read(pipe).orElse(Shaping.NONE);
      if (!made.equals(shaping)) {
        throw new Vnet.UnsupportedException(
            "shaping: dummynet(4) makes \""
                + made
                + "\" of \""
                + shaping
                + "\": delays are in ticks of kern.hz, queues have at most"
                + " net.inet.ip.dummynet.pipe_slot_limit packets");
      }
    }
  }

  private <T> T use(java.util.function.Function<Open, T> work) {
    return stack
        .ipfw()
        .use(
            ipfw ->
                work.apply(
                    new Open(
                        ipfw,
                        new DummynetCalls(stack.kernel()),
                        new ShapingRules(ipfw.version()),
                        stack)));
  }

  private boolean possible() {
    return stack.session().capabilities().contains(org.vnet4j.Capability.SHAPE_RATE);
  }

  // ---- the driver

  @Override
  public synchronized void set(String name, Shaping shaping) {
    int index = stack.index(name);
    use(
        open -> {
          DummynetCodec.check(name, shaping, open.ipfw().version() != IpfwVersion.V0);
          used = true;
          tidy();
          ShapingRules.Listed there = open.of(name, index);
          if (there == null) {
            begin(open, name, index, shaping);
          } else {
            change(open, there.pipe(), shaping);
          }
          return name;
        });
  }

  private static void change(Open open, int pipe, Shaping shaping) {
    Shaping before = open.read(pipe).orElse(Shaping.NONE);
    try {
      open.configure(pipe, shaping);
    } catch (RuntimeException e) {
      throw undone(e, () -> open.configure(pipe, before));
    }
  }

  private static void begin(Open open, String name, int index, Shaping shaping) {
    int number = free(open, name);
    int pipe = ShapingRules.FIRST_PIPE + number;
    try {
      open.configure(pipe, shaping);
      open.add(number, name, index, open.stack().session().owner());
      showFrames(open);
    } catch (RuntimeException e) {
      throw undone(
          e,
          () -> open.delete(number),
          () -> end(open, open.front()),
          () -> open.pipes().delete(open.ipfw().fd(), pipe));
    }
  }

  private static RuntimeException undone(RuntimeException failure, Runnable... steps) {
    for (Runnable step : steps) {
      Failures.undo(failure, step);
    }
    return failure;
  }

  /** Returns a number that neither a rule nor a pipe uses. */
  private static int free(Open open, String name) {
    Set<Integer> taken = new HashSet<>();
    for (ShapingRules.Listed rule : open.front()) {
      if (!rule.ours()) {
        throw new NetInterface.BusyException(
            "shaping "
                + name
                + ": ipfw has a rule "
                + rule.number()
                + " of somebody else's; rules 1 to 99 are for shaping");
      }
      taken.add(rule.number());
    }
    open.pipes()
        .list(
            open.ipfw().fd(), ShapingRules.FIRST_PIPE, ShapingRules.FIRST_PIPE + ShapingRules.LAST)
        .forEach(pipe -> taken.add(pipe.number() - ShapingRules.FIRST_PIPE));
    return IntStream.rangeClosed(1, ShapingRules.LAST)
        .filter(number -> !taken.contains(number))
        .findFirst()
        .orElseThrow(
            () ->
                new Vnet.UnsupportedException(
                    "shaping "
                        + name
                        + ": "
                        + ShapingRules.LAST
                        + " interfaces of this stack are shaped, and no more can be"));
  }

  /**
   * Lets ipfw receive the frames. Adds the rule that passes frames around all other rules first.
   */
  private static void showFrames(Open open) {
    FreeBsdStack stack = open.stack();
    if (stack.sysctl(ETHER).orElse(0) != 0) {
      return;
    }
    open.ipfw().get("IP_FW_XADD", "rule " + ShapingRules.PASS, open.rules().pass());
    stack.sysctl(ETHER, 1);
    boolean filtered =
        OTHER_BRIDGE_FILTERS.stream().anyMatch(other -> stack.sysctl(other).orElse(0) != 0);
    if (stack.sysctl(BRIDGE).isPresent() && !filtered) {
      stack.sysctl(BRIDGE, 1);
    }
  }

  /**
   * After the last pipe was removed, stops passing frames to ipfw and deletes the rule for them.
   */
  private static void end(Open open, List<ShapingRules.Listed> front) {
    boolean last = front.stream().noneMatch(rule -> rule.ours() && !rule.isPass());
    if (last && front.stream().anyMatch(ShapingRules.Listed::isPass)) {
      open.stack().sysctl(ETHER, 0);
      if (open.stack().sysctl(BRIDGE).orElse(0) != 0) {
        open.stack().sysctl(BRIDGE, 0);
      }
      open.delete(ShapingRules.PASS);
    }
  }

  @Override
  public synchronized Optional<Shaping> get(String name) {
    int index = stack.index(name);
    if (!possible()) {
      return Optional.empty();
    }
    return use(
        open -> {
          ShapingRules.Listed there = open.of(name, index);
          return there == null ? Optional.empty() : open.read(there.pipe());
        });
  }

  @Override
  public synchronized void clear(String name) {
    int index = stack.index(name);
    if (possible()) {
      use(
          open -> {
            ShapingRules.Listed there = open.of(name, index);
            if (there != null) {
              remove(open, there);
              end(open, open.front());
            }
            return name;
          });
    }
  }

  private static void remove(Open open, ShapingRules.Listed rule) {
    open.delete(rule.number());
    open.pipes().delete(open.ipfw().fd(), rule.pipe());
  }

  // ---- changes of interfaces

  /**
   * Removes the rules of interfaces that no longer exist, after an interface was created or
   * destroyed. A failure does not undo the change of the interface; the removal is tried again
   * after the next change.
   */
  void tidy() {
    follow(FreeBsdShaping::tidy);
  }

  /** Replaces the rule of a renamed interface. */
  void renamed(String before, String now) {
    follow(
        open -> {
          ShapingRules.Listed rule = open.of(before, stack.index(now));
          if (rule != null) {
            open.delete(rule.number());
            open.add(rule.number(), now, rule.index(), rule.owner());
          }
          tidy(open);
        });
  }

  private synchronized void follow(Consumer<Open> work) {
    if (!used) {
      return;
    }
    try {
      use(
          open -> {
            work.accept(open);
            return true;
          });
    } catch (VnetException e) {
      LOG.debug("{}: rules of shaping stay for now: {}", stack.ref(), e.getMessage());
    }
  }

  private static void tidy(Open open) {
    List<ShapingRules.Listed> strays = open.strays();
    strays.forEach(rule -> remove(open, rule));
    if (!strays.isEmpty()) {
      end(open, open.front());
    }
  }

  /**
   * Returns the rules of interfaces that no longer exist, including those left by a killed program.
   */
  synchronized List<ShapingRules.Listed> strays() {
    return possible() ? use(Open::strays) : List.of();
  }

  /** Removes such a rule if it still exists. */
  synchronized void drop(ShapingRules.Listed stray) {
    use(
        open -> {
          if (open.strays().contains(stray)) {
            remove(open, stray);
            end(open, open.front());
          }
          return stray;
        });
  }
}
