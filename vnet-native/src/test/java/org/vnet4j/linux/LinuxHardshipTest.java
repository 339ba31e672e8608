// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.posix.Failures;

/** Tests other programs' changes, interrupts, killed helpers, and descriptors that run out. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
@Timeout(240)
class LinuxHardshipTest {
  private final String prefix = "h" + ProcessHandle.current().pid() + "x";

  private static void needTheMachine() {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root on the machine's own network");
  }

  @Test
  void a_jail_that_another_vnet_removed_is_gone_and_swallows_nothing() {
    needTheMachine();
    try (Vnet one = Vnet.open();
        Vnet two = Vnet.open();
        Epair cable = two.host().epair().names(prefix + "a", prefix + "b").create()) {
      Jail made = one.host().jail(prefix).persist().create();
      Jail found = two.findJail(prefix).orElseThrow();
      assertThat(found.ifconfig()).hasSize(1);
      made.remove();
      assertThatThrownBy(found::ifconfig).isInstanceOf(Jail.NotFoundException.class);
      assertThatThrownBy(() -> cable.b().vnet(found)).isInstanceOf(Jail.NotFoundException.class);
      assertThat(cable.b().up().isUp()).isTrue();
    }
  }

  @Test
  void an_interrupted_thread_creates_and_removes_and_stays_interrupted() {
    needTheMachine();
    try (Vnet vnet = Vnet.open();
        Epair cable = vnet.host().epair().names(prefix + "a", prefix + "b").create()) {
      Thread.currentThread().interrupt();
      Jail jail = vnet.host().jail(prefix).vnet(cable.b()).create();
      jail.hostname("www").remove();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(cable.b().stack()).isSameAs(vnet.host());
      assertThat(vnet.jails()).noneMatch(other -> other.name().equals(prefix));
    }
  }

  @Test
  void a_close_after_the_helper_was_killed_still_removes_jails_and_brings_home_what_was_lent() {
    needTheMachine();
    Set<Long> before = Jvm.helpers();
    Vnet vnet = Vnet.open();
    long helper = Jvm.newHelper(before);
    vnet.host().epair().names(prefix + "a", prefix + "b").create();
    vnet.host().jail(prefix + "1").vnet(vnet.host().iface(prefix + "b")).create();
    vnet.host().jail(prefix + "2").childrenMax(1).create().jail("in").create();
    ProcessHandle.of(helper).orElseThrow().destroyForcibly();
    assertThatThrownBy(() -> vnet.host().jail(prefix + "3").create())
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("is gone");
    vnet.close();
    assertThat(Path.of("/run/netns", prefix + "1")).doesNotExist();
    assertThat(Path.of("/run/netns", prefix + "2")).doesNotExist();
    try (Vnet next = Vnet.open()) {
      assertThat(next.jails()).noneMatch(jail -> jail.name().startsWith(prefix));
      next.host().iface(prefix + "b").destroy();
    }
  }

  @Test
  void a_close_while_the_helper_is_stopped_ends_and_leaves_nothing() throws Exception {
    needTheMachine();
    Set<Long> before = Jvm.helpers();
    System.setProperty("org.vnet4j.helper.patience", "2");
    Vnet vnet = Vnet.open();
    System.clearProperty("org.vnet4j.helper.patience");
    long helper = Jvm.newHelper(before);
    vnet.host().epair().names(prefix + "a", prefix + "b").create();
    Jail jail = vnet.host().jail(prefix).vnet(vnet.host().iface(prefix + "b")).create();
    Process sleeper = jail.exec("sleep", "1000").start();
    Jvm.signal("STOP", helper);
    Await.stopped(helper);
    vnet.close(); // without a limit it would wait for ever
    sleeper.waitFor();
    assertThat(Path.of("/run/netns", prefix)).doesNotExist();
    assertThat(before).as("children of before").containsAll(Jvm.helpers());
    try (Vnet next = Vnet.open()) {
      assertThat(next.jails()).noneMatch(other -> other.name().startsWith(prefix));
      next.host().iface(prefix + "b").destroy();
    }
  }

  @Test
  void two_jvms_that_want_the_same_names_lose_no_jail_and_no_record() throws Exception {
    needTheMachine();
    Process one = Jvm.start(SameNames.class, prefix);
    Process two = Jvm.start(SameNames.class, prefix);
    try {
      assertThat(one.inputReader().readLine()).startsWith("ok ");
      assertThat(two.inputReader().readLine()).startsWith("ok ");
      one.waitFor();
      two.waitFor();
      assertThat(Path.of("/run/netns", prefix)).doesNotExist();
    } finally {
      one.destroyForcibly();
      two.destroyForcibly();
    }
  }

  /**
   * Creates and removes jails of one name for two seconds, and once at least; it must be able to
   * remove each jail that it created.
   */
  static final class SameNames {
    private SameNames() {}

    public static void main(String[] args) {
      int made = 0;
      try (Vnet vnet = Vnet.open()) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (System.nanoTime() < end || made == 0) {
          try {
            Jail jail = vnet.host().jail(args[0]).persist().create();
            jail.remove();
            made++;
          } catch (Jail.NameTakenException e) {
            Thread.onSpinWait();
          }
        }
        System.out.println("ok " + made);
      } catch (RuntimeException e) {
        System.out.println(e);
      }
    }
  }

  @Test
  void when_descriptors_run_out_the_error_says_so_and_nothing_half_made_is_left() throws Exception {
    Programs.need("prlimit");
    Machine.sandbox().close();
    Process jvm = Jvm.start(FewDescriptors.class);
    try {
      String said = jvm.inputReader().readLine();
      while (said != null && !said.startsWith("ok")) {
        System.out.println(said);
        said = jvm.inputReader().readLine();
      }
      assertThat(said).isEqualTo("ok");
    } finally {
      jvm.destroyForcibly();
    }
  }

  /** Creates a jail and starts a program with 0, 1, 2 ... free descriptors. */
  static final class FewDescriptors {
    private FewDescriptors() {}

    public static void main(String[] args) throws Exception {
      try (Vnet vnet = Vnet.sandbox()) {
        use(vnet);
        new Failures(); // loads the class: loading needs a descriptor, too
        String self = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("prlimit", "--pid", self, "--nofile=300:300").start().waitFor();
        ArrayDeque<FileInputStream> all = new ArrayDeque<>();
        int refused = 0;
        for (int room = 0; room < 16; room++) {
          fill(all);
          for (int i = 0; i < room; i++) {
            all.removeLast().close();
          }
          try {
            use(vnet);
          } catch (VnetException e) {
            refused++;
            if (!e.toString().contains("EMFILE") || e.getSuppressed().length > 0) {
              e.printStackTrace(System.out);
            }
          }
        }
        for (FileInputStream one : all) {
          one.close();
        }
        use(vnet);
        boolean empty = vnet.jails().isEmpty() && vnet.host().ifconfig().size() == 1;
        System.out.println(empty && refused > 2 ? "ok" : vnet.jails() + " refused " + refused);
      }
    }

    static void use(Vnet vnet) throws Exception {
      try (Jail jail = vnet.host().jail("x").create();
          Epair cable = jail.epair().create()) {
        NetInterface end = cable.a();
        end.inet("192.0.2.1/24").up();
        jail.exec("true").start().waitFor();
      }
    }

    private static void fill(ArrayDeque<FileInputStream> all) {
      try {
        while (true) {
          all.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException full) {
        return;
      }
    }
  }
}
