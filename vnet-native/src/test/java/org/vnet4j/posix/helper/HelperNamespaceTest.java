// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.posix.process.ExecTest;

/** Tests namespaces, and what the helper opens, reads and writes in them. */
public final class HelperNamespaceTest extends SandboxTest {
  private static final SocketKind UDP = new SocketKind(Abi.AF_INET, 2, 0);
  private static final String FORWARDING = "net/ipv4/ip_forward";

  @Test
  void sockets_are_opened_in_the_stack_they_are_asked_for_in() {
    try (Fd one = helper.createNamespace("one", false);
        Fd other = helper.createNamespace("", false);
        Fd a = helper.socket(StackRef.namespace(one), UDP);
        Fd b = helper.socket(StackRef.namespace(other), UDP);
        Fd c = helper.socket(StackRef.own(), UDP)) {
      assertThat(cookie(a)).isNotEqualTo(cookie(b)).isNotEqualTo(cookie(c));
      assertThat(cookie(b)).isNotEqualTo(cookie(c));
    }
  }

  @Test
  void several_sockets_come_in_the_order_asked_for_and_are_close_on_exec() {
    List<Fd> sockets =
        helper.sockets(
            StackRef.own(), List.of(UDP, new SocketKind(16, 3, 0), new SocketKind(1, 1, 0)));
    assertThat(sockets).hasSize(3);
    assertThat(sockets.stream().map(fd -> option(fd, Abi.LINUX.sockets.soDomain())).toList())
        .containsExactly(2, 16, 1);
    for (Fd fd : sockets) {
      int flags = fd.use(n -> Native.libc().fcntl(n, 1, 0));
      assertThat(flags).isEqualTo(1);
      fd.close();
    }
  }

  @Test
  void a_refused_socket_gives_back_those_opened_before_and_the_helper_returns_home() {
    try (Fd one = helper.createNamespace("one", false)) {
      assertRefused(
          () -> helper.sockets(StackRef.namespace(one), List.of(UDP, new SocketKind(4711, 1, 0))),
          "socket",
          "EAFNOSUPPORT");
      try (Fd here = helper.socket(StackRef.own(), UDP);
          Fd there = helper.socket(StackRef.namespace(one), UDP)) {
        assertThat(cookie(here)).isNotEqualTo(cookie(there));
      }
    }
  }

  @Test
  void a_descriptor_that_is_no_namespace_is_refused() {
    try (Fd socket = helper.socket(StackRef.own(), UDP)) {
      assertRefused(() -> helper.socket(StackRef.namespace(socket), UDP), "setns", "EINVAL");
    }
  }

  @Test
  void a_setting_is_of_its_own_stack() {
    try (Fd one = helper.createNamespace("one", false)) {
      StackRef stack = StackRef.namespace(one);
      helper.sysctl(stack, FORWARDING, "1".getBytes(StandardCharsets.US_ASCII));
      assertThat(text(stack)).isEqualTo("1");
      assertThat(text(StackRef.own())).isEqualTo("0");
      helper.sysctl(stack, FORWARDING, "0".getBytes(StandardCharsets.US_ASCII));
      assertThat(text(stack)).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../../etc/passwd",
        "net/../../version",
        "kernel/hostname",
        "vm/swappiness",
        "net//ipv4",
        "net/.",
        "net/"
      })
  void a_setting_outside_proc_sys_is_refused(String name) {
    assertRefused(() -> helper.sysctl(StackRef.own(), name), "open", "EINVAL");
  }

  @Test
  void an_unknown_setting_and_a_wrong_value_are_refused() {
    assertRefused(() -> helper.sysctl(StackRef.own(), "net/ipv4/nothing"), "open", "ENOENT");
    assertRefused(
        () -> helper.sysctl(StackRef.own(), FORWARDING, new byte[] {'x'}), "write", "EINVAL");
  }

