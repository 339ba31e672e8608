// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.EINVAL;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOMEM;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/** Configures and queries ipfw through the socket option IP_FW3, see ip_fw_sockopt.c. */
public final class IpfwCalls {
  public static final int IPPROTO_IP = 0;
  public static final int IP_FW3 = 48;
  private static final int FIRST_ROOM = 4096;
  private static final int TRIES = 8;

  private final Syscalls kernel;

  public IpfwCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Determines the version of the interface that this kernel has. Before FreeBSD 15 the kernel
   * rejects a request of version 1.
   */
  public IpfwVersion version(int fd) {
    ByteBuffer request =
        IpfwVersion.V1
            .request(IpfwAbi.IP_FW_DUMP_SOPTCODES, FIRST_ROOM)
            .putInt(IpfwAbi.LHEADER_NEEDED, FIRST_ROOM);
    int error = attempt(fd, request);
    if (error == EINVAL) {
      return IpfwVersion.V0;
    }
    if (error != 0 && error != ENOMEM) {
      throw Syscalls.refusal("IP_FW_DUMP_SOPTCODES", "ipfw", error, null);
    }
    return IpfwVersion.V1;
  }

  /** Sends a request that has an answer. The kernel writes the answer into the request's buffer. */
  public ByteBuffer get(int fd, String call, String subject, ByteBuffer request) {
    int error = attempt(fd, request);
    if (error != 0) {
      throw Syscalls.refusal(call, subject, error, null);
    }
    return request;
  }

  /** Sends a query, with a larger buffer each time, until the answer fits. */
  public ByteBuffer list(int fd, String call, String subject, IntFunction<ByteBuffer> request) {
    int room = FIRST_ROOM;
    for (int i = 0; i < TRIES; i++) {
      ByteBuffer buffer = request.apply(room);
      int error = attempt(fd, buffer);
      if (error == 0) {
        return buffer;
      }
      if (error != ENOMEM) {
        throw Syscalls.refusal(call, subject, error, null);
      }
      room *= 4;
    }
    throw Syscalls.refusal(call, subject, ENOMEM, "the answer kept growing");
  }

  /** Sends a change that has no answer. */
  public void set(int fd, String call, String subject, ByteBuffer request) {
    Memory value = Memory.wrap(request);
    kernel.check(
        call,
        subject,
        () -> kernel.libc().setsockopt(fd, IPPROTO_IP, IP_FW3, value.address(), value.size()),
        value);
  }

  private int attempt(int fd, ByteBuffer request) {
    Memory value = Memory.wrap(request);
    Memory size = Memory.ofInt(value.size());
    long rc =
        kernel.attempt(
            () -> kernel.libc().getsockopt(fd, IPPROTO_IP, IP_FW3, value.address(), size.address()),
            new Memory[] {value, size});
    if (rc == 0) {
      request.limit(Math.min(size.getInt(0), request.capacity()));
    }
    return (int) -rc;
  }
}
