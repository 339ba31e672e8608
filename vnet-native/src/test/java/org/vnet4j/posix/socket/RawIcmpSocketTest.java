// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.VnetException;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.SocketAddress;

/** Counts the calls that a raw socket makes; what they return is played. */
@Timeout(60)
class RawIcmpSocketTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Played calls = new Played();
  private final RawIcmpSocket one = socket(calls, 101);
  private final RawIcmpSocket two = socket(calls, 102);

  private static RawIcmpSocket socket(DatagramCalls calls, int number) {
    return new RawIcmpSocket(
        Fd.owning(number, closed -> {}),
        calls,
        SocketAddress.LINUX,
        true,
        new RawIcmpSocket.Home(name -> 0, () -> new VnetException("gone"), () -> {}));
  }

  private static final class Played implements DatagramCalls {
    final List<String> made = new ArrayList<>();
    final Deque<Integer> lengths = new ArrayDeque<>();
    int errno;

    @Override
    public int bind(int fd, long address, int addressLength) {
      return 0;
    }

    @Override
    public long sendto(
        int fd, long buffer, long length, int flags, Pointer address, int addressLength) {
      made.add("sendto");
      return length;
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, Pointer address, long addressLength) {
      made.add("recvfrom");
      int came = lengths.isEmpty() ? -table().numberOf("EAGAIN") : lengths.remove();
      errno = -came;
      address.putShort(0, (short) 10);
      return came < 0 ? -1 : came;
    }

    @Override
    public int poll(Memory descriptors, int count, int milliseconds) {
      StringBuilder polled = new StringBuilder("poll");
      for (int i = 0; i < count; i++) {
        polled.append(' ').append(descriptors.bytes().getInt(8 * i));
      }
      made.add(polled.toString());
      lengths.add(8);
      return 1;
    }

    @Override
    public int errno() {
      return errno;
    }

    @Override
    public Errno table() {
      return Errno.LINUX;
    }
  }

  private static InetAddress receive(RawIcmpSocket socket, Duration timeout) {
    return socket.receive(ByteBuffer.allocate(64), timeout);
  }

  @Test
  void a_message_that_is_there_is_received_without_a_poll() {
    calls.lengths.add(8);

    assertThat(receive(one, LONG)).isEqualTo(IpLiteral.parse("::"));
    assertThat(calls.made).containsExactly("recvfrom");
  }

  @Test
  void a_message_that_is_not_there_yet_is_polled_for() {
    assertThat(receive(one, LONG)).isNotNull();
    assertThat(calls.made).containsExactly("recvfrom", "poll 101", "recvfrom");
  }

  @Test
  void without_time_nothing_is_polled() {
    assertThat(receive(one, Duration.ZERO)).isNull();
    assertThat(calls.made).containsExactly("recvfrom");
  }

  @Test
  void errors_that_arrived_for_the_socket_are_passed_over() {
    calls.lengths.add(-Errno.LINUX.numberOf("EHOSTUNREACH"));
    calls.lengths.add(-Errno.LINUX.numberOf("EINTR"));
    calls.lengths.add(8);

    assertThat(receive(one, LONG)).isNotNull();
    assertThat(calls.made).containsExactly("recvfrom", "recvfrom", "recvfrom");
  }

  @Test
  void two_sockets_are_waited_for_in_one_poll() {
    one.await(two, LONG);

    assertThat(calls.made).containsExactly("poll 101 102");
  }

  @Test
  void what_arrived_is_drained_until_nothing_is_left() {
    calls.lengths.add(8);
    calls.lengths.add(8);

    one.drain();

    assertThat(calls.made).containsExactly("recvfrom", "recvfrom", "recvfrom");
  }
}
