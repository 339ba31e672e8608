// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.Jail.LimitException;

/** Jails in jails, as many as each parent permits. */
public abstract class NestingContract extends Contract {

  @BeforeEach
  void needs_nested_jails() {
    needs(Capability.NESTED_JAILS);
  }

  @Test
  void a_child_has_the_names_of_its_parents() {
    Jail outer = host.jail("outer").childrenMax(2).create();
    Jail middle = outer.jail("middle").childrenMax(1).create();
    Jail inner = middle.jail("inner").create();

    assertThat(inner.name()).isEqualTo("outer.middle.inner");
    assertThat(inner.parent()).isSameAs(middle);
    assertThat(middle.parent()).isSameAs(outer);
    assertThat(outer.children()).containsExactly(middle);
    assertThat(inner.children()).isEmpty();
    assertThat(vnet.findJail("outer.middle.inner")).containsSame(inner);
    assertThat(vnet.jails()).containsExactlyInAnyOrder(outer, middle, inner);
  }

  @Test
  void a_jail_allows_no_children_unless_it_is_told_to() {
    Jail jail = jail("web");

    refused(LimitException.class, () -> jail.jail("sub").create(), "web.sub", "children.max=0");
  }

  @Test
  void a_full_jail_refuses_another_child_and_names_itself_and_its_limit() {
    Jail outer = host.jail("outer").childrenMax(1).create();
    outer.jail("first").create();

    refused(
        LimitException.class,
        () -> outer.jail("second").create(),
        "outer.second: outer has",
        "children.max=1");
  }

  @Test
  void children_count_at_all_depths() {
    Jail outer = host.jail("outer").childrenMax(3).create();
    outer.jail("other").create();
    Jail middle = outer.jail("middle").childrenMax(2).create();
    middle.jail("one").create();

    refused(LimitException.class, () -> middle.jail("two").create(), "outer has", "children.max=3");
    assertThat(outer.info().childrenCur()).isEqualTo(3);
    assertThat(outer.info().childrenMax()).isEqualTo(3);
    assertThat(middle.info().childrenCur()).isEqualTo(1);
  }

  @Test
  void a_child_may_ask_for_more_room_than_its_parent_has() {
    Jail outer = host.jail("outer").childrenMax(2).create();

    Jail middle = outer.jail("middle").childrenMax(5).create();
    middle.jail("one").create();

    refused(LimitException.class, () -> middle.jail("two").create(), "children.max=");
  }

  @Test
  void a_removed_child_makes_room() {
    Jail outer = host.jail("outer").childrenMax(1).create();
    outer.jail("first").create().remove();

    Jail second = outer.jail("second").create();

    assertThat(second.exists()).isTrue();
    assertThat(outer.info().childrenCur()).isEqualTo(1);
  }

  @Test
  void removing_a_jail_removes_all_below_it() {
    Jail outer = host.jail("outer").childrenMax(2).create();
    Jail middle = outer.jail("middle").childrenMax(1).create();
    Jail inner = middle.jail("inner").create();
    Jail beside = jail("beside");

    outer.remove();

    assertThat(middle.exists()).isFalse();
    assertThat(inner.exists()).isFalse();
    assertThat(vnet.jails()).containsExactly(beside);
  }

  @Test
  void the_same_name_may_be_used_below_different_parents() {
    Jail one = host.jail("one").childrenMax(1).create();
    Jail two = host.jail("two").childrenMax(1).create();

    Jail first = one.jail("sub").create();
    Jail second = two.jail("sub").create();

    assertThat(first.jid()).isNotEqualTo(second.jid());
    refused(Jail.NameTakenException.class, () -> host.jail("one").create(), "one");
  }

  @Test
  void a_jail_in_a_jail_reaches_its_parent_and_not_its_grandparent() {
    needsTraffic();
    Jail outer = host.jail("outer").childrenMax(1).create();
    Jail inner = outer.jail("inner").create();
    cable(host, outer, "192.0.2.1/24", "192.0.2.2/24");
    cable(outer, inner, "198.51.100.1/24", "198.51.100.2/24");

    reaches(inner, "198.51.100.1");
    reaches(host, "192.0.2.2");
    doesNotReach(inner, "192.0.2.1");
  }
}
