// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.machine;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.vnet4j.linux.LinuxKernel;
import org.vnet4j.linux.LinuxProvider;
import org.vnet4j.linux.LinuxStack;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.StackDriver;

/**
 * Linux stacks that carry the sockets and programs of a simulated kernel. Each has the addresses
 * and routes that the simulation sets; the frames it sends are read from tap interfaces.
 */
public final class BorrowedStacks implements AutoCloseable {
  private static final int SIOCGIFFLAGS = 0x8913;
  private static final int SIOCSIFFLAGS = 0x8914;
  private static final int IFF_NOARP = 0x80;
  private static final int IFREQ_SIZE = 40;
  private static final int FLAGS = 16;

  private final LinuxKernel kernel;
  private final AtomicInteger made = new AtomicInteger();

  /** Opens a sandbox for the stacks. */
  public BorrowedStacks() {
    kernel = (LinuxKernel) new LinuxProvider().open(new OpenRequest(true, "sim", Set.of()));
  }

  public Helper helper() {
    return kernel.helper();
  }

  public One make() {
    JailSpec spec = new JailSpec("sim" + made.incrementAndGet(), 0, true, 0, null, Map.of());
    int jid = kernel.jails().create(spec);
    LinuxStack stack = kernel.stack(jid);
    for (String where : new String[] {"all", "default"}) {
      stack.sysctl("net/ipv4/conf/" + where + "/rp_filter", new byte[] {'0'});
    }
    return new One(jid, stack);
  }

  @Override
  public void close() {
    kernel.close();
  }

  /** One Linux stack. */
  public final class One {
    private final int jid;
    private final LinuxStack stack;

    private One(int jid, LinuxStack stack) {
      this.jid = jid;
      this.stack = stack;
    }

    public StackRef ref() {
      return stack.ref();
    }

    public StackDriver driver() {
      return stack;
    }

    /**
     * Creates a tap interface without ARP. Returns the descriptor that reads and writes its frames.
     */
    public Fd tap(String name, MacAddress mac) {
      Fd frames = helper().tap(ref(), name).fd();
      stack.interfaces().lladdr(name, mac);
      try (Fd socket = helper().socket(ref(), new SocketKind(2, 2, 0))) {
        Memory ifreq = Memory.allocate(IFREQ_SIZE);
        ifreq.bytes().put(0, name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        socket.use(fd -> Native.libc().ioctl(fd, SIOCGIFFLAGS, ifreq.address()));
        short flags = ifreq.bytes().getShort(FLAGS);
        ifreq.bytes().putShort(FLAGS, (short) (flags | IFF_NOARP));
        socket.use(fd -> Native.libc().ioctl(fd, SIOCSIFFLAGS, ifreq.address()));
        ifreq.keep();
      }
      return frames;
    }

    /** Removes the stack and the programs in it. */
    public void remove() {
      kernel.jails().remove(jid, home -> {});
    }
  }
}
