// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.net.Errno.ENOENT;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.linux.registry.JailRecord;
import org.vnet4j.linux.registry.JailRegistry;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.spi.JailDriver.Returned;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.KernelErrors;

/**
 * Removes jails that go together. What was lent to them goes home, the cables between them are
 * destroyed, and then they lose their names, many in one request. Each is asked for its links once
 * before that and once behind it: who had it open may have put something in.
 */
final class JailRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(JailRemoval.class);

  /** As many as the helper takes in one request. */
  private static final int AT_ONCE = 16;

  private final LinuxKernel kernel;
  private final JailRegistry registry;
  private final List<JailRecord> doomed;
  private final Set<Integer> jids;
  private final Consumer<Returned> cameHome;
  private final Failures failures = new Failures();
  private final Map<LinuxStack, JailRecord> stacks = new LinkedHashMap<>();
  private final List<LinuxStack> removed = new ArrayList<>();

  /** What was found in a stack, until something comes home to it. */
  private final Map<LinuxStack, List<LinkState>> links = new HashMap<>();

  /**
   * Takes the jails.
   *
   * @param doomed children before their parents, the one that was asked for at the end
   */
  JailRemoval(
      LinuxKernel kernel,
      JailRegistry registry,
      List<JailRecord> doomed,
      Consumer<Returned> cameHome) {
    this.kernel = kernel;
    this.registry = registry;
    this.doomed = doomed;
    this.jids = doomed.stream().map(JailRecord::jid).collect(Collectors.toSet());
    this.cameHome = cameHome;
  }

  void run() {
    open();
    JailRecord asked = doomed.get(doomed.size() - 1);
    failures.collect(() -> kernel.stack(asked.jid())); // that one must be there
    stacks.keySet().forEach(stack -> stack.leaving(true));
    try {
      failures.collect(this::removeAll);
    } finally {
      stacks.keySet().forEach(stack -> stack.leaving(false));
    }
    // All at the end: while the kernel takes a namespace apart, whoever asks for links waits.
    removed.forEach(stack -> failures.collect(stack::close));
    failures.report();
  }

  /** Destroys the cables alone. */
  void destroyCables() {
    open();
    destroyCables(List.copyOf(stacks.keySet()));
  }

  /** Finds the stacks of those that nobody else removed meanwhile. */
  private void open() {
    for (JailRecord jail : doomed) {
      try {
        stacks.put(kernel.stack(jail.jid()), jail);
      } catch (Jail.NotFoundException e) {
        LOG.debug("jail {} is gone already", jail.name());
      }
    }
  }

  private void removeAll() {
    List<LinuxStack> all = List.copyOf(stacks.keySet());
    all.forEach(stack -> sendHome(stack, links(stack)));
    destroyCables(all);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<LinuxStack> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      boolean together = loseNamesTogether(some);
      for (LinuxStack stack : some) {
        if (!together) {
          loseName(stack);
        }
        finish(stack);
      }
    }
  }

  /** Returns what is in a stack; nothing, if somebody else removed that meanwhile. */
  private List<LinkState> links(LinuxStack stack) {
    return links.computeIfAbsent(
        stack,
        key -> {
          try {
            return stack.links();
          } catch (Jail.NotFoundException e) {
            return List.of();
          }
        });
  }

  /** Sends home what was lent, but for cables whose home goes too. */
  private void sendHome(LinuxStack stack, List<LinkState> found) {
    for (LinkState link : found) {
      Integer home = link.mark().home();
      if (home != null && home != stack.jid() && !(link.peerElsewhere() && jids.contains(home))) {
        sendHome(stack, link, home).ifPresent(cameHome);
      }
    }
  }

  /** Moves a lent interface home; under another name if its own was taken there meanwhile. */
  private Optional<Returned> sendHome(LinuxStack from, LinkState link, int home) {
    int target = kernel.isThere(home) ? home : Kernel.HOST;
    LinuxStack to = kernel.stack(target);
    String name = link.name();
    for (int attempt = 0; ; attempt++) {
      try {
        kernel.move(from, link, to, name);
        links.remove(to);
        return Optional.of(new Returned(from.jid(), link.name(), target, name));
      } catch (NetInterface.NotFoundException e) {
        return Optional.empty(); // destroyed or taken back by somebody else meanwhile
      } catch (NetInterface.NameTakenException e) {
        if (attempt == 10_000) {
          throw e;
        }
        name = "vnet" + attempt;
      }
    }
  }

  /**
   * Destroys the cables that lead out of a jail: those of one jail together, for which the kernel
   * waits once; left to the dying namespace they would go some time later. First where most end: in
   * a star that is all of them.
   */
  private void destroyCables(List<LinuxStack> all) {
    Set<Long> gone = new HashSet<>();
    all.stream()
        .sorted(Comparator.comparingInt((LinuxStack stack) -> cables(stack).size()).reversed())
        .forEach(
            stack -> {
              List<LinkState> cables =
                  cables(stack).stream()
                      .filter(link -> !gone.contains(ends(link.peer(), link.index())))
                      .toList();
              destroy(stack, cables);
              cables.forEach(link -> gone.add(ends(link.index(), link.peer())));
            });
  }

  /** Cables of other stacks may have the same numbers; what is missed so is found behind it all. */
  private static long ends(int one, int other) {
    return (long) one << 32 | other;
  }

  private List<LinkState> cables(LinuxStack stack) {
    return links(stack).stream().filter(this::goes).toList();
  }

  /** Tells whether a link is a cable to elsewhere, but for those lent by one that stays. */
  private boolean goes(LinkState link) {
    return link.peerElsewhere()
        && (link.mark().home() == null || jids.contains(link.mark().home()));
  }

  private static void destroy(LinuxStack stack, List<LinkState> cables) {
    if (cables.isEmpty()) {
      return;
    }
    try {
      stack.ask(
          KernelErrors::ofInterface,
          exchange -> {
            LinuxStack.destroy(exchange, cables.stream().map(LinkState::index).toList());
            return true;
          });
    } catch (Jail.NotFoundException e) {
      return; // and so are they, or soon will be
    }
  }

  /** Returns whether it was done; if not, one by one it shows whose fault that is. */
  private boolean loseNamesTogether(List<LinuxStack> some) {
    if (some.size() == 1) {
      return false;
    }
    try {
      kernel
          .helper()
          .removeNamespaces(
              some.stream().map(one -> new Helper.Named(one.name(), one.namespace())).toList());
      return true;
    } catch (Helper.LostException e) {
      throw e;
    } catch (VnetException e) {
      LOG.debug("{} jails are removed one by one: {}", some.size(), e.toString());
      return false;
    }
  }

  private void loseName(LinuxStack stack) {
    try {
      kernel.helper().removeNamespace(stack.name(), stack.namespace());
    } catch (VnetException e) {
      if (!e.isErrno(ENOENT)) {
        throw e;
      }
      // Somebody else took the name away; the processes are dead or theirs to end.
    }
  }

  private void finish(LinuxStack stack) {
    clearAgain(stack);
    failures.collect(() -> registry.remove(stacks.get(stack)));
    stack.deferredActions().forget();
    kernel.disown(stack.jid());
    removed.add(stack);
  }

  /** Who had the jail open may have put something in since. The jail is gone all the same. */
  private void clearAgain(LinuxStack stack) {
    try {
      List<LinkState> late = stack.links();
      sendHome(stack, late);
      destroy(stack, late.stream().filter(this::goes).toList());
    } catch (VnetException e) {
      LOG.warn(
          "jail {} was removed; whether anything was lent to it since is not known: {}",
          stack.name(),
          e.toString());
    }
  }
}
