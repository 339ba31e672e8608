// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.owner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkTest {
  @Test
  void a_mark_stands_behind_the_description_and_is_read_back() {
    Mark mark = Mark.made(7, "lab/4711/815/1").text("uplink to the lab");

    assertThat(mark.alias()).isEqualTo("uplink to the lab [vnet4j made home=7 by=lab/4711/815/1]");
    assertThat(Mark.parse(mark.alias())).isEqualTo(mark);
  }

  @Test
  void a_mark_without_a_description_is_read_back() {
    Mark mark = Mark.made(0, "lab/1/2/3");

    assertThat(Mark.parse(mark.alias())).isEqualTo(mark);
  }

  @Test
  void an_alias_of_somebody_else_is_a_description_without_a_mark() {
    Mark mark = Mark.parse("core switch [rack 7]");

    assertThat(mark.text()).isEqualTo("core switch [rack 7]");
    assertThat(mark.home()).isNull();
    assertThat(mark.alias()).isEqualTo("core switch [rack 7]");
  }

  @Test
  void what_was_lent_carries_its_home_and_loses_it_there() {
    Mark mine = Mark.parse("core switch");
    Mark away = Mark.parse(mine.lent(0, "lab/1/2/3").alias());

    assertThat(away.home()).isZero();
    assertThat(away.made()).isFalse();
    assertThat(away.lent(9, "other/1/2/3")).isEqualTo(away);
    assertThat(away.atHome().alias()).isEqualTo("core switch");
  }

  @Test
  void a_description_that_looks_like_a_mark_is_only_text_before_the_real_one() {
    Mark sly = Mark.made(3, "lab/1/2/3").text("[vnet4j lent home=0 by=x/1/1/1]");

    assertThat(Mark.parse(sly.alias())).isEqualTo(sly);
  }
}
