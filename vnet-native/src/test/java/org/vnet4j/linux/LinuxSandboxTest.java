// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Leftovers;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.posix.helper.Helper;

/** Tests the sandbox on Linux, also when its helper or its JVM is killed. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
@Timeout(240)
class LinuxSandboxTest {
  @Test
  void a_thread_whose_class_loader_does_not_know_the_library_opens_one_too() {
    Machine.sandbox().close();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try (Vnet vnet = Vnet.sandbox()) {
      assertThat(vnet.jls()).isEmpty();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void a_helper_that_is_killed_is_a_typed_error_and_nothing_is_left() throws Exception {
    Machine.sandbox().close();
    Set<String> before = Leftovers.now();
    Set<Long> children = Jvm.helpers();
    try (Vnet vnet = Machine.sandbox()) {
      long helper = Jvm.newHelper(children);
      Jail jail = vnet.host().jail("web").create();
      Process sleeper = jail.exec("sleep", "1000").start();
      assertThat(ProcessHandle.of(helper).orElseThrow().destroyForcibly()).isTrue();
      assertThatThrownBy(() -> vnet.host().jail("second").create())
          .isInstanceOf(Helper.LostException.class)
          .hasMessageContaining("vnet-helper (pid " + helper + ")")
          .hasMessageContaining("killed by signal 9");
      assertThatThrownBy(() -> vnet.host().jail("second").create())
          .isInstanceOf(Helper.LostException.class);
      sleeper.waitFor();
    }
    Set<String> left = new TreeSet<>(Leftovers.now());
    left.removeAll(before);
    Await.until(() -> left.retainAll(Leftovers.now()), changed -> left.isEmpty());
    assertThat(left).isEmpty();
  }

  @Test
  void a_sandbox_that_nobody_closed_ends_once_nobody_can_reach_it() throws Exception {
    Machine.sandbox().close();
    Set<Long> before = Jvm.helpers();
    long helper = forget(before);
    for (int i = 0; i < 1000 && ProcessHandle.of(helper).isPresent(); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(ProcessHandle.of(helper)).isEmpty();
  }

  private static long forget(Set<Long> before) {
    Machine.sandbox().host().jail("web").create();
    return Jvm.newHelper(before);
  }

  @Test
  void a_sandbox_lives_as_long_as_a_program_in_it() throws Exception {
    Process program = Machine.sandbox().host().exec("cat").start();
    for (int i = 0; i < 20; i++) {
      System.gc();
      Thread.sleep(10);
    }
    program.getOutputStream().close(); // a killed program would end with another status
    assertThat(program.waitFor()).isZero();
  }

  @Test
  void programs_need_no_thread_of_their_own() throws Exception {
    try (Vnet vnet = Machine.sandbox()) {
      vnet.host().exec("true").start().waitFor();
      long before = new Thread().getId(); // counts the threads
      for (int i = 0; i < 30; i++) {
        vnet.host().exec("true").start().waitFor();
      }
      // The thread for all programs may end and start again.
      assertThat(new Thread().getId() - before).isLessThan(15);
    }
  }

  @Test
  void a_new_stack_has_the_documented_settings() {
    try (Vnet vnet = Machine.sandbox()) {
      Jail jail = vnet.host().jail("web").create();
      String script =
          """
          cd /proc/sys/net
          for f in forwarding rp_filter accept_redirects secure_redirects send_redirects \
              arp_accept arp_announce arp_filter arp_ignore arp_notify proxy_arp route_localnet; do
            echo 4 $f $(cat ipv4/conf/all/$f ipv4/conf/default/$f)
          done
          for f in forwarding disable_ipv6 accept_ra accept_redirects autoconf proxy_ndp \
              use_tempaddr; do
            echo 6 $f $(cat ipv6/conf/all/$f ipv6/conf/default/$f)
          done
          echo $(cat ipv4/conf/all/accept_source_route ipv6/conf/all/keep_addr_on_down)
          """;
      for (NetworkStack stack : List.of(vnet.host(), jail)) {
        assertThat(stack.exec("sh", "-c", script).run(Duration.ofSeconds(10)).out().lines())
            .containsExactly(
                "4 forwarding 0 0",
                "4 rp_filter 0 0",
                "4 accept_redirects 1 1",
                "4 secure_redirects 1 1",
                "4 send_redirects 1 1",
                "4 arp_accept 0 0",
                "4 arp_announce 0 0",
                "4 arp_filter 0 0",
                "4 arp_ignore 0 0",
                "4 arp_notify 0 0",
                "4 proxy_arp 0 0",
                "4 route_localnet 0 0",
                "6 forwarding 0 0",
                "6 disable_ipv6 0 0",
                "6 accept_ra 1 1",
                "6 accept_redirects 1 1",
                "6 autoconf 1 1",
                "6 proxy_ndp 0 0",
                "6 use_tempaddr 0 0",
                "0 1");
      }
    }
  }

  @Test
  void no_other_program_replaces_the_address_of_an_epair() {
    try (Vnet vnet = Machine.sandbox()) {
      Jail jail = vnet.host().jail("web").create();
      vnet.host().epair().names("e0", "e1").vnet(jail).create();
      for (NetworkStack stack : List.of(vnet.host(), jail)) {
        String file = "/sys/class/net/e" + (stack == jail ? 1 : 0) + "/addr_assign_type";
        assertThat(stack.exec("cat", file).run(Duration.ofSeconds(10)).out())
            .as("NET_ADDR_SET")
            .isEqualTo("3\n");
      }
    }
  }

  @Test
  void the_jails_of_a_sandbox_are_found_by_name_and_bound_to_none() {
    try (Vnet vnet = Machine.sandbox()) {
      Programs.need("ip");
      Jail outer = vnet.host().jail("outer").childrenMax(1).create();
      Jail inner = outer.jail("inner").create();
      assertThat(vnet.findJail("outer.inner")).containsSame(inner);
      assertThat(vnet.host().exec("ip", "netns", "list").run(Duration.ofSeconds(10)).out())
          .isEmpty();
      assertThat(inner.exec("true").run(Duration.ofSeconds(10)).status()).isZero();
      outer.remove();
      assertThat(vnet.findJail("outer.inner")).isEmpty();
    }
  }

  /** A removal asks the helper from the first program on. */
  @Test
  void a_removal_kills_the_programs_of_a_jail_without_a_name() throws Exception {
    try (Vnet vnet = Machine.sandbox()) {
      vnet.host().jail("before").create().remove();
      Jail jail = vnet.host().jail("web").create();
      Process program = jail.exec("sleep", "1000").start();
      jail.remove();
      assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_kind_of_interface_the_kernel_has_not_is_a_typed_error() {
    try (Vnet vnet = Machine.sandbox()) {
      assumeFalse(vnet.has(Capability.VLAN), "this kernel has 802.1Q");
      NetInterface lo = vnet.host().iface("lo");
      assertThatThrownBy(() -> vnet.host().vlan(lo, 7).create())
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("VLAN");
    }
  }

  @Test
  void further_loopback_interfaces_and_jail_parameters_are_said_to_be_missing() {
    try (Vnet vnet = Machine.sandbox()) {
      assertThatThrownBy(() -> vnet.host().loopback().create())
          .isInstanceOf(Vnet.UnsupportedException.class);
      assertThatThrownBy(() -> vnet.host().jail("web").param("allow.raw_sockets", true).create())
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("allow.raw_sockets");
      assertThat(vnet.jls()).isEmpty();
    }
  }

  @Test
  void the_machines_own_stacks_are_not_for_ordinary_users_and_the_error_says_what_is() {
    assumeFalse(Machine.mayChangeTheMachine(), "this user may change the machine's own stacks");
    assertThatThrownBy(Vnet::open)
        .isInstanceOf(Vnet.NotPermittedException.class)
        .hasMessageContaining("EPERM")
        .hasMessageContaining("Vnet.sandbox()");
  }

  @Test
  void the_tests_of_this_module_run_on_the_module_path() {
    assertThat(Vnet.class.getModule().isNamed()).isTrue();
    assertThat(LinuxProvider.class.getModule().getName()).isEqualTo("org.vnet4j.kernels");
  }

  @Test
  void it_all_works_on_the_class_path_too() throws Exception {
    Machine.sandbox().close();
    Process jvm = Jvm.start(OnTheClassPath.class);
    String out = new String(jvm.getInputStream().readAllBytes());

    assertThat(jvm.waitFor()).as(out).isZero();
    assertThat(out).contains("unnamed module").contains("1 packets received");
  }

  /** Pings along an epair, and prints the module of the library. */
  static final class OnTheClassPath {
    private OnTheClassPath() {}

    public static void main(String[] args) {
      try (Vnet vnet = Vnet.sandbox()) {
        System.out.println(Vnet.class.getModule());
        Jail jail = vnet.host().jail("web").create();
        vnet.host().epair().vnet(jail).create().b().inet("192.0.2.2/24").up();
        vnet.host().iface("epair0a").inet("192.0.2.1/24").up();
        System.out.println(vnet.host().ping("192.0.2.2").count(1).run());
      }
    }
  }
}
