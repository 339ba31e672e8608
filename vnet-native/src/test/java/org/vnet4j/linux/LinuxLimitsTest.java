// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.StackEvent;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.contract.kit.Programs;

/** Reaches each limit and exceeds it by one: jails, descriptors, threads. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
class LinuxLimitsTest {
  private static final int JAILS = 1000;

  @Test
  @Timeout(240)
  void one_jail_more_than_there_may_be_is_refused_and_each_of_the_others_is_whole() {
    try (Vnet vnet = Machine.sandbox()) {
      Jail outer = vnet.host().jail("outer").childrenMax(JAILS).create();
      List<Jail> jails = new ArrayList<>();
      for (int i = 0; i < JAILS; i++) {
        jails.add(outer.jail("j" + i).create());
      }
      assertThatThrownBy(() -> outer.jail("more").create())
          .isInstanceOf(Jail.LimitException.class)
          .hasMessageContaining("childrenMax(" + (JAILS + 1) + ")");
      assertThat(vnet.jls()).hasSize(JAILS + 1);

      NetInterface end = outer.epair().vnet(jails.get(JAILS - 1)).create().b();
      assertThat(end.inet("192.0.2.1/24").addresses()).hasSize(1);
      jails.get(0).remove();
      assertThat(outer.jail("more").create().ifconfig()).hasSize(1);
      outer.remove();

      assertThat(vnet.jls()).isEmpty();
      vnet.host().jail("again").create().remove();
    }
  }

  @Test
  @Timeout(240)
  void when_the_helpers_descriptors_run_out_the_error_says_so_and_all_works_again_afterwards()
      throws Exception {
    Programs.need("prlimit");
    Machine.sandbox().close();
    isFine(Jvm.start(FewDescriptorsOfTheHelper.class));
  }

  @Test
  @Timeout(240)
  void when_threads_run_out_the_error_says_so_and_all_works_again_afterwards() throws Exception {
    Machine.sandbox().close();
    Path group = pidsGroup();
    try {
      isFine(Jvm.start(FewThreads.class, group.toString()));
    } finally {
      Path members = group.resolve("cgroup.procs");
      Await.until("the group is empty", () -> Files.readString(members).isEmpty());
      Files.delete(group);
    }
  }

  private static void isFine(Process jvm) throws Exception {
    try {
      String said = jvm.inputReader().readLine();
      while (said != null && !said.startsWith("ok")) {
        System.out.println(said);
        said = jvm.inputReader().readLine();
      }
      assertThat(said).isNotNull();
      System.out.println("LinuxLimitsTest: " + said);
      jvm.waitFor();
    } finally {
      jvm.destroyForcibly();
    }
  }

  /** Creates a control group that limits threads, or skips the test. */
  private static Path pidsGroup() {
    String name = "vnet4j-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    for (String root : List.of("/sys/fs/cgroup/pids", "/sys/fs/cgroup")) {
      Path group = Path.of(root, name);
      try {
        Files.createDirectory(group);
        if (Files.isWritable(group.resolve("pids.max"))) {
          return group;
        }
        Files.delete(group);
      } catch (IOException e) {
        continue; // another root may work
      }
    }
    return abort("no control group here may limit threads (pids.max)");
  }

  private static String outcome(Vnet vnet, int refused) {
    boolean empty = vnet.jails().isEmpty() && vnet.host().ifconfig().size() == 1;
    return (empty && refused > 0 ? "ok: " : "wrong: " + vnet.jails() + " ")
        + refused
        + " refusals, then all worked again";
  }

  /** Runs with 0, 1, 2 ... free descriptors in the helper. */
  static final class FewDescriptorsOfTheHelper {
    private FewDescriptorsOfTheHelper() {}

    public static void main(String[] args) throws Exception {
      int refused = 0;
      try (Vnet vnet = Vnet.sandbox()) {
        LinuxHardshipTest.FewDescriptors.use(vnet);
        String pid = Long.toString(Jvm.ownHelper().pid());
        int open = Path.of("/proc", pid, "fd").toFile().list().length;
        for (int room = 0; room < 10; room++) {
          limit(pid, open + room);
          try {
            LinuxHardshipTest.FewDescriptors.use(vnet);
          } catch (VnetException e) {
            refused++;
            if (!e.toString().contains("EMFILE")) {
              e.printStackTrace(System.out);
            }
          }
          limit(pid, 1024);
          vnet.jails().forEach(Jail::remove); // now removable
          LinuxHardshipTest.FewDescriptors.use(vnet);
        }
        System.out.println(outcome(vnet, refused));
      }
    }

    private static void limit(String pid, int descriptors) throws Exception {
      String limit = "--nofile=" + descriptors + ":4096";
      if (new ProcessBuilder("prlimit", "--pid", pid, limit).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException("prlimit");
      }
    }
  }

  /**
   * Runs with none, and then with some 0, 1, 2 ... free threads and processes: idle ones may end
   * meanwhile. The argument is its control group.
   */
  static final class FewThreads {
    private FewThreads() {}

    public static void main(String[] args) throws Exception {
      Path group = Path.of(args[0]);
      Files.writeString(group.resolve("cgroup.procs"), "0");
      int refused = 0;
      try (Vnet vnet = Vnet.sandbox()) {
        use(vnet);
        for (int room = -1; room < 5; room++) {
          String now = Files.readString(group.resolve("pids.current")).strip();
          int most = room < 0 ? 1 : Integer.parseInt(now) + room;
          Files.writeString(group.resolve("pids.max"), Integer.toString(most));
          try {
            use(vnet);
          } catch (VnetException e) {
            refused++;
            if (!e.toString().contains("EAGAIN")) {
              e.printStackTrace(System.out);
            }
          }
          Files.writeString(group.resolve("pids.max"), "max");
          vnet.jails().forEach(Jail::remove);
          use(vnet);
        }
        System.out.println(outcome(vnet, refused));
      }
    }

    private static void use(Vnet vnet) throws Exception {
      LinuxHardshipTest.FewDescriptors.use(vnet);
      try (Jail jail = vnet.host().jail("y").create()) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        jail.events()
            .subscribe(
                new Flow.Subscriber<StackEvent>() {
                  @Override
                  public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                  }

                  @Override
                  public void onNext(StackEvent event) {}

                  @Override
                  public void onError(Throwable error) {
                    end.completeExceptionally(error);
                  }

                  @Override
                  public void onComplete() {
                    end.complete(null);
                  }
                });
        jail.remove();
        end.get();
      }
    }
  }

  @Test
  @Timeout(240)
  void programs_that_write_without_end_do_not_fill_the_heap() throws Exception {
    Process process = Jvm.start(EndlessOutput.class);

    assertThat(new String(process.getInputStream().readAllBytes()).lines())
        .containsExactly("limit", "limit", "limit", "limit");
    assertThat(process.waitFor()).isZero();
  }
}
