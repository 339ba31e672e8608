// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.linux.rtnetlink.NamespaceMessages;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.spi.EpairEnds;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.KernelErrors;

/**
 * Finds both ends of each veth pair. A link reports the index of its other end, and the number that
 * its own namespace uses for the namespace of that end. Where several links match, the kernel is
 * asked which namespace has that number; see rtnetlink(7) and net/core/net_namespace.c.
 */
final class LinuxEpairs {
  private final LinuxKernel kernel;
  private final Map<Integer, LinuxStack> stacks = new TreeMap<>();
  private final Map<Ends, List<End>> ends = new HashMap<>();

  /** The number that one namespace uses for another. */
  private final Map<Way, OptionalInt> numbers = new HashMap<>();

  private record Ends(int index, int peer) {}

  private record End(int jid, LinkState link) {}

  private record Way(int from, int to) {}

  private LinuxEpairs(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  /** Lists the epairs with both ends in stacks of this kernel. */
  static List<EpairEnds> of(LinuxKernel kernel) {
    return new LinuxEpairs(kernel).list();
  }

  private List<EpairEnds> list() {
    List<End> all = new ArrayList<>(linksOf(Kernel.HOST));
    for (JailInfo jail : kernel.jails().list()) {
      all.addAll(linksOf(jail.jid()));
    }
    for (End end : all) {
      Ends key = new Ends(end.link().index(), end.link().peer());
      ends.computeIfAbsent(key, one -> new ArrayList<>()).add(end);
    }
    List<EpairEnds> cables = new ArrayList<>();
    for (End end : all) {
      End other = other(end);
      if (other != null && isFirst(end, other)) {
        cables.add(new EpairEnds(end.jid(), end.link().name(), other.jid(), other.link().name()));
      }
    }
    return cables;
  }

  /** Reads the veth ends in one stack; none if the stack has been removed meanwhile. */
  private List<End> linksOf(int jid) {
    try {
      LinuxStack stack = kernel.stack(jid);
      List<End> links =
          stack.links().stream()
              .filter(link -> link.modelKind() == InterfaceKind.EPAIR)
              .map(link -> new End(jid, link))
              .toList();
      stacks.put(jid, stack);
      return links;
    } catch (Jail.NotFoundException e) {
      return List.of();
    }
  }

  private static boolean isFirst(End end, End other) {
    return end.jid() < other.jid()
        || end.jid() == other.jid() && end.link().index() < other.link().index();
  }

  private @Nullable End other(End end) {
    LinkState link = end.link();
    for (End other : ends.getOrDefault(new Ends(link.peer(), link.index()), List.of())) {
      boolean here = other.jid() == end.jid();
      if (here ? !link.peerElsewhere() : link.peerElsewhere() && leadsTo(end, other.jid())) {
        return other;
      }
    }
    return null;
  }

  private boolean leadsTo(End end, int jid) {
    OptionalInt number =
        numbers.computeIfAbsent(new Way(end.jid(), jid), way -> number(way.from(), way.to()));
    return number.isPresent() && number.getAsInt() == end.link().peerNamespace();
  }

  /**
   * Asks the kernel for the number that one namespace uses for another; empty if one of them has
   * been removed.
   */
  private OptionalInt number(int from, int to) {
    LinuxStack other = Objects.requireNonNull(stacks.get(to));
    try {
      return OptionalInt.of(
          Objects.requireNonNull(stacks.get(from))
              .ask(
                  KernelErrors::of,
                  exchange -> {
                    int patchAt = NamespaceMessages.get(exchange.out().clear());
                    return exchange.get(
                        "RTM_GETNSID",
                        other.name(),
                        patchAt,
                        other.namespace(),
                        NamespaceMessages::decode);
                  }));
    } catch (Jail.NotFoundException e) {
      return OptionalInt.empty();
    }
  }
}
