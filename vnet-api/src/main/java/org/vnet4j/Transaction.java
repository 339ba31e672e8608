// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Undoes the steps of a block in reverse order, unless the block commits.
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
 * <p>If an error or a {@code return} ends the block before {@link #commit()}, every step is undone,
 * even if the thread is interrupted; its interrupt status remains set. If undoing a step fails, the
 * others are undone all the same; Java adds the error, as any error of {@code close()}, to the
 * error that ended the block.
 *
 * <p>Not thread-safe.
 */
public final class Transaction implements AutoCloseable {
  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String what, Runnable undo) {}

  Transaction() {}

  /**
   * Registers a created jail. Undoing removes it if it still exists.
   *
   * @param jail the jail
   * @return the jail
   */
  public Jail made(Jail jail) {
    return note(jail, "jail " + jail.name(), jail::removeIfThere);
  }

  /**
   * Registers a created epair. Undoing destroys it if it still exists.
   *
   * @param cable the epair
   * @return the epair
   */
  public Epair made(Epair cable) {
    return note(cable, "epair " + cable.a().name(), cable::destroyIfThere);
  }

  /**
   * Registers a created interface. Undoing destroys it if it still exists.
   *
   * @param <T> its kind
   * @param made the interface, or a bridge
   * @return the same
   */
  public <T extends NetInterface> T made(T made) {
    return note(made, "interface " + made.name(), made::destroy);
  }

  /**
   * Registers an action that undoes another change. Call it before or after the change; if called
   * before, the action also runs when the change itself fails.
   *
   * @param what name of the change, for the error if undoing fails
   * @param undo undoes the change
   */
  public void onUndo(String what, Runnable undo) {
    steps.push(new Step(what, undo));
  }

  private <T> T note(T made, String what, Runnable undo) {
    onUndo(what, undo);
    return made;
  }

  /** Keeps all changes registered so far. Changes registered later can be undone again. */
  public void commit() {
    steps.clear();
  }

  /**
   * Undoes the changes that were not committed, the latest first. Idempotent.
   *
   * @throws UndoException if undoing steps failed; the other steps were undone all the same
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

  /** Thrown if a change could not be undone; it remains. */
  public static final class UndoException extends VnetException {
    private static final long serialVersionUID = 1L;

    UndoException(String what, Throwable cause) {
      super("could not undo " + what + ": " + cause.getMessage(), cause);
    }
  }
}
