// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.machine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vnet4j.NetInterface;
import org.vnet4j.Route;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.net.Station;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;

/** The Linux stack that stands for a simulated stack, and carries its sockets and programs. */
final class SimStation implements Station {
  private static final int MOST = 65536;
  private static final int PATIENCE = 100;
  private static final short POLLIN = 1;

  private final SimKernel kernel;
  private final BorrowedStacks.One stack;
  private final Map<String, Tap> taps = new HashMap<>();
  private List<Way> ways = List.of();
  private boolean loopbackUp;

  SimStation(SimKernel kernel, BorrowedStacks stacks) {
    this.kernel = kernel;
    this.stack = stacks.make();
  }

  StackRef ref() {
    return stack.ref();
  }

  @Override
  public void changed(Picture picture) {
    if (picture.loopbackUp() != loopbackUp) {
      loopbackUp = picture.loopbackUp();
      stack.driver().interfaces().up("lo", loopbackUp);
    }
    Map<String, Port> wanted = new HashMap<>();
    picture.ports().forEach(port -> wanted.put(port.name(), port));
    for (Tap tap : List.copyOf(taps.values())) {
      Port port = wanted.get(tap.name);
      if (port == null || !port.mac().equals(tap.mac)) {
        taps.remove(tap.name).close();
        destroy(tap.name);
      }
    }
    picture.ports().forEach(port -> taps.computeIfAbsent(port.name(), n -> new Tap(port)).be(port));
    List<Way> wishes = picture.ways();
    ways.stream().filter(way -> !wishes.contains(way)).forEach(this::leave);
    wishes.stream().filter(way -> !ways.contains(way)).forEach(this::take);
    ways = wishes;
  }

  /** Destroys a tap interface, unless closing its descriptor already did. */
  private void destroy(String name) {
    try {
      stack.driver().interfaces().destroy(name);
    } catch (NetInterface.NotFoundException e) {
      // closing the descriptor destroyed it
    }
  }

  private static Route route(Way way) {
    Cidr destination = Cidr.parse(way.destination());
    return way.gateway().isEmpty()
        ? Route.onLink(destination, way.port())
        : Route.via(destination, IpLiteral.parse(way.gateway()));
  }

  private void take(Way way) {
    stack.driver().routes().add(route(way));
  }

  /** Deletes a route, unless it was deleted with its interface. */
  private void leave(Way way) {
    if (stack.driver().routes().list().stream()
        .anyMatch(there -> there.destination().equals(route(way).destination()))) {
      stack.driver().routes().delete(route(way));
    }
  }

  @Override
  public void deliver(String iface, byte[] frame) {
    Tap tap = taps.get(iface);
    if (tap != null) {
      tap.write(frame);
    }
  }

  @Override
  public void gone() {
    taps.values().forEach(Tap::close);
    taps.clear();
    stack.remove();
  }

  /**
   * A tap interface that stands for an Ethernet interface, and the thread that reads its frames.
   */
  private final class Tap {
    private final String name;
    private final String mac;
    private final Fd frames;
    private final Memory out = Memory.allocate(MOST);
    private final Set<String> addresses = new HashSet<>();
    private boolean up;
    private volatile boolean closed;

    Tap(Port port) {
      name = port.name();
      mac = port.mac();
      frames = stack.tap(name, MacAddress.parse(mac));
      Thread thread = new Thread(this::read, "sim-tap-" + name);
      thread.setDaemon(true);
      thread.start();
    }

    /**
     * Copies the simulated interface's addresses and state; adds addresses before it sets the
     * interface up.
     */
    void be(Port port) {
      var interfaces = stack.driver().interfaces();
      for (String address : Set.copyOf(addresses)) {
        if (!port.addresses().contains(address)) {
          interfaces.deleteAddress(name, Cidr.parse(address));
          addresses.remove(address);
        }
      }
      for (String address : port.addresses()) {
        if (addresses.add(address)) {
          interfaces.addAddress(name, Cidr.parse(address));
        }
      }
      if (up != port.up()) {
        up = port.up();
        interfaces.up(name, up);
      }
    }

    private void read() {
      Memory in = Memory.allocate(MOST);
      Memory pollfd = Memory.allocate(8);
      while (!closed) {
        byte[] frame = frames.use(fd -> read(fd, in, pollfd));
        if (frame.length > 0) {
          kernel.emit(SimStation.this, name, frame);
        }
      }
      frames.close();
    }

    private static byte[] read(int fd, Memory in, Memory pollfd) {
      pollfd.bytes().putInt(0, fd).putShort(4, POLLIN).putShort(6, (short) 0);
      long length = 0;
      if (Native.libc().poll(pollfd.address(), 1, PATIENCE) > 0) {
        length = Native.libc().read(fd, in.address(), MOST);
        if (length < 0) {
          Native.libc().poll(0, 0, 1); // the interface is down or about to be destroyed
        }
      }
      byte[] frame = new byte[(int) Math.max(0, length)];
      in.bytes().get(0, frame);
      pollfd.keep();
      return frame;
    }

    /** Writes a frame. A tap that is down refuses it, and the frame is lost. */
    void write(byte[] frame) {
      out.bytes().put(0, frame);
      frames.use(fd -> Native.libc().write(fd, out.address(), frame.length));
      out.keep();
    }

    void close() {
      closed = true;
    }
  }
}
