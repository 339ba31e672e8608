// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.capture.Capture;
import org.vnet4j.capture.CapturedPacket;
import org.vnet4j.capture.Pcapng;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;

/**
 * Captures the packets on a link and keeps them in memory, to be written to a file when the test
 * fails.
 */
final class Recorder implements AutoCloseable {
  /**
   * Enough for the traffic of a test; a hundred links still fit in the memory of a small machine.
   */
  private static final long MOST_BYTES = 4 << 20;

  /** Packets sent just before the failure take some time to reach the capture. */
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
    } catch (OutOfMemoryError e) { // pthread_create(3) returned EAGAIN
      capture.close();
      throw new Vnet.NoThreadException(reader.getName(), e);
    }
  }

  /** Starts a recorder for each link; on an error closes those already started. */
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
      return; // the test removed the interface: packets captured before are kept
    }
  }

  /** Waits for packets that are still on their way. */
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
