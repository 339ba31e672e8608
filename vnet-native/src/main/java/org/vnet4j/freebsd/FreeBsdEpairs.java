// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.freebsd.ioctl.ListCalls;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.spi.EpairEnds;
import org.vnet4j.spi.Kernel;

/**
 * Finds both ends of each epair in all stacks. The kernel does not report which ends belong
 * together (net/if_epair.c). Ends are therefore matched by the ownership mark that both ends of an
 * epair made here carry, otherwise by the names that the kernel assigned. An ambiguous match is
 * left out.
 */
final class FreeBsdEpairs {
  private static final Pattern GIVEN = Pattern.compile("epair([0-9]+)[ab]");

  private final FreeBsdKernel session;
  private final Map<String, List<End>> ends = new LinkedHashMap<>();

  private record End(int jid, String name) {}

  private FreeBsdEpairs(FreeBsdKernel session) {
    this.session = session;
  }

  static List<EpairEnds> of(FreeBsdKernel session) {
    return new FreeBsdEpairs(session).list();
  }

  private List<EpairEnds> list() {
    collect(Kernel.HOST);
    session.jails().list().stream().map(JailInfo::jid).forEach(this::collect);
    List<EpairEnds> cables = new ArrayList<>();
    for (List<End> pair : ends.values()) {
      if (pair.size() == 2 && !pair.get(0).name().equals(pair.get(1).name())) {
        End a = pair.get(0);
        End b = pair.get(1);
        cables.add(new EpairEnds(a.jid(), a.name(), b.jid(), b.name()));
      }
    }
    return cables;
  }

  /** Collects the ends in one stack. Skips interfaces and jails that disappear meanwhile. */
  private void collect(int jid) {
    try {
      FreeBsdStack stack = session.stack(jid);
      stack.inet(fd -> session.calls.lists.list(fd)).stream()
          .map(ListCalls.ListedInterface::name)
          .forEach(name -> collect(stack, jid, name));
    } catch (Jail.NotFoundException e) {
      return;
    }
  }

  private void collect(FreeBsdStack stack, int jid, String name) {
    try {
      if (new InterfaceReader(stack).kind(name) == InterfaceKind.EPAIR) {
        String text = stack.inet(fd -> session.calls.descriptions.get(fd, name)).orElse("");
        ends.computeIfAbsent(key(name, Mark.parse(text)), key -> new ArrayList<>())
            .add(new End(jid, name));
      }
    } catch (NetInterface.NotFoundException e) {
      return;
    }
  }

  /**
   * Returns the key under which the two ends of an epair meet. An end without a mark and without a
   * kernel-assigned name gets a key of its own.
   */
  private String key(String name, Mark mark) {
    if (mark.made() && mark.owner() != null) {
      return mark.owner();
    }
    Matcher given = GIVEN.matcher(name);
    return given.matches() ? "epair " + given.group(1) : "alone " + ends.size() + " " + name;
  }
}
