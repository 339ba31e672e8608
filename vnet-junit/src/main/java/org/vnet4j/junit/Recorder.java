// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Pcapng;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;

/** Keeps what goes by on a link in memory, until somebody wants it in a file. */
final class Recorder implements AutoCloseable {
  /** Enough to see what went wrong; a hundred links of a small machine still fit. */
  private static final long MOST_BYTES = 4 << 20;

  /** What was sent just before the test failed is still on its way to us. */
  private static final Duration SETTLING = Duration.ofMillis(100);

  private final String node;
  private final String iface;
  private final Capture capture;
  private final Thread reader;
  private final List<CapturedPacket> packets = new ArrayList<>();

  private Recorder(Network network, Link link) {
    node = link.a().node();
    iface = link.a().iface();
    capture = network.node(node).iface(iface).capture().bytes(MOST_BYTES).start();
    reader = new Thread(this::read, "vnet-capture-" + node + ":" + iface);
    reader.setDaemon(true);
    try {
      reader.start();
    } catch (OutOfMemoryError e) { // no more threads
      capture.close();
      throw e;
    }
  }

  /** Starts one for each link, or none. */
  static List<Recorder> all(Network network) {
    List<Recorder> started = new ArrayList<>();
    try {
      for (Link link : network.topology().links()) {
        started.add(new Recorder(network, link));
      }
    } catch (RuntimeException e) {
      started.forEach(Recorder::close);
      throw e;
    }
    return started;
  }

  private void read() {
    try {
      for (CapturedPacket packet : capture) {
        synchronized (packets) {
          packets.add(packet);
        }
      }
    } catch (VnetException e) {
      return; // the test took the interface away: what came until then is kept
    }
  }

  /** Waits until what was on its way has come. */
  static void settle() {
    try {
      Thread.sleep(SETTLING.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isEmpty() {
    synchronized (packets) {
      return packets.isEmpty();
    }
  }

  String fileName() {
    return node + "_" + iface + ".pcapng";
  }

  void write(Path file) throws IOException {
    String name = node + ":" + iface;
    try (Pcapng out = Pcapng.create(file, name, Capture.Builder.WHOLE, "")) {
      synchronized (packets) {
        for (CapturedPacket packet : packets) {
          out.write(packet);
        }
      }
    }
  }

  @Override
  public void close() {
    capture.close();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
