// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.posix.Failures;

/**
 * The channels that were opened in one stack. They are closed with it: a stack that is gone brings
 * neither packets nor errors, and a thread that waits in a channel of it would wait for ever.
 *
 * <p>Channels are held weakly, since java.nio does not report that a channel was closed.
 */
public final class StackChannels {
  private static final int FEW = 16;

  private final List<WeakReference<NetworkChannel>> channels = new ArrayList<>();
  private int crowded = FEW;
  private boolean closed;

  /** Creates an empty collection. */
  public StackChannels() {}

  /**
   * Adds a channel, unless the stack was closed.
   *
   * @param channel a channel of the stack
   * @return false if the stack was closed; the channel is then closed, too
   */
  public boolean add(NetworkChannel channel) {
    synchronized (this) {
      if (!closed) {
        if (channels.size() >= crowded) {
          channels.removeIf(StackChannels::isOver);
          crowded = Math.max(FEW, 2 * channels.size());
        }
        channels.add(new WeakReference<>(channel));
        return true;
      }
    }
    close(channel);
    return false;
  }

  private static boolean isOver(WeakReference<NetworkChannel> reference) {
    NetworkChannel channel = reference.get();
    return channel == null || !channel.isOpen();
  }

  /**
   * Closes the channels. Threads that wait in them get {@link
   * java.nio.channels.AsynchronousCloseException}. Idempotent.
   */
  public void close() {
    List<WeakReference<NetworkChannel>> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(channels);
      channels.clear();
    }
    Failures failures = new Failures();
    for (WeakReference<NetworkChannel> reference : all) {
      NetworkChannel channel = reference.get();
      if (channel != null) {
        failures.collect(() -> close(channel));
      }
    }
    failures.report();
  }

  private static void close(NetworkChannel channel) {
    try {
      if (channel instanceof SocketChannel connection && connection.isConnected()) {
        // No answer to a last packet would come, and the kernel would keep the stack for it.
        connection.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    } catch (IOException e) {
      // It was closed meanwhile.
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
