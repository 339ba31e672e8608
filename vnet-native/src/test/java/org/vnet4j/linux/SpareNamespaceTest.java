// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.net.Errno;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Fd;

/** An idle helper makes namespaces ahead, once one was created. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
@Timeout(120)
final class SpareNamespaceTest {
  private static final int SPARES = 2;
  private static final Path LIMIT = Path.of("/proc/sys/user/max_net_namespaces");
  private static final SocketKind UDP = new SocketKind(2, 2, 0);
  private static final String KEPT = "net/ipv6/conf/all/keep_addr_on_down";

  @BeforeEach
  void needs_a_sandbox() {
    Machine.sandbox().close();
  }

  /** Returns the network namespaces that a process holds open. */
  private static Set<String> held(long pid) throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path one : (Iterable<Path>) descriptors::iterator) {
        try {
          String target = Files.readSymbolicLink(one).toString();
          if (target.startsWith("net:")) {
            found.add(target);
          }
        } catch (IOException e) {
          continue; // closed meanwhile
        }
      }
    }
    return found;
  }

  /** Waits until a helper has its spares; returns them and its own namespace. */
  private static Set<String> whole(long helper) {
    Await.until("the spares are made", () -> held(helper).size() == 1 + SPARES);
    try {
      return held(helper);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(Fd namespace) {
    return namespace.use(
        fd -> {
          try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void a_spare_namespace_is_taken_and_is_like_any_other() {
    try (Helper helper = HelperProgram.sandbox();
        Helper.Namespace first = helper.createNamespace("", false, List.of(UDP))) {
      Set<String> spares = whole(helper.pid());
      try (Helper.Namespace taken = helper.createNamespace("", false, List.of(UDP));
          Helper.Namespace named = helper.createNamespace("web", true, List.of());
          Helper.Namespace found = helper.findNamespace("web")) {
        assertThat(spares).contains(name(taken.fd()));
        assertThat(found.cookie()).isEqualTo(named.cookie());
        assertThat(Set.of(first.cookie(), taken.cookie(), named.cookie())).hasSize(3);
        for (Helper.Namespace one : List.of(first, taken, named)) {
          String value =
              US_ASCII.decode(helper.sysctl(StackRef.namespace(one.fd()), KEPT)).toString();
          assertThat(value.strip()).isEqualTo("1");
        }
        assertThat(whole(helper.pid())).doesNotContain(name(taken.fd()), name(named.fd()));
      }
    }
  }

  /** Another helper, which made its own meanwhile, shows that there was time enough. */
  @Test
  void a_helper_that_created_no_namespace_makes_none() throws Exception {
    try (Helper idle = HelperProgram.sandbox();
        Helper other = HelperProgram.sandbox()) {
      idle.socket(StackRef.own(), UDP).close();
      other.createNamespace("", false).close();
      whole(other.pid());
      assertThat(held(idle.pid())).hasSize(1);
    }
  }

  /** A program and a child process beside it do not disturb the thread that makes them. */
  @Test
  void spares_are_made_while_programs_run() throws Exception {
    try (Vnet vnet = Vnet.sandbox()) {
      Jail jail = vnet.host().jail("web").create();
      Process program = jail.exec("cat").start();
      long helper = Jvm.ownHelper().pid();
      whole(helper);
      for (int i = 0; i < 5; i++) {
        Jail one = vnet.host().jail("j" + i).create();
        assertThat(one.exec("true").start().waitFor()).isZero();
        whole(helper);
        one.remove();
      }
      assertThat(program.isAlive()).isTrue();
    }
  }

  @Test
  void spares_take_nothing_from_the_number_of_namespaces_that_are_permitted() throws Exception {
    Programs.need("unshare");
    assumeThat(Machine.mayChangeTheMachine()).as("needs root").isTrue();
    Process scene = Jvm.startAlone(List.of("unshare", "-U", "-r"), LimitScene.class);
    assertThat(Jvm.linesOf(scene)).containsExactly("5 jails, then ENOSPC", "5 jails, then ENOSPC");
  }

  /** The kernel has made it for the thread, which returns from unshare(2) half a second later. */
  @Test
  void the_last_namespace_is_taken_while_it_is_being_made() throws Exception {
    Programs.need("unshare");
    Programs.need("strace");
    assumeThat(Machine.mayChangeTheMachine()).as("needs root").isTrue();
    List<String> slowed = new ArrayList<>(List.of("unshare", "-U", "-r", "strace", "-f", "-qq"));
    slowed.addAll(List.of("-o", "/dev/null", "-e", "trace=unshare"));
    slowed.addAll(List.of("-e", "inject=unshare:delay_exit=500000"));
    Process scene = Jvm.startAlone(slowed, LastScene.class);
    assertThat(Jvm.linesOf(scene)).containsExactly("two jails");
  }

  /** A user may have three namespaces: that of the sandbox, and two jails. */
  static final class LastScene {
    private LastScene() {}

    public static void main(String[] args) throws Exception {
      Files.writeString(LIMIT, "3");
      try (Vnet vnet = Vnet.sandbox()) {
        File threads = new File("/proc/" + Jvm.ownHelper().pid() + "/task");
        vnet.host().jail("first").create();
        Await.until("a spare is being made", () -> threads.list().length == 2);
        vnet.host().jail("second").create();
        System.out.println("two jails");
      }
    }
  }

  /** A user may have six namespaces: that of the sandbox, and five jails. */
  static final class LimitScene {
    private LimitScene() {}

    public static void main(String[] args) throws Exception {
      Files.writeString(LIMIT, "6");
      try (Vnet vnet = Vnet.sandbox()) {
        long helper = Jvm.ownHelper().pid();
        List<Jail> jails = new ArrayList<>();
        System.out.println(fill(vnet, jails, helper));
        jails.remove(0).remove();
        Await.until("one more is permitted", () -> created(vnet, jails));
        System.out.println(fill(vnet, jails, helper));
      }
    }

    /** Creates jails until no more are permitted; lets the helper make spares after each. */
    private static String fill(Vnet vnet, List<Jail> jails, long helper) {
      try {
        while (true) {
          jails.add(vnet.host().jail("j" + System.nanoTime()).create());
          int spares = Math.min(SPARES, 5 - jails.size());
          Await.until("the spares are made", () -> held(helper).size() == 1 + spares);
        }
      } catch (VnetException e) {
        return jails.size() + " jails, then " + e.kernelError().orElseThrow().name();
      }
    }

    private static boolean created(Vnet vnet, List<Jail> jails) {
      try {
        return jails.add(vnet.host().jail("j" + System.nanoTime()).create());
      } catch (VnetException e) {
        if (!e.isErrno(Errno.ENOSPC)) {
          throw e;
        }
        return false; // the kernel has not destroyed the namespace of the removed jail yet
      }
    }
  }
}
