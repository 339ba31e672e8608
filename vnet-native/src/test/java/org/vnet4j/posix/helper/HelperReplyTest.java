// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Leaks;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.MemoryFile;

/** Tests wrong replies of a helper, which the test plays. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the processes and descriptors are Linux's")
@Timeout(240)
final class HelperReplyTest {
  private static final SocketKind UDP = new SocketKind(2, 2, 0);
  private static final int EIO = 5;

  private Leaks before = new Leaks(List.of());

  @BeforeEach
  void look() {
    Leaks.warmUp();
    before = Leaks.settled();
  }

  @AfterEach
  void nothing_is_left() {
    before.assertNothingNew();
  }

  @Test
  void a_reply_without_the_descriptor_that_was_asked_for_is_an_error_of_this_library()
      throws Exception {
    with(
        played -> played.hand(0),
        helper -> {
          for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> helper.socket(StackRef.own(), UDP))
                .isInstanceOf(Helper.LostException.class)
                .hasMessageContaining("vnet-helper SOCKETS");
          }
        });
  }

  @Test
  void a_reply_with_a_descriptor_that_nobody_asked_for_leaves_none() throws Exception {
    with(
        played -> played.hand(1),
        helper ->
            assertThatThrownBy(() -> helper.kill(1, 0)).isInstanceOf(Helper.LostException.class));
  }

  @Test
  void a_refusal_is_a_refusal_and_the_helper_lives() throws Exception {
    with(
        played -> played.refuse(EIO, "fork"),
        helper -> {
          for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> helper.socket(StackRef.own(), UDP))
                .isInstanceOf(VnetException.class)
                .isNotInstanceOf(Helper.LostException.class)
                .hasMessageContaining("EIO");
          }
        });
  }

  private static void with(Consumer<Played> answers, Consumer<HelperProgram> test)
      throws Exception {
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    Process child = new ProcessBuilder("true").start(); // ended, for the library to wait for
    child.waitFor();
    try (Played played = new Played(pair.theirs())) {
      played.greet();
      Thread thread = new Thread(() -> played.serve(answers));
      thread.start();
      try (HelperProgram helper =
          new HelperProgram(new HelperProcess((int) child.pid()), pair.ours())) {
        test.accept(helper);
      } finally {
        thread.join();
      }
    }
  }

  private static ByteBuffer reply(int error, int value, int descriptors, String call) {
    ByteBuffer reply = ByteBuffer.allocate(HelperReply.SIZE).order(ByteOrder.nativeOrder());
    reply.putInt(error).putInt(value).putInt(descriptors).putInt(0);
    return reply.put(call.getBytes(StandardCharsets.US_ASCII)).clear();
  }

  /** The helper's end of the socket. */
  private static final class Played implements AutoCloseable {
    private final Fd spare;
    private final SeqPacketSocket socket;

    Played(Fd end) {
      socket = new SeqPacketSocket(end);
      spare = MemoryFile.of("handed over", new byte[0]);
    }

    void greet() {
      ByteBuffer greeting = ByteBuffer.allocate(HelperReply.SIZE + 2 * Integer.BYTES);
      say(greeting.put(reply(0, HelperProgram.VERSION, 0, "")).clear(), List.of());
    }

    void say(ByteBuffer reply, List<Fd> descriptors) {
      assertThat(socket.send(reply, descriptors)).isZero();
    }

    void hand(int descriptors) {
      List<Fd> all = new ArrayList<>();
      for (int i = 0; i < descriptors; i++) {
        all.add(spare);
      }
      say(reply(0, 0, descriptors, ""), all);
    }

    void refuse(int error, String call) {
      say(reply(error, 0, 0, call), List.of());
    }

    void serve(Consumer<Played> answers) {
      while (socket.receive().bytes().hasRemaining()) {
        answers.accept(this);
      }
    }

    @Override
    public void close() {
      socket.close();
      spare.close();
    }
  }
}
