// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.io.PrintStream;
import java.util.Locale;

/** Draws progress as a bar in one line of a terminal, at most twenty times a second. */
public final class ProgressBar implements Progress {
  private static final int CELLS = 30;
  private static final int TEXT = 40;
  private static final long PAUSE = 50_000_000;

  private final PrintStream out;
  private long drawn = System.nanoTime() - PAUSE;

  /**
   * Creates a progress bar.
   *
   * @param out the terminal
   */
  public ProgressBar(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void step(int done, int total, String what) {
    long now = System.nanoTime();
    if (done == total || now - drawn >= PAUSE) {
      drawn = now;
      out.print("\r" + line(done, total, what));
      if (done == total) {
        out.println();
      }
      out.flush();
    }
  }

  static String line(int done, int total, String what) {
    int full = total == 0 ? CELLS : (int) ((long) CELLS * done / total);
    String bar = "#".repeat(full) + ".".repeat(CELLS - full);
    String width = Integer.toString(Integer.toString(total).length());
    String text = what.length() <= TEXT ? what : what.substring(0, TEXT - 3) + "...";
    return String.format(
        Locale.ROOT, "[%s] %" + width + "d/%d %-" + TEXT + "s", bar, done, total, text);
  }
}
