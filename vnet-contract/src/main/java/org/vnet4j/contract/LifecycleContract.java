// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.Transaction;
import org.vnet4j.Vnet;
import org.vnet4j.net.InterfaceKind;

/** Jails are created and removed. */
public abstract class LifecycleContract extends Contract {

  @Test
  void a_new_jail_is_there_with_an_empty_stack() {
    Jail jail = jail("web");

    assertThat(jail.exists()).isTrue();
    assertThat(jail.jid()).isPositive();
    assertThat(jail.name()).isEqualTo("web");
    assertThat(jail.parent()).isSameAs(host);
    assertThat(jail.ifconfig())
        .filteredOn(info -> !info.groups().contains(InterfaceInfo.FALLBACK))
        .extracting(InterfaceInfo::kind)
        .containsOnly(InterfaceKind.LOOPBACK);
    assertThat(vnet.jails()).containsExactly(jail);
  }

  @Test
  void a_jail_tells_whether_it_persists() {
    Jail stays = host.jail("stays").persist().create();
    Jail goes = host.jail("goes").create();

    assertThat(stays.info().persist()).isTrue();
    assertThat(goes.info().persist()).isFalse();
    assertThat(goes.info().name()).isEqualTo("goes");
    assertThat(goes.info().dying()).isFalse();
  }

  @Test
  void a_jail_is_found_by_name_and_by_number() {
    Jail jail = jail("web");

    assertThat(vnet.findJail("web")).containsSame(jail);
    assertThat(vnet.findJail(jail.jid())).containsSame(jail);
    assertThat(vnet.findJail("mail")).isEmpty();
    assertThat(vnet.findJail(jail.jid() + 1000)).isEmpty();
  }

  @Test
  void a_removed_jail_is_gone() {
    Jail jail = jail("web");

    jail.remove();

    assertThat(jail.exists()).isFalse();
    assertThat(vnet.findJail("web")).isEmpty();
    assertThat(vnet.findJail(jail.jid())).isEmpty();
    assertThat(vnet.jls()).isEmpty();
    assertThat(jail).hasToString("web (removed)");
  }

  @Test
  void removing_a_jail_may_be_repeated() {
    Jail jail = jail("web");
    Jail namesake;

    jail.remove();
    jail.remove();
    namesake = jail("web");
    jail.remove();

    assertThat(jail.exists()).isFalse();
    assertThat(namesake.exists()).isTrue();
  }

  @Test
  void closing_a_jail_removes_it_and_may_be_repeated() {
    Jail jail = jail("web");

    jail.close();
    jail.close();

    assertThat(vnet.jls()).isEmpty();
  }

  @Test
  void a_jail_in_a_try_statement_is_gone_after_it() {
    try (Jail jail = jail("web")) {
      assertThat(jail.exists()).isTrue();
    }

    assertThat(vnet.jls()).isEmpty();
  }

  @Test
  void closing_a_jail_that_persists_lets_it_stay_until_it_is_removed() {
    Jail made;
    try (Jail jail = host.jail("web").persist().create()) {
      made = jail;
    }
    assertThat(made.exists()).isTrue();
    assertThat(made.info().persist()).isTrue();
    vnet.findJail("web").orElseThrow().close();
    assertThat(made.exists()).isTrue();

    made.remove();

    assertThat(vnet.jls()).isEmpty();
    made.close();
  }

  @Test
  void undoing_a_transaction_removes_a_jail_that_persists() {
    try (Transaction tx = vnet.transaction()) {
      tx.made(host.jail("web").persist().create());
    }

    assertThat(vnet.jls()).isEmpty();
  }

  @Test
  void a_name_may_be_used_again_and_the_old_handle_stays_dead() {
    Jail old = jail("web");
    old.remove();

    Jail fresh = jail("web");

    assertThat(fresh.exists()).isTrue();
    assertThat(fresh.jid()).isNotEqualTo(old.jid());
    assertThat(old.exists()).isFalse();
    assertThatThrownBy(old::ifconfig).isInstanceOf(Jail.NotFoundException.class);
  }

  @Test
  void a_hostname_is_set_at_creation_and_changed_later() {
    Jail jail = host.jail("web").hostname("one.example").create();
    assertThat(jail.info().hostname()).isEqualTo("one.example");

    jail.hostname("two.example");

    assertThat(jail.info().hostname()).isEqualTo("two.example");
  }

  @Test
  void processes_in_a_jail_see_its_hostname() {
    needsTraffic();
    Jail jail = host.jail("web").hostname("web.example").create();

    assertThat(jail.exec("uname", "-n").run(Duration.ofSeconds(10)).out())
        .isEqualTo("web.example\n");
  }

  @Test
  void two_sandboxes_do_not_see_each_other() {
    Jail mine = jail("web");
    try (Vnet other = sandbox()) {
      Jail theirs = other.host().jail("web").create();

      assertThat(other.jails()).containsExactly(theirs);
      assertThat(vnet.jails()).containsExactly(mine);

      cable(host, mine);
      assertThat(names(other.host())).doesNotContain("c0a");
      assertThat(names(theirs)).doesNotContain("c0b");
    }
    assertThat(mine.exists()).isTrue();
  }

  @Test
  void a_closed_sandbox_refuses_everything_and_closes_again() {
    Jail jail = jail("web");

    vnet.close();
    vnet.close();

    assertThatThrownBy(vnet::jls).isInstanceOf(Vnet.ClosedException.class);
    assertThatThrownBy(host::ifconfig).isInstanceOf(Vnet.ClosedException.class);
    assertThatThrownBy(jail::info).isInstanceOf(Vnet.ClosedException.class);
    assertThatThrownBy(() -> host.jail("mail").create()).isInstanceOf(Vnet.ClosedException.class);
    assertThat(vnet).hasToString("Vnet (closed)");
    jail.close();
  }
}
