// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.KernelError;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Errno;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.Fd;
import org.vnet4j.posix.Helper;
import org.vnet4j.posix.HelperProgram;
import org.vnet4j.posix.SocketKind;
import org.vnet4j.spi.JailDriver;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.JailWatch;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.Refusal;

/**
 * Jails as named network namespaces. A child jail is a namespace whose name has its parents' before
 * it; the registry knows the rest.
 */
final class LinuxJails implements JailDriver {
  private static final SocketKind ROUTE =
      new SocketKind(Netlink.AF_NETLINK, Netlink.SOCK_RAW, Netlink.NETLINK_ROUTE);
  private static final Logger LOG = LoggerFactory.getLogger(LinuxJails.class);

  private final LinuxKernel kernel;
  private final JailRegistry registry;

  LinuxJails(LinuxKernel kernel, JailRegistry registry) {
    this.kernel = kernel;
    this.registry = registry;
  }

  @Override
  public int create(JailSpec spec) {
    if (!spec.parameters().isEmpty()) {
      throw kernel.unsupported(
          "Linux has no jail parameters " + spec.parameters().keySet() + "; leave them out");
    }
    JailRecord record = registry.enter(spec, kernel.owner(), entered -> make(spec, entered));
    if (record == null) {
      throw new Jail.NameTakenException(taken(spec.name()));
    }
    return record.jid();
  }

  private void make(JailSpec spec, JailRecord record) {
    Helper.Namespace made = createNamespace(spec);
    LinuxStack stack =
        new LinuxStack(kernel, record.jid(), spec.name(), made.fd(), kernel.path(spec.name()));
    try {
      stack.adopt(made.sockets().get(0)); // the removal asks, also when no descriptor is left
      stack = kernel.adopt(stack);
      LinuxFirewalls.jailMade(stack);
    } catch (RuntimeException e) {
      kernel.disown(record.jid());
      Fd namespace = stack.namespace();
      Failures.undo(e, () -> takeBack(spec.name(), namespace));
      stack.close();
      throw e;
    }
  }

  /** A namespace of that name that is no jail of ours takes the name too. */
  private Helper.Namespace createNamespace(JailSpec spec) {
    Path path = kernel.path(spec.name());
    boolean taken = path != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    try {
      return kernel.helper().createNamespace(spec.name(), spec.persist(), List.of(ROUTE));
    } catch (Helper.LostException e) {
      if (path != null && !taken) {
        Failures.undo(e, () -> takeBack(spec.name()));
      }
      throw e;
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElseThrow(() -> e);
      throw error.is("EEXIST") ? new Jail.NameTakenException(error) : e;
    }
  }

  private void takeBack(String name, Fd namespace) {
    try {
      kernel.helper().removeNamespace(name, namespace);
    } catch (Helper.LostException e) {
      if (kernel.path(name) != null) {
        takeBack(name);
      }
    }
  }

  /** By another helper: the one that made it is gone, and could not say how far it came. */
  private static void takeBack(String name) {
    try (Helper other = HelperProgram.own();
        Fd namespace = other.openNamespace(name)) {
      other.removeNamespace(name, namespace);
    } catch (VnetException e) {
      if (e.kernelError().filter(error -> error.is("ENOENT")).isEmpty()) {
        throw e;
      }
    }
  }

  private static KernelError taken(String name) {
    return Errno.LINUX.error("jail_set", name, 17, "a jail of that name is there");
  }

  @Override
  public List<JailInfo> list() {
    List<JailRecord> jails = registry.list();
    return jails.stream().map(jail -> info(jail, jails)).toList();
  }

  @Override
  public Optional<JailInfo> find(int jid) {
    List<JailRecord> jails = registry.list();
    return jails.stream()
        .filter(jail -> jail.jid() == jid)
        .findFirst()
        .map(jail -> info(jail, jails));
  }

  @Override
  public Optional<JailInfo> find(String name) {
    List<JailRecord> jails = registry.list();
    return jails.stream()
        .filter(jail -> jail.name().equals(name))
        .findFirst()
        .map(jail -> info(jail, jails));
  }

  private static JailInfo info(JailRecord jail, List<JailRecord> all) {
    return new JailInfo(
        jail.jid(),
        jail.name(),
        jail.hostname(),
        "/",
        false,
        OptionalInt.empty(),
        jail.persist(),
        below(jail, all).size(),
        jail.childrenMax());
  }

  /** Returns the jails in a jail at all depths. */
  private static List<JailRecord> below(JailRecord jail, List<JailRecord> all) {
    String prefix = jail.name() + ".";
    return all.stream().filter(other -> other.name().startsWith(prefix)).toList();
  }

  @Override
  public JailWatch watch() {
    return registry.watch();
  }

  @Override
  public void hostname(int jid, String hostname) {
    registry.update(record(jid).hostname(hostname));
  }

  JailRecord record(int jid) {
    return registry.list().stream()
        .filter(jail -> jail.jid() == jid)
        .findFirst()
        .orElseThrow(
            () ->
                new Jail.NotFoundException(
                    Errno.LINUX.error("jail_get", "jail " + jid, 2, "jail " + jid + " not found")));
  }

  @Override
  public void remove(int jid, Consumer<Returned> cameHome) {
    JailRecord jail = record(jid);
    List<JailRecord> doomed = new ArrayList<>(below(jail, registry.list()));
    doomed.sort(Comparator.comparingInt((JailRecord one) -> one.name().length()).reversed());
    doomed.add(jail);
    destroyCables(doomed);
    List<LinuxStack> removed = new ArrayList<>();
    Failures failures = new Failures();
    failures.collect(() -> removeEach(doomed, cameHome, removed::add));
    // All at the end: while the kernel takes a namespace apart, whoever asks for links waits.
    removed.forEach(stack -> failures.collect(stack::close));
    failures.report();
  }

