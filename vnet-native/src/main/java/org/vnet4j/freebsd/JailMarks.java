// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Mark;

/**
 * Marks jails with their owner. Since 15 a jail carries metadata, set when it is made. Before, the
 * mark stands in the description of the jail's own lo0, which comes and goes with it.
 */
final class JailMarks {
  private static final int FIRST_WITH_METADATA = 1_500_000;
  private static final String KEY = "vnet4j=";
  private static final String PERSIST = ":persist";
  private static final String LOOPBACK = "lo0";

  /** What a jail may carry is limited by security.jail.meta_maxbufsize, 4096 at first. */
  private static final int ROOM = 16_384;

  private final FreeBsdSession session;

  JailMarks(FreeBsdSession session) {
    this.session = session;
  }

  private boolean metadata() {
    return Refusals.ofKernel(() -> new SysctlCalls(session.kernel()).findInt("kern.osreldate"))
            .orElse(0)
        >= FIRST_WITH_METADATA;
  }

  /** Adds the mark to the parameters of a jail to be made. */
  void put(JailParameters parameters, @Nullable Object metadata, boolean persist) {
    if (metadata()) {
      parameters.put("meta", (metadata == null ? "" : metadata + "\n") + KEY + tag(persist));
    }
  }

  /** Marks a jail that was made, where that could not be done by its parameters. */
  void set(int jid, boolean persist) {
    if (!metadata()) {
      session.stack(jid).interfaces().mark(LOOPBACK, Mark.made(jid, tag(persist)));
      session.disown(jid); // our sockets would keep it when somebody else removes it
    }
  }

  private String tag(boolean persist) {
    return session.owner() + (persist ? PERSIST : ":");
  }

  /** Reads the mark of a jail; empty if it has none, or is gone. */
  Optional<String> find(int jid) {
    try {
      return metadata() ? inMetadata(jid) : onLoopback(jid);
    } catch (VnetException e) {
      return Optional.empty(); // it may go while we ask; without an answer it is nobody's
    }
  }

  static boolean isPersistent(String mark) {
    return mark.endsWith(PERSIST);
  }

  private Optional<String> inMetadata(int jid) {
    JailParameters jail = JailParameters.create().put("jid", jid).room("meta", ROOM);
    return new JailCalls(session.kernel()).find(0, "jail " + jid, jail).isEmpty()
        ? Optional.empty()
        : jail.getString("meta")
            .lines()
            .filter(line -> line.startsWith(KEY))
            .map(line -> line.substring(KEY.length()))
            .findFirst();
  }

  /** A jail without a stack of its own shows the loopback interface of the one above. */
  private Optional<String> onLoopback(int jid) {
    boolean known = session.knows(jid);
    try {
      Mark mark = session.stack(jid).interfaces().mark(LOOPBACK);
      Integer home = mark.home();
      return home != null && home == jid ? Optional.ofNullable(mark.owner()) : Optional.empty();
    } finally {
      if (!known) {
        session.disown(jid); // our sockets would keep it
      }
    }
  }
}
