// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Takes back what was made, in reverse order, unless it is committed.
 *
 * <pre>{@code
 * try (Transaction tx = vnet.transaction()) {
 *   Epair cable = tx.made(host.epair().create());
 *   Jail jail = tx.made(host.jail("web").persist().vnet(cable.b()).create());
 *   cable.a().inet("192.0.2.1/24").up();
 *   tx.onUndo("forwarding", () -> host.forwarding(false));
 *   host.forwarding(true);
 *   tx.commit();
 * }
 * }</pre>
 *
 * <p>Whatever ends the block before {@link #commit()}, an error or a {@code return}, everything is
 * undone: also when the thread is interrupted, which stays so. A step that fails does not keep the
 * others; its error is added to the one that ended the block, as Java does with all that {@code
 * close()} throws there.
 *
 * <p>For one thread at a time.
 */
public final class Transaction implements AutoCloseable {
  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String what, Runnable undo) {}

  Transaction() {}

  /**
   * Notes a jail that was made: undone it is removed, if it is there still.
   *
   * @param jail the jail
   * @return the jail
   */
  public Jail made(Jail jail) {
    return note(jail, "jail " + jail.name(), jail::removeIfThere);
  }

  /**
   * Notes a cable that was made: undone it is destroyed, if it is there still.
   *
   * @param cable the cable
   * @return the cable
   */
  public Epair made(Epair cable) {
    return note(cable, "epair " + cable.a().name(), cable::destroyIfThere);
  }

  /**
   * Notes an interface that was made: undone it is destroyed, if it is there still.
   *
   * @param <T> its kind
   * @param made the interface, or a bridge
   * @return the same
   */
  public <T extends NetInterface> T made(T made) {
    return note(made, "interface " + made.name(), made::destroy);
  }

  /**
   * Notes how to undo something else. Called before the change or after it, as the caller likes:
   * before, it also runs if the change itself fails.
   *
   * @param what names it in the error, should undoing fail
   * @param undo takes it back
   */
  public void onUndo(String what, Runnable undo) {
    steps.push(new Step(what, undo));
  }

  private <T> T note(T made, String what, Runnable undo) {
    onUndo(what, undo);
    return made;
  }

  /** Keeps everything noted so far. What is noted afterwards can be undone again. */
  public void commit() {
    steps.clear();
  }

  /**
   * Undoes what was not committed, the youngest first. A second close does nothing.
   *
   * @throws UndoException if steps failed; the others were done all the same
   */
  @Override
  public void close() {
    UndoException failure = null;
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.undo.run();
      } catch (RuntimeException | Error e) {
        if (failure == null) {
          failure = new UndoException(step.what, e);
        } else {
          failure.addSuppressed(new UndoException(step.what, e));
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Something could not be taken back: it is there still. */
  public static final class UndoException extends VnetException {
    private static final long serialVersionUID = 1L;

    UndoException(String what, Throwable cause) {
      super("could not undo " + what + ": " + cause.getMessage(), cause);
    }
  }
}