  private void removeEach(
      List<JailRecord> doomed, Consumer<Returned> cameHome, Consumer<LinuxStack> removed) {
    JailRecord last = doomed.get(doomed.size() - 1);
    for (JailRecord one : doomed) {
      try {
        removed.accept(removeOne(one, cameHome));
      } catch (Jail.NotFoundException e) {
        if (one == last) {
          throw e;
        }
        // A child that somebody else removed meanwhile.
      }
    }
  }

  /**
   * Destroys the cables of jails that all go: those that end in one jail together, for which the
   * kernel waits once. First where most end: in a star that is all of them.
   */
  private void destroyCables(List<JailRecord> doomed) {
    if (doomed.size() == 1) {
      return; // clear() does it
    }
    Set<Integer> jids = doomed.stream().map(JailRecord::jid).collect(Collectors.toSet());
    Map<Integer, Integer> ends = new LinkedHashMap<>();
    jids.forEach(jid -> ends.put(jid, cables(jid, jids).size()));
    ends.entrySet().stream()
        .filter(end -> end.getValue() > 0)
        .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
        .forEach(end -> destroyLinks(end.getKey(), cables(end.getKey(), jids)));
  }

  /** Returns the cables that lead out of a jail, but for those lent by one that stays. */
  private List<Integer> cables(int jid, Set<Integer> doomed) {
    try {
      return kernel.stack(jid).links().stream()
          .filter(Link::peerElsewhere)
          .filter(link -> link.mark().home() == null || doomed.contains(link.mark().home()))
          .map(Link::index)
          .toList();
    } catch (Jail.NotFoundException e) {
      return List.of(); // removed by somebody else meanwhile
    }
  }

  private void destroyLinks(int jid, List<Integer> links) {
    if (links.isEmpty()) {
      return; // gone with their other ends
    }
    try {
      destroyLinks(kernel.stack(jid), links);
    } catch (Jail.NotFoundException e) {
      return; // and so are they, or soon will be
    }
  }

  private static void destroyLinks(LinuxStack stack, List<Integer> links) {
    stack.ask(
        Refusal::ofInterface,
        exchange -> {
          LinuxStack.destroy(exchange, links);
          return true;
        });
  }

  /** Removes a jail whose stack is then still to be closed. */
  private LinuxStack removeOne(JailRecord jail, Consumer<Returned> cameHome) {
    LinuxStack stack = kernel.stack(jail.jid());
    stack.leaving(true);
    try {
      clear(stack, cameHome);
      removeNamespace(jail, stack);
      clearAgain(stack, cameHome);
      registry.remove(jail);
      stack.laters().forget();
      kernel.disown(jail.jid());
      return stack;
    } finally {
      stack.leaving(false);
    }
  }

  /** Who had the jail open may have put something in since. The jail is gone all the same. */
  private void clearAgain(LinuxStack stack, Consumer<Returned> cameHome) {
    try {
      clear(stack, cameHome);
    } catch (VnetException e) {
      LOG.warn(
          "jail {} was removed; whether anything was lent to it since is not known: {}",
          stack.name(),
          e.toString());
    }
  }

  private void removeNamespace(JailRecord jail, LinuxStack stack) {
    try {
      kernel.helper().removeNamespace(jail.name(), stack.namespace());
    } catch (VnetException e) {
      if (e.kernelError().filter(error -> error.is("ENOENT")).isEmpty()) {
        throw e;
      }
      // Somebody else took the name away; the processes are dead or theirs to end.
    }
  }

  /** Sends home what was lent, and destroys cables that lead out. */
  private void clear(LinuxStack stack, Consumer<Returned> cameHome) {
    List<Integer> cablesOut = new ArrayList<>();
    for (Link link : stack.links()) {
      Integer home = link.mark().home();
      if (home != null && home != stack.jid()) {
        sendHome(stack, link, home).ifPresent(cameHome);
      } else if (link.peerElsewhere()) {
        cablesOut.add(link.index());
      }
    }
    if (!cablesOut.isEmpty()) { // left to the dying namespace they would go some time later
      destroyLinks(stack, cablesOut);
    }
  }

  /** Moves a lent interface home; under another name if its own was taken there meanwhile. */
  private Optional<Returned> sendHome(LinuxStack from, Link link, int home) {
    int target = kernel.isThere(home) ? home : Kernel.HOST;
    LinuxStack to = kernel.stack(target);
    String name = link.name();
    for (int attempt = 0; ; attempt++) {
      try {
        kernel.move(from, link, to, name);
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

  /** Removes the jails that this Vnet made and that do not persist, the youngest first. */
  void removeTransient() {
    List<JailRecord> ours =
        registry.list().stream()
            .filter(jail -> jail.owner().equals(kernel.owner()) && !jail.persist())
            .sorted(Comparator.comparingInt(JailRecord::jid).reversed())
            .toList();
    Failures failures = new Failures();
    failures.collect(() -> destroyCables(ours));
    ours.forEach(jail -> failures.collect(() -> removeIfThere(jail.jid())));
    failures.collect(() -> kernel.owners().dropOwn()); // a helper may have gone halfway
    failures.report();
  }

  private void removeIfThere(int jid) {
    try {
      remove(jid, home -> {});
    } catch (Jail.NotFoundException | Vnet.ClosedException e) {
      // Gone with its parent, or by somebody else.
    }
  }
}
