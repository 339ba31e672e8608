// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.vnet4j.freebsd.ipfw.DummynetAbi.IP_DUMMYNET3;

import java.nio.ByteBuffer;
import java.util.List;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Shaping;
import org.vnet4j.posix.libc.Memory;

/**
 * Configures, deletes and lists the pipes of dummynet(4) through the socket option IP_DUMMYNET3,
 * see ip_dummynet.c.
 */
public final class DummynetCalls {
  /** Upper bound in bytes for a pipe's link, flow set, scheduler and flows. */
  private static final int ROOM_EACH = 1024;

  private final Syscalls kernel;

  public DummynetCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Creates or changes a pipe. The kernel may adjust the values. */
  public void configure(int fd, int pipe, Shaping shaping) {
    set(fd, pipe + " " + shaping, DummynetCodec.link(pipe, shaping));
    for (DummynetCodec.Pipe made : list(fd, pipe, pipe)) {
      set(fd, pipe + " " + shaping, DummynetCodec.flowSet(made, shaping));
    }
  }

  public void delete(int fd, int pipe) {
    set(fd, pipe + " delete", DummynetCodec.delete(pipe));
  }

  private void set(int fd, String subject, ByteBuffer request) {
    Memory value = Memory.wrap(request);
    kernel.check(
        "IP_DUMMYNET3",
        "pipe " + subject,
        () ->
            kernel
                .libc()
                .setsockopt(fd, IpfwCalls.IPPROTO_IP, IP_DUMMYNET3, value.address(), value.size()),
        value);
  }

  /** Lists the pipes in a range of numbers. */
  public List<DummynetCodec.Pipe> list(int fd, int first, int last) {
    ByteBuffer request = DummynetCodec.get(first, last, ROOM_EACH * (last - first + 2));
    Memory value = Memory.wrap(request);
    Memory size = Memory.ofInt(value.size());
    kernel.check(
        "IP_DUMMYNET3",
        "pipes " + first + "-" + last,
        () ->
            kernel
                .libc()
                .getsockopt(
                    fd, IpfwCalls.IPPROTO_IP, IP_DUMMYNET3, value.address(), size.address()),
        new Memory[] {value, size});
    return DummynetCodec.pipes(request.limit(Math.min(size.getInt(0), request.capacity())));
  }
}
