// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.posix.Leaks;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.MemoryFile;

/** Tests messages that no Java class sends, and helpers that are killed. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the messages of this test enter Linux namespaces")
final class ProtocolTest {
  private static final int EPROTO = 71;
  private static final int EMSGSIZE = 90;
  private static final int ESRCH = 3;
  private static final int SEND = 9;
  private static final int LATER = 16;
  private static final int CANCEL = 17;
  private static final int STACK = 1;
  private static final int FILE = 4;

  /** Number of combinations of VH_STACK, VH_PERSIST and VH_FILE. */
  private static final int FLAGS = 8;

  private static final int ROUNDS = Boolean.getBoolean("vnet.soak") ? 100_000 : 1000;

  /** Payloads of valid requests. */
  private static final List<String> WELL_FORMED =
      List.of(
          "/\0\0\0true\0A=1\0",
          "/\0\0web\0true\0A=1\0",
          "net/ipv4/ip_forward\0" + "1",
          "x1\0",
          "x1\0x2\0\0",
          "lo\0",
          "\2\0\0\0\2\0\0\0\0\0\0\0",
          "tap7\0",
          "\1\0\0\0",
          "");

  private Leaks before = new Leaks(List.of());

  @BeforeAll
  static void warm_up() {
    Leaks.warmUp();
  }

  @BeforeEach
  void look() {
    before = Leaks.settled();
  }

  @AfterEach
  void nothing_is_left() {
    System.clearProperty(HelperBinary.PROPERTY);
    before.assertNothingNew();
  }

  @Test
  void malformed_requests_are_answered_and_harm_nobody() {
    SandboxTest.sandbox().close();
    malformedRound();
  }

  @Test
  void malformed_requests_find_no_fault_in_a_helper_with_sanitizers(@TempDir Path directory)
      throws Exception {
    SandboxTest.sandbox().close();
    Path program = directory.resolve("vnet-helper");
    Path sources = Path.of("..", "src-c", "helper").toAbsolutePath().normalize();
    List<String> command =
        new ArrayList<>(
            List.of(
                "cc",
                "-std=c11",
                "-g",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
                "-I.",
                "-o",
                program.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".c"))
          .map(Path::toString)
          .forEach(command::add);
    }
    Process cc;
    try {
      cc =
          new ProcessBuilder(command)
              .directory(sources.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      Assumptions.abort("no C compiler: " + e.getMessage());
      return;
    }
    Assumptions.assumeTrue(cc.waitFor() == 0, "the compiler has no sanitizers");
    System.setProperty(HelperBinary.PROPERTY, program.toString());
    malformedRound();
  }

  private static void malformedRound() {
    long seed = System.nanoTime();
    System.out.println("ProtocolTest seed " + seed);
    Random random = new Random(seed);
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    HelperProcess process;
    try (Fd theirs = pair.theirs()) {
      process = HelperBinary.spawn("sandbox", theirs);
    }
    String end;
    SeqPacketSocket.Pair spare = SeqPacketSocket.pair();
    spare.ours().close();
    try (SeqPacketSocket socket = pair.ours();
        Fd end0 = spare.theirs();
        Fd file = MemoryFile.of("message", new byte[5000])) {
      HelperReply hello = receive(socket);
      assertThat(hello.error()).isZero();
      Fd home = hello.descriptors().get(0);
      for (int round = 0; round < ROUNDS; round++) {
        ByteBuffer message = message(random);
        int op = message.remaining() < 20 ? 0 : message.getInt(0);
        List<Fd> descriptors = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          descriptors.add(List.of(end0, home, file).get(random.nextInt(3)));
        }
        assertThat(socket.send(message, descriptors)).isZero();
        HelperReply reply = receive(socket);
        reply.descriptors().forEach(Fd::close);
        if (op < 1 || op > 17) {
          assertThat(reply.error()).as("op %d", op).isNotZero();
        }
      }
      home.close();
      assertThat(socket.send(ByteBuffer.allocate(7), List.of())).isZero();
      assertThat(receive(socket).error()).isEqualTo(EPROTO);
    } finally {
      pair.ours().close();
      end = process.reap(10);
    }
    assertThat(end).isEqualTo("exit status 0");
  }

  private static ByteBuffer message(Random random) {
    return random.nextBoolean() ? noise(random) : almost(random);
  }

  /** Returns a valid request with a few bytes changed. */
  private static ByteBuffer almost(Random random) {
    String payload = WELL_FORMED.get(random.nextInt(WELL_FORMED.size()));
    boolean later = random.nextInt(4) == 0;
    ByteBuffer m = ByteBuffer.allocate(40 + payload.length()).order(ByteOrder.nativeOrder());
    if (later) {
      m.putInt(LATER).putInt(0).putInt(0).putInt(random.nextInt(3)).putInt(0);
    }
    m.putInt(1 + random.nextInt(17)).putInt(random.nextInt(FLAGS)).putInt(0);
    m.putInt(1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 1)).putInt(1 + random.nextInt(2));
    m.put(payload.getBytes(StandardCharsets.US_ASCII)).flip();
    for (int i = random.nextInt(3); i > 0; i--) {
      m.put(random.nextInt(m.limit()), (byte) random.nextInt(256));
    }
    return m;
  }

  private static ByteBuffer noise(Random random) {
    int payload = random.nextInt(3) == 0 ? random.nextInt(3000) : random.nextInt(40);
    ByteBuffer m = ByteBuffer.allocate(20 + payload).order(ByteOrder.nativeOrder());
    m.putInt(random.nextInt(20)).putInt(random.nextInt(FLAGS)).putInt(random.nextInt(3));
    m.putInt(random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(6));
    m.putInt(random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(6));
    while (m.hasRemaining()) {
      m.put((byte) "\0\0/.nxt=".charAt(random.nextInt(8)));
    }
    return m.flip().limit(random.nextInt(8) == 0 ? 1 + random.nextInt(m.capacity()) : m.capacity());
  }

  private static HelperReply receive(SeqPacketSocket socket) {
    SeqPacketSocket.Message message = socket.receive();
    assertThat(message.bytes().remaining()).isGreaterThanOrEqualTo(HelperReply.SIZE);
    return HelperReply.parse(message);
  }

  @Test
  void what_is_done_later_is_done_once_and_a_file_is_sent_whole() {
    SeqPacketSocket.Pair pair = SeqPacketSocket.pair();
    HelperProcess process;
    try (Fd theirs = pair.theirs()) {
      process = HelperBinary.spawn("sandbox", theirs);
    }
    SeqPacketSocket.Pair line = SeqPacketSocket.pair();
    try (SeqPacketSocket socket = pair.ours();
        SeqPacketSocket there = line.ours();
        Fd here = line.theirs();
        Fd empty = MemoryFile.of("empty", new byte[0]);
        Fd file = MemoryFile.of("message", new byte[5000])) {
      receive(socket).descriptors().forEach(Fd::close);
      int far = ask(socket, request(LATER, 0, 100_000, SEND, 0), List.of(here)).value();
      int soon = ask(socket, request(LATER, 0, 0, SEND, FILE), List.of(here, file)).value();
      assertThat(there.receive().bytes().remaining()).isEqualTo(5000);
      assertThat(ask(socket, request(CANCEL, 0, soon, 0, 0), List.of()).error()).isEqualTo(ESRCH);
      assertThat(ask(socket, request(CANCEL, 0, far, 0, 0), List.of()).error()).isZero();
      assertThat(ask(socket, request(CANCEL, 0, far, 0, 0), List.of()).error()).isEqualTo(ESRCH);
      // A deferred request cannot be deferred or cancelled again, nor be an unknown one.
      for (int op : new int[] {LATER, CANCEL, 4711, 0}) {
        assertThat(ask(socket, request(LATER, 0, 0, op, 0), List.of(here)).error())
            .isEqualTo(EPROTO);
      }
      assertThat(ask(socket, request(LATER, 0, -1, SEND, 0), List.of(here)).error())
          .isEqualTo(EPROTO);
      assertThat(ask(socket, request(LATER, STACK, 0, SEND, 0), List.of(here)).error())
          .isEqualTo(EPROTO);
      assertThat(ask(socket, request(SEND, FILE, 0, 0, 0), List.of(here, empty)).error())
          .isEqualTo(EMSGSIZE);
    } finally {
      pair.ours().close();
      assertThat(process.reap(10)).isEqualTo("exit status 0");
    }
  }

  private static HelperReply ask(SeqPacketSocket socket, ByteBuffer request, List<Fd> with) {
    assertThat(socket.send(request, with)).isZero();
    return receive(socket);
  }

  /** Returns a request; LATER contains the request to carry out later. */
  private static ByteBuffer request(int op, int flags, int a, int innerOp, int innerFlags) {
    ByteBuffer m = ByteBuffer.allocate(op == LATER ? 40 : 20).order(ByteOrder.nativeOrder());
    m.putInt(op).putInt(flags).putInt(0).putInt(a).putInt(0);
    return (op == LATER ? m.putInt(innerOp).putInt(innerFlags).putInt(0) : m).rewind();
  }

  @Test
  void a_killed_helper_is_named_by_every_request_and_can_be_closed() {
    try (HelperProgram helper = SandboxTest.sandbox()) {
      ProcessHandle.of(helper.pid()).orElseThrow().destroyForcibly();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> helper.createNamespace("", false))
            .isInstanceOf(Helper.LostException.class)
            .hasMessageContaining("pid " + helper.pid())
            .hasMessageContaining("killed by signal 9");
      }
    }
  }

  @Test
  void a_closed_helper_takes_no_requests_and_a_second_close_is_harmless() {
    HelperProgram helper = SandboxTest.sandbox();
    helper.close();
    helper.close();
    assertThatThrownBy(() -> helper.createNamespace("", false))
        .isInstanceOf(org.vnet4j.Vnet.ClosedException.class);
  }

  @Test
  void an_interrupted_thread_keeps_request_and_reply_together() {
    try (HelperProgram helper = SandboxTest.sandbox()) {
      Thread.currentThread().interrupt();
      helper.createNamespace("one", false).close();
      helper.openNamespace("one").close();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void an_installed_helper_that_is_not_there_is_an_error() {
    System.setProperty(HelperBinary.PROPERTY, "/no/such/helper");
    HelperNamespaceTest.assertRefused(HelperProgram::own, "posix_spawn", "ENOENT");
  }

  @Test
  void started_by_hand_it_explains_itself(@TempDir Path directory) throws Exception {
    Path program = Files.write(directory.resolve("vnet-helper"), HelperPlatform.here().program());
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Process byHand = new ProcessBuilder(program.toString()).start();
    assertThat(new String(byHand.getErrorStream().readAllBytes())).startsWith("usage:");
    assertThat(byHand.waitFor()).isEqualTo(100);
  }

  @Test
  void the_numbers_of_errors_are_each_systems_own() {
    assertThat(Errno.FREEBSD.nameOf(35)).isEqualTo("EAGAIN");
    assertThat(Errno.FREEBSD.nameOf(93)).isEqualTo("ENOTCAPABLE");
    assertThat(Errno.FREEBSD.textOf(6)).isEqualTo("Device not configured");
    assertThat(Errno.FREEBSD.numberOf("EADDRNOTAVAIL")).isEqualTo(49);
    assertThat(Errno.LINUX.nameOf(95)).isEqualTo("EOPNOTSUPP");
    assertThat(Errno.LINUX.textOf(6)).isEqualTo("No such device or address");
    assertThat(Errno.LINUX.nameOf(4711)).isEqualTo("errno 4711");
  }

  /** Aliases such as ENOTSUP have the symbol of the name that the enumeration has. */
  @Test
  void the_model_has_a_symbol_for_each_number_of_either_system() {
    for (Errno system : Errno.values()) {
      for (int number = 1; number < 140; number++) {
        String name = system.nameOf(number);
        if (!name.startsWith("errno ")) {
          assertThat(org.vnet4j.net.Errno.of(name)).as("%s of %s", name, system).isPresent();
        }
      }
    }
  }
}
