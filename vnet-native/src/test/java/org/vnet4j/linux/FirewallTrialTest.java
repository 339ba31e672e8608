// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Capability;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Trial;
import org.vnet4j.linux.nftables.FirewallModel;
import org.vnet4j.linux.nftables.FirewallStore;
import org.vnet4j.linux.nftables.NftProgram;
import org.vnet4j.linux.registry.MemoryRegistry;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.TrialDriver;

/** Tests the end of a trial in one stack: which locks it needs, and which notes it believes. */
@Timeout(240)
@EnabledOnOs(value = OS.LINUX, disabledReason = "nf_tables is Linux's")
final class FirewallTrialTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private LinuxKernel kernel;
  private LinuxStack host;
  private Runnable beforeCancel = () -> {};

  @BeforeEach
  void open() {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    Helper helper = observed(HelperProgram.sandbox());
    kernel = new LinuxKernel(helper, true, new MemoryRegistry(), "test", Set.of());
    host = kernel.stack(Kernel.HOST);
  }

  @AfterEach
  void close() {
    if (kernel != null) {
      kernel.close();
    }
  }

  private Helper observed(Helper helper) {
    return (Helper)
        Proxy.newProxyInstance(
            Helper.class.getClassLoader(),
            new Class<?>[] {Helper.class},
            (self, method, arguments) -> {
              if (method.getName().equals("cancel")) {
                beforeCancel.run();
              }
              try {
                return method.invoke(helper, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private FirewallStore store(UnaryOperator<FirewallModel> compiled) {
    assumeTrue(kernel.capabilities().contains(Capability.IPFW), "this kernel has no nf_tables");
    FirewallModel fresh = FirewallModel.fresh(true, Rules.allow().ip());
    FirewallStore store =
        new FirewallStore(
            host,
            "vnet4j_test",
            "a test",
            model -> {
              compiled.apply(model);
              return new NftProgram();
            },
            () -> fresh);
    store.create(fresh);
    return store;
  }

  private static String note(FirewallStore store) {
    return store.model().notes().get("trial");
  }

  @Test
  void a_stack_that_is_being_closed_can_be_used_to_restore_rules() {
    List<Boolean> used = new CopyOnWriteArrayList<>();
    SocketKind kind = new SocketKind(Abi.AF_INET, 2, 0);
    try (Fd socket = kernel.helper().socket(host.ref(), kind)) {
      Runnable restore =
          () -> {
            host.closeSockets();
            new Thread(() -> used.add(host.has("lo"))).start();
            Await.until("the other thread has used the stack", () -> !used.isEmpty());
          };
      host.deferredActions().arm(LONG, new Helper.Deferred.Send(socket, new byte[] {1}), restore);
      beforeCancel =
          () -> {
            throw new Helper.LostException("killed");
          };

      host.close();
    }

    assertThat(used).containsExactly(true);
  }

  @Test
  void a_trial_that_cannot_begin_is_undone_while_the_firewall_can_be_used() {
    List<FirewallModel> read = new CopyOnWriteArrayList<>();
    FirewallStore store =
        store(
            model -> {
              if (model.notes().containsKey("trial")) {
                throw new VnetException("no");
              }
              return model;
            });
    beforeCancel =
        () -> {
          new Thread(() -> read.add(store.model())).start();
          Await.until("the other thread has read the firewall", () -> !read.isEmpty());
        };

    assertThatThrownBy(() -> store.changeOnTrial("load", UnaryOperator.identity(), LONG))
        .hasMessage("no")
        .hasNoSuppressedExceptions();

    beforeCancel = () -> {};
    assertThat(read).hasSize(1);
  }

  /** Two programs in one JVM have the same number, and may begin trials in the same second. */
  @Test
  void a_confirmed_trial_is_not_taken_for_that_of_another_with_the_same_note() {
    FirewallStore one = store(UnaryOperator.identity());
    FirewallStore other = store(UnaryOperator.identity());
    TrialDriver trial;
    String confirmed;
    do {
      TrialDriver first = one.changeOnTrial("load", UnaryOperator.identity(), LONG);
      confirmed = note(one);
      first.confirm();
      trial = other.changeOnTrial("load", UnaryOperator.identity(), LONG);
      if (!note(other).equals(confirmed)) {
        trial.restore();
      }
    } while (!confirmed.equals(note(other)));

    assertThatThrownBy(() -> one.change("add", model -> model.note("key", "text")))
        .isInstanceOf(Trial.InProgressException.class);
    trial.restore();
  }
}
