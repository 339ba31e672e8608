// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.jail.JailParameters;
import org.vnet4j.posix.owner.Mark;

/**
 * Marks jails with their owner. Since FreeBSD 15 the mark is part of the jail's metadata, which is
 * set when the jail is created. Before 15 the mark is the description of the jail's own lo0, which
 * the kernel creates and destroys together with the jail.
 */
final class JailOwnership {
  private static final int FIRST_WITH_METADATA = 1_500_000;
  private static final String KEY = "vnet4j=";
  private static final String PERSIST = ":persist";
  private static final String LOOPBACK = "lo0";

  /**
   * Buffer size in bytes for the metadata. security.jail.meta_maxbufsize limits its length, by
   * default to 4096.
   */
  private static final int ROOM = 16_384;

  private final FreeBsdKernel session;

  JailOwnership(FreeBsdKernel session) {
    this.session = session;
  }

  private boolean metadata() {
    return session.release() >= FIRST_WITH_METADATA;
  }

  /** Adds the mark to the parameters of a new jail if the kernel supports metadata. */
  void put(JailParameters parameters, @Nullable Object metadata, boolean persist) {
    if (metadata()) {
      parameters.put("meta", (metadata == null ? "" : metadata + "\n") + KEY + tag(persist));
    }
  }

  /** Marks a new jail if the kernel does not support metadata. */
  void set(int jid, boolean persist) {
    if (!metadata()) {
      session.stack(jid).interfaces().mark(LOOPBACK, Mark.made(jid, tag(persist)));
      session.disown(jid); // open sockets would keep the jail dying when another program removes it
    }
  }

  private String tag(boolean persist) {
    return session.owner() + (persist ? PERSIST : ":");
  }

  /** Returns the mark of a jail; empty if the jail has none or does not exist. */
  Optional<String> find(int jid) {
    try {
      return metadata() ? inMetadata(jid) : onLoopback(jid);
    } catch (VnetException e) {
      return Optional.empty(); // removed meanwhile, or no answer: no owner
    }
  }

  static boolean isPersistent(String mark) {
    return mark.endsWith(PERSIST);
  }

  private Optional<String> inMetadata(int jid) {
    JailParameters jail = JailParameters.create().put("jid", jid).room("meta", ROOM);
    return session.calls.jails.find(0, "jail " + jid, jail).isEmpty()
        ? Optional.empty()
        : jail.getString("meta")
            .lines()
            .filter(line -> line.startsWith(KEY))
            .map(line -> line.substring(KEY.length()))
            .findFirst();
  }

  /**
   * Reads the mark from lo0. A jail without a stack of its own shows its parent's lo0, which is
   * left out.
   */
  private Optional<String> onLoopback(int jid) {
    boolean known = session.knows(jid);
    try {
      Mark mark = session.stack(jid).interfaces().mark(LOOPBACK);
      Integer home = mark.home();
      return home != null && home == jid ? Optional.ofNullable(mark.owner()) : Optional.empty();
    } finally {
      if (!known) {
        session.disown(jid); // open sockets would keep the jail dying
      }
    }
  }
}