  @Test
  void a_namespace_is_found_by_its_name_until_it_is_removed() {
    try (Fd made = helper.createNamespace("jail.inner", false)) {
      try (Fd found = helper.openNamespace("jail.inner")) {
        assertThat(inode(found)).isEqualTo(inode(made));
      }
      assertRefused(() -> helper.createNamespace("jail.inner", false), "mknod", "EEXIST");
      helper.removeNamespace("jail.inner", made);
      assertRefused(() -> helper.openNamespace("jail.inner"), "open", "ENOENT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "a/b", "/etc/passwd", "../x"})
  void a_name_that_climbs_is_refused(String name) {
    assertRefused(() -> helper.createNamespace(name, false), "name", "EINVAL");
    assertRefused(() -> helper.openNamespace(name), "name", "EINVAL");
    try (Fd unnamed = helper.createNamespace("", false)) {
      assertRefused(() -> helper.removeNamespace(name, unnamed), "name", "EINVAL");
    }
  }

  @Test
  void the_longest_name_has_200_bytes() {
    helper.createNamespace("n".repeat(200), false).close();
    assertRefused(() -> helper.createNamespace("n".repeat(201), false), "name", "EINVAL");
    assertRefused(() -> helper.openNamespace(""), "name", "EINVAL");
  }

  @Test
  void removing_kills_what_runs_there_and_nothing_else() {
    try (Fd one = helper.createNamespace("one", false);
        ExecTest.Running inside = ExecTest.start(helper, StackRef.namespace(one), "sleep", "1000");
        ExecTest.Running outside = ExecTest.start(helper, StackRef.own(), "sleep", "1000")) {
      helper.removeNamespace("one", one);
      assertThat(inside.status()).isEqualTo(Abi.SIGKILL);
      assertThat(ProcessHandle.of(outside.pid()).map(ProcessHandle::isAlive)).contains(true);
      assertThat(helper.kill(inside.pid(), 0)).isFalse();
      assertThat(helper.kill(outside.pid(), 0)).isTrue();
    }
  }

  @Test
  void several_are_removed_together_or_none_of_them() {
    try (Fd one = helper.createNamespace("one", false);
        Fd two = helper.createNamespace("two", false);
        Fd unnamed = helper.createNamespace("", false);
        ExecTest.Running inside =
            ExecTest.start(helper, StackRef.namespace(unnamed), "sleep", "1000")) {
      Helper.Named first = new Helper.Named("one", one);
      List<Helper.Named> wrong = List.of(first, new Helper.Named("two", unnamed));
      assertRefused(() -> helper.removeNamespaces(wrong), "name", "ENOENT");
      assertThat(helper.kill(inside.pid(), 0)).isTrue();
      helper.openNamespace("one").close();
      helper.removeNamespaces(
          List.of(first, new Helper.Named("", unnamed), new Helper.Named("two", two)));
      assertThat(inside.status()).isEqualTo(Abi.SIGKILL);
      assertRefused(() -> helper.openNamespace("one"), "open", "ENOENT");
      assertRefused(() -> helper.openNamespace("two"), "open", "ENOENT");
      assertRefused(() -> helper.removeNamespaces(List.of()), "request", "EPROTO");
    }
  }

  @Test
  void the_own_stack_and_a_name_of_another_one_cannot_be_removed() {
    Fd home = helper.home();
    assertThat(home).isNotNull();
    assertRefused(() -> helper.removeNamespace("", home), "kill", "EBUSY");
    try (Fd one = helper.createNamespace("one", false);
        Fd two = helper.createNamespace("two", false)) {
      assertRefused(() -> helper.removeNamespace("one", two), "name", "ENOENT");
      helper.openNamespace("one").close();
      assertThat(one.isOpen()).isTrue();
    }
  }

  @Test
  void a_tap_has_the_name_asked_for_or_one_of_the_kernels() {
    Assumptions.assumeTrue(
        java.nio.file.Files.isWritable(java.nio.file.Path.of("/dev/net/tun")),
        "this user may not open /dev/net/tun");
    try (Fd one = helper.createNamespace("one", false)) {
      Helper.Tap tap = helper.tap(StackRef.namespace(one), "vtap7");
      assertThat(tap.name()).isEqualTo("vtap7");
      assertRefused(() -> helper.tap(StackRef.namespace(one), "vtap7"), "TUNSETIFF", "EBUSY");
      assertRefused(
          () -> helper.tap(StackRef.namespace(one), "sixteen_or_more_"), "TUNSETIFF", "EINVAL");
      Helper.Tap chosen = helper.tap(StackRef.namespace(one), "");
      assertThat(chosen.name()).startsWith("tap");
      String interfaces = ExecTest.output(helper, StackRef.namespace(one), "ls", "/sys/class/net");
      assertThat(interfaces.split("\n")).containsExactlyInAnyOrder("lo", "vtap7", chosen.name());
      tap.fd().close();
      chosen.fd().close();
      interfaces = ExecTest.output(helper, StackRef.namespace(one), "ls", "/sys/class/net");
      assertThat(interfaces.split("\n")).as("gone with their descriptors").containsExactly("lo");
    }
  }

  @Test
  void a_netlink_request_is_sent_with_the_helpers_rights() {
    try (Fd one = helper.createNamespace("one", false);
        Fd netlink = helper.socket(StackRef.namespace(one), new SocketKind(16, 3, 0))) {
      Memory link = Memory.allocate(32);
      // RTM_NEWLINK of interface 1 (lo) with IFF_UP set.
      link.bytes().putInt(0, 32).putShort(4, (short) 16).putShort(6, (short) 5).putInt(8, 1);
      link.bytes().putInt(20, 1).putInt(24, 1).putInt(28, 1);
      assertThat(helper.send(netlink, link.bytes(), 0, null)).isEqualTo(32);
      Memory answer = Memory.allocate(64);
      long n = netlink.use(fd -> Native.libc().read(fd, answer.address(), 64));
      assertThat(n).isEqualTo(36);
      assertThat(answer.bytes().getInt(16)).as("errno of the acknowledgement").isZero();
      String flags =
          ExecTest.output(helper, StackRef.namespace(one), "cat", "/sys/class/net/lo/flags");
      assertThat(flags).isEqualTo("0x9\n");
    }
  }

  @Test
  void sending_on_a_socket_that_is_not_connected_is_refused() {
    try (Fd udp = helper.socket(StackRef.own(), UDP)) {
      assertRefused(
          () -> helper.send(udp, java.nio.ByteBuffer.allocate(1), 0, null), "send", "EDESTADDRREQ");
    }
  }

  @Test
  void requests_of_the_other_system_are_refused() {
    assertRefused(() -> helper.bpf(StackRef.jail(1), "em0", 4096), "request", "EOPNOTSUPP");
    assertRefused(() -> helper.anchor(1), "request", "EOPNOTSUPP");
    assertRefused(() -> helper.give(StackRef.own(), "em0", 1), "request", "EOPNOTSUPP");
    assertRefused(() -> helper.reclaim(StackRef.own(), "em0", 1), "request", "EOPNOTSUPP");
  }

  @Test
  void a_request_that_is_too_long_is_refused_before_it_is_sent() {
    Helper.Command huge =
        new Helper.Command(List.of("true"), Map.of("X", "x".repeat(140_000)), null, null, null);
    assertThatThrownBy(() -> ExecTest.start(helper, StackRef.own(), huge))
        .asInstanceOf(type(VnetException.class))
        .extracting(e -> e.kernelError().orElseThrow().name())
        .isEqualTo("E2BIG");
    helper.createNamespace("", false).close();
  }

  public static void assertRefused(ThrowingCallable action, String call, String errno) {
    assertThatThrownBy(action)
        .asInstanceOf(type(VnetException.class))
        .extracting(e -> e.kernelError().map(k -> k.call() + " " + k.name()).orElse("none"))
        .isEqualTo(call + " " + errno);
  }

  private String text(StackRef stack) {
    return StandardCharsets.US_ASCII.decode(helper.sysctl(stack, FORWARDING)).toString().strip();
  }

  /** Returns SO_NETNS_COOKIE, which identifies the namespace of a socket. */
  private static long cookie(Fd socket) {
    Memory value = Memory.allocate(16);
    value.bytes().putInt(8, 8);
    int rc =
        socket.use(fd -> Native.libc().getsockopt(fd, 1, 71, value.address(), value.address() + 8));
    assertThat(rc).isZero();
    return value.bytes().getLong(0);
  }

  private static int option(Fd socket, int option) {
    Memory value = Memory.allocate(16);
    value.bytes().putInt(8, 4);
    socket.use(fd -> Native.libc().getsockopt(fd, 1, option, value.address(), value.address() + 8));
    return value.bytes().getInt(0);
  }

  private static String inode(Fd namespace) {
    return namespace.use(
        fd -> {
          try {
            return java.nio.file.Files.getAttribute(
                    java.nio.file.Path.of("/proc/self/fd/" + fd), "unix:ino")
                .toString();
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }
}
