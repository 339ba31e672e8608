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
 * Removes a jail together with its children. Moves lent interfaces home, destroys the epairs that
 * lead out of the jails, then removes the names of the namespaces, many in one request to the
 * helper. Reads the links of each jail before the removal and once more after it: a program that
 * still has the jail open may have moved an interface in.
 */
final class JailRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(JailRemoval.class);

  /** The most names that the helper removes in one request. */
  private static final int AT_ONCE = 16;

  private final LinuxKernel kernel;
  private final JailRegistry registry;
  private final List<JailRecord> doomed;
  private final Set<Integer> jids;
  private final Consumer<Returned> cameHome;
  private final Failures failures = new Failures();
  private final Map<LinuxStack, JailRecord> stacks = new LinkedHashMap<>();
  private final List<LinuxStack> removed = new ArrayList<>();

  /**
   * The links read in each stack; an entry is dropped when an interface returns home to that stack.
   */
  private final Map<LinuxStack, List<LinkState>> links = new HashMap<>();

  /**
   * Prepares a removal.
   *
   * @param doomed children before their parents, the requested jail last
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
    failures.collect(() -> kernel.stack(asked.jid())); // throws if it does not exist
    stacks.keySet().forEach(stack -> stack.leaving(true));
    try {
      failures.collect(this::removeAll);
    } finally {
      stacks.keySet().forEach(stack -> stack.leaving(false));
    }
    // Closes all stacks at the end: every request for links waits while the kernel destroys a
    // namespace.
    removed.forEach(stack -> failures.collect(() -> reportHolders(stack)));
    removed.forEach(stack -> failures.collect(stack::end));
    failures.report();
  }

  /** Destroys the epairs that lead out of the jails, and nothing else. */
  void destroyCables() {
    open();
    destroyCables(List.copyOf(stacks.keySet()));
  }

  /** Opens the stacks of those jails that nobody else has removed meanwhile. */
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

  /** Returns the links of a stack; none if another program has removed the stack. */
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

  /** Returns lent interfaces home, except epairs between two jails that are both removed. */
  private void sendHome(LinuxStack stack, List<LinkState> found) {
    for (LinkState link : found) {
      Integer home = link.mark().home();
      if (home != null && home != stack.jid() && !(link.peerElsewhere() && jids.contains(home))) {
        sendHome(stack, link, home).ifPresent(cameHome);
      }
    }
  }

  /** Moves a lent interface home, under a new name if its name is taken there. */
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
        return Optional.empty(); // another program destroyed it or took it back
      } catch (NetInterface.NameTakenException e) {
        if (attempt == 10_000) {
          throw e;
        }
        name = "vnet" + attempt;
      }
    }
  }

  /**
   * Destroys the epairs that lead out of the jails. Those of one jail are destroyed in one batch,
   * for which the kernel waits once; left to the dying namespace, they would be destroyed only some
   * time later. Starts with the jail that has the most epairs: in a star that is all of them.
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

  /**
   * Epairs of other stacks may have the same numbers; {@link #clearAgain} destroys those missed so.
   */
  private static long ends(int one, int other) {
    return (long) one << 32 | other;
  }

  private List<LinkState> cables(LinuxStack stack) {
    return links(stack).stream().filter(this::goes).toList();
  }

  /**
   * Returns whether a link is an epair into another stack that this removal destroys: any but those
   * lent by a jail that stays.
   */
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
      return; // the namespace destroys its epairs when it dies
    }
  }

  /**
   * Removes the names of several namespaces in one request. Returns false if that failed; removing
   * them one by one then shows which of them is the cause.
   */
  private boolean loseNamesTogether(List<LinuxStack> some) {
    if (some.size() == 1) {
      return false;
    }
    try {
      warnOf(
          kernel.end(some.stream().map(LinuxStack::named).toList()),
          some.size() + " removed jails");
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
      warnOf(kernel.end(List.of(stack.named())), "removed jail " + stack.name());
    } catch (VnetException e) {
      if (!e.isErrno(ENOENT)) {
        throw e;
      }
      // Another program removed the name and ends the processes.
    }
  }

  /**
   * A process of which only some threads are in a jail is not the jail's, and not killed. One that
   * is killed may be held back from its end by a tracer or a file system.
   */
  private static void warnOf(int processes, String where) {
    if (processes > 0) {
      LOG.warn(
          "{} processes that only visit, or that are killed and cannot end, are still in {}, which"
              + " exists until they leave it",
          processes,
          where);
    }
  }

  private void finish(LinuxStack stack) {
    clearAgain(stack);
    failures.collect(() -> registry.remove(stacks.get(stack)));
    failures.collect(() -> stack.deferredActions().forget(revert -> {}));
    kernel.disown(stack.jid());
    removed.add(stack);
  }

  /** Reports who keeps a namespace whose name is gone. In a sandbox no other program could. */
  private void reportHolders(LinuxStack stack) {
    List<String> holders = kernel.isSandbox() ? List.of() : NamespaceHolders.of(stack.named().fd());
    if (!holders.isEmpty()) {
      LOG.warn(
          "jail {} was removed; its empty stack exists until these programs close it: {}",
          stack.name(),
          holders);
    }
  }

  /**
   * Clears a stack after the removal of its name: a program that still has it open may have moved
   * an interface in. The jail counts as removed even if this fails.
   */
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
