// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.machine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.linux.LinuxProvider;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.helper.Helper;

/**
 * The use that a simulated machine makes of the Linux below it, for TCP, UDP and programs. The
 * first use opens the Linux stacks; they close with the last helper.
 */
final class Borrowing {
  /** The reason why this system provides no stacks; empty if it does. */
  static final Optional<String> LACKS = lacks();

  private final SimKernel kernel;
  private @Nullable BorrowedStacks stacks;
  private int helpers;

  Borrowing(SimKernel kernel) {
    this.kernel = kernel;
  }

  private static Optional<String> lacks() {
    Optional<String> reason = new LinuxProvider().unavailable();
    if (reason.isEmpty()) {
      try (BorrowedStacks tried = new BorrowedStacks()) {
        BorrowedStacks.One one = tried.make();
        one.tap("tap0", MacAddress.parse("02:00:00:00:00:01"))
            .close(); // needs privileges that some users lack
        one.remove();
      } catch (VnetException e) {
        return Optional.of(e.getMessage());
      }
    }
    return reason;
  }

  void begin() {
    synchronized (kernel) {
      if (++helpers == 1) {
        kernel.stations(jid -> new SimStation(kernel, stacks()));
      }
    }
  }

  private BorrowedStacks stacks() {
    synchronized (kernel) {
      BorrowedStacks open = stacks;
      if (open == null) {
        if (LACKS.isPresent()) {
          throw new Vnet.UnsupportedException("nothing to borrow: " + LACKS.get());
        }
        open = new BorrowedStacks();
        stacks = open;
      }
      return open;
    }
  }

  SimStation station(int jid) {
    stacks();
    return (SimStation) kernel.station(jid);
  }

  Helper helper() {
    return stacks().helper();
  }

  void end() {
    synchronized (kernel) {
      BorrowedStacks open = stacks;
      if (--helpers == 0) {
        kernel.stations(null);
        stacks = null;
        if (open != null) {
          open.close();
        }
      }
    }
  }
}
