// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.ENOENT;
import static org.vnet4j.net.Errno.ENOSPC;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.linux.netlink.Netlink;
import org.vnet4j.linux.registry.JailCounts;
import org.vnet4j.linux.registry.JailRecord;
import org.vnet4j.linux.registry.JailRegistry;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.spi.JailDriver;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.JailWatch;

/**
 * The jail driver: a jail is a named network namespace. The name of a child jail begins with its
 * parent's name; the registry stores everything else.
 */
final class LinuxJails implements JailDriver {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxJails.class);
  private static final SocketKind ROUTE =
      new SocketKind(Netlink.AF_NETLINK, Netlink.SOCK_RAW, Netlink.NETLINK_ROUTE);

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
      throw new Jail.NameTakenException(taken(spec.name(), "a jail of that name is there"));
    }
    return record.jid();
  }

  /** Returns the cookie of the new namespace. */
  private long make(JailSpec spec, JailRecord record) {
    Helper.Namespace made = createNamespace(spec);
    LinuxStack stack =
        new LinuxStack(kernel, record.jid(), spec.name(), made.fd(), kernel.path(spec.name()));
    try {
      stack.adopt(made.sockets().get(0)); // for the removal, should descriptors run out
      stack = kernel.adopt(stack);
      LinuxFirewalls.jailMade(stack);
      return made.cookie();
    } catch (RuntimeException e) {
      kernel.disown(record.jid());
      Helper.Named named = stack.named();
      Failures.undo(e, () -> takeBack(named));
      stack.close();
      throw e;
    }
  }

  /**
   * Creates the namespace. A namespace of that name which is not in the registry takes the name
   * too.
   */
  private Helper.Namespace createNamespace(JailSpec spec) {
    Path path = kernel.path(spec.name());
    boolean taken = path != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    try {
      return kernel
          .helper()
          .createNamespace(kernel.boundName(spec.name()), spec.persist(), List.of(ROUTE));
    } catch (Helper.LostException e) {
      if (path != null && !taken) {
        Failures.undo(e, () -> takeBack(spec.name()));
      }
      throw e;
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElseThrow(() -> e);
      if (error.isErrno(ENOSPC) && error.call().equals("unshare")) {
        throw new VnetException(
            error,
            "the kernel permits no further network namespace: raise the sysctl"
                + " user.max_net_namespaces");
      }
      throw error.isErrno(EEXIST) && path != null
          ? new Jail.NameTakenException(taken(spec.name(), whose(path)))
          : e;
    }
  }

  /** A name that is not in the registry is that of another program's namespace, or of a file. */
  private String whose(Path path) {
    boolean namespace = false;
    try (Helper.Namespace found = kernel.helper().findNamespace(path.getFileName().toString())) {
      namespace = found.cookie() != Helper.Namespace.PLAIN_FILE;
    } catch (VnetException e) {
      LOG.debug("{} was removed meanwhile: {}", path, e.toString());
    }
    return namespace
        ? "a network namespace that is no jail has that name; take another name, or delete it with"
            + " ip netns delete"
        : "the file "
            + path
            + " is a leftover without a namespace; take another name, or delete it";
  }

  private void takeBack(Helper.Named made) {
    try {
      kernel.end(List.of(made));
    } catch (Helper.LostException e) {
      if (!made.name().isEmpty()) {
        takeBack(made.name());
      }
    }
  }

  /**
   * Removes the namespace by another helper: the helper that created it has died and cannot report
   * what it did.
   */
  private static void takeBack(String name) {
    try (Helper other = HelperProgram.own();
        Fd namespace = other.openNamespace(name)) {
      other.removeNamespace(name, namespace);
    } catch (VnetException e) {
      if (!e.isErrno(ENOENT)) {
        throw e;
      }
    }
  }

  private static KernelError taken(String name, String text) {
    return Errno.LINUX.error("jail_set", name, 17, text);
  }

  @Override
  public List<JailInfo> list() {
    List<JailRecord> jails = registry.list();
    kernel.letGoOthers(jails.stream().map(JailRecord::jid).collect(Collectors.toSet()));
    JailCounts counts = new JailCounts();
    jails.forEach(jail -> counts.change(jail.name(), 1));
    return jails.stream().map(jail -> info(jail, counts.below(jail.name()))).toList();
  }

  @Override
  public Optional<JailInfo> find(int jid) {
    return registry.find(jid).map(jail -> info(jail, registry.countBelow(jail.name())));
  }

  @Override
  public Optional<JailInfo> find(String name) {
    return registry.find(name).map(jail -> info(jail, registry.countBelow(jail.name())));
  }

  @Override
  public boolean hasRoom(int jid) {
    return registry.hasRoom(record(jid));
  }

  boolean isThere(int jid) {
    return registry.find(jid).isPresent();
  }

  private static JailInfo info(JailRecord jail, int childrenCur) {
    return new JailInfo(
        jail.jid(),
        jail.name(),
        jail.hostname(),
        "/",
        false,
        OptionalInt.empty(),
        jail.persist(),
        childrenCur,
        jail.childrenMax());
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
    return there(jid, registry.find(jid));
  }

  /** Returns the record of a jail whose namespace has this cookie. */
  JailRecord record(int jid, long cookie) {
    return there(jid, registry.find(jid).filter(jail -> jail.hasCookie(cookie)));
  }

  private static JailRecord there(int jid, Optional<JailRecord> record) {
    return record.orElseThrow(
        () ->
            new Jail.NotFoundException(
                Errno.LINUX.error("jail_get", "jail " + jid, 2, "jail " + jid + " not found")));
  }

  @Override
  public void remove(int jid, Consumer<Returned> cameHome) {
    JailRecord jail = record(jid);
    List<JailRecord> doomed = new ArrayList<>();
    if (jail.childrenMax() > 0) { // else there is none
      doomed.addAll(registry.below(jail.name()));
    }
    doomed.sort(Comparator.comparingInt((JailRecord one) -> one.name().length()).reversed());
    doomed.add(jail);
    new JailRemoval(kernel, registry, doomed, cameHome).run();
  }

  /** Removes the jails that this Vnet created and that do not persist, the youngest first. */
  void removeTransient() {
    List<JailRecord> ours =
        registry.list().stream()
            .filter(jail -> jail.owner().equals(kernel.owner()) && !jail.persist())
            .sorted(Comparator.comparingInt(JailRecord::jid).reversed())
            .toList();
    Failures failures = new Failures();
    if (ours.size() > 1) { // the kernel then waits only once for all epairs of a jail
      failures.collect(() -> new JailRemoval(kernel, registry, ours, home -> {}).destroyCables());
    }
    ours.forEach(jail -> failures.collect(() -> removeIfThere(jail.jid())));
    failures.collect(() -> kernel.owners().dropOwn()); // a helper may have died halfway
    failures.report();
  }

  private void removeIfThere(int jid) {
    try {
      remove(jid, home -> {});
    } catch (Jail.NotFoundException | Vnet.ClosedException e) {
      // Removed together with its parent, or by another program.
    }
  }
}
