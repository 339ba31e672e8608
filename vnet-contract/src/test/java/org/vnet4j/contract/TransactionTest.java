// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.Transaction;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.memory.MemoryKernel;
import org.vnet4j.spi.StackParts;

/** What was made is removed in reverse order, unless it was committed. */
class TransactionTest {
  private final Vnet vnet = StackParts.vnet(new MemoryKernel());
  private final Host host = vnet.host();

  @AfterEach
  void close() {
    vnet.close();
  }

  private List<String> interfaces() {
    return host.ifconfig().stream().map(InterfaceInfo::name).toList();
  }

  @Test
  void an_error_takes_everything_back_the_youngest_first() {
    List<String> undone = new ArrayList<>();

    assertThatThrownBy(
            () -> {
              try (Transaction tx = vnet.transaction()) {
                tx.onUndo("first", () -> undone.add("first"));
                Epair cable = tx.made(host.epair().create());
                tx.made(host.jail("web").persist().vnet(cable.b()).create());
                Bridge bridge = tx.made(host.bridge().create());
                bridge.add(cable.a());
                tx.onUndo("second", () -> undone.add("second"));
                host.jail("web").create();
                tx.commit();
              }
            })
        .isInstanceOf(Jail.NameTakenException.class)
        .hasNoSuppressedExceptions();

    assertThat(undone).containsExactly("second", "first");
    assertThat(vnet.jls()).isEmpty();
    assertThat(interfaces()).containsExactly("lo0");
  }

  @Test
  void what_was_committed_stays_and_what_came_after_goes() {
    try (Transaction tx = vnet.transaction()) {
      tx.made(host.jail("stays").create());
      tx.commit();
      tx.made(host.jail("goes").create());
    }

    assertThat(vnet.jls()).extracting(JailInfo::name).containsExactly("stays");
  }

  @Test
  void what_is_gone_already_is_no_failure() {
    try (Transaction tx = vnet.transaction()) {
      tx.made(host.epair().create()).destroy();
      Jail jail = tx.made(host.jail("web").create());
      tx.made((NetInterface) jail.bridge().create());
      jail.remove();
    }

    assertThat(interfaces()).containsExactly("lo0");
  }

  @Test
  void steps_that_fail_do_not_keep_the_others_and_all_are_told() {
    assertThatThrownBy(
            () -> {
              try (Transaction tx = vnet.transaction()) {
                tx.onUndo("the oldest", TransactionTest::fail);
                tx.made(host.jail("web").create());
                tx.onUndo("the youngest", TransactionTest::fail);
                throw new IllegalStateException("why");
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .satisfies(
            e -> {
              Throwable first = e.getSuppressed()[0];
              assertThat(first)
                  .isInstanceOf(Transaction.UndoException.class)
                  .hasMessageContaining("the youngest");
              assertThat(first.getSuppressed()[0]).hasMessageContaining("the oldest");
            });
    assertThat(vnet.jls()).isEmpty();
  }

  @Test
  void an_interrupted_thread_undoes_and_stays_interrupted() {
    try (Transaction tx = vnet.transaction()) {
      tx.made(host.jail("web").create());
      Thread.currentThread().interrupt();
    }

    assertThat(Thread.interrupted()).isTrue();
    assertThat(vnet.jls()).isEmpty();
  }

  private static void fail() {
    throw new VnetException("no");
  }
}
