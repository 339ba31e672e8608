// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"em0", "eth0.42", "veth@if3", "a", "0", "fifteen_letters", "wlp3s0-x"})
  void interface_names_pass(String name) {
    assertThat(Names.interfaceName(name)).isSameAs(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sixteen_letters_", "a/b", "a b", "$(x)", ";", "`x`", "-a", ".", "..", "ä"})
  void other_interface_names_are_quoted(String name) {
    assertThatThrownBy(() -> Names.interfaceName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("interface name \"" + name + "\": 1 to 15 ");
  }

  @Test
  void control_characters_are_written_as_escapes() {
    assertThatThrownBy(() -> Names.interfaceName("a\0b\nc"))
        .hasMessageContaining("\"a\\u0000b\\u000ac\"");
  }

  @Test
  void a_text_of_others_shows_what_would_deceive() {
    assertThat(Names.visible("a plain \u00fcml\u00e4ut \ud83d\ude00"))
        .isEqualTo("a plain ümläut \ud83d\ude00");
    assertThat(Names.visible("up\nlo: \u001b]0;t\u0007\t\u009b"))
        .isEqualTo("up\\u000alo: \\u001b]0;t\\u0007\\u0009\\u009b");
    assertThat(Names.visible("a\u202eb\u2028c\ud800d\ufffe"))
        .isEqualTo("a\\u202eb\\u2028c\\ud800d\\ufffe");
    assertThat(Names.visibleLines("a\n\tb\r\u001b")).isEqualTo("a\n\tb\\u000d\\u001b");
  }

  @Test
  void a_very_long_name_is_cut_in_the_message() {
    assertThatThrownBy(() -> Names.interfaceName("x".repeat(5000)))
        .satisfies(error -> assertThat(error.getMessage()).hasSizeLessThan(200))
        .hasMessageContaining("\"...");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "web-1", "_x", "1a", "aaa"})
  void jail_names_pass(String name) {
    assertThat(Names.jailName(name)).isSameAs(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "007", "a.b", "-a", "a=b", "*", "a\n"})
  void other_jail_names_do_not(String name) {
    assertThatThrownBy(() -> Names.jailName(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void full_jail_names_are_checked_component_by_component() {
    assertThat(Names.fullJailName("outer.middle.inner")).isEqualTo("outer.middle.inner");
    for (String bad : new String[] {"", ".", "a.", ".a", "a..b", "a.1", "a.b c"}) {
      assertThatThrownBy(() -> Names.fullJailName(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Names.fullJailName("a".repeat(200))).hasSize(200);
    assertThatThrownBy(() -> Names.fullJailName("a".repeat(201))).hasMessageContaining("201");
  }

  @Test
  void hostnames_have_1_to_63_characters() {
    assertThat(Names.hostname("web.example-1.org")).isEqualTo("web.example-1.org");
    assertThat(Names.hostname("a".repeat(63))).hasSize(63);
    for (String bad : new String[] {"", "-a", ".a", "a_b", "a b", "a".repeat(64)}) {
      assertThatThrownBy(() -> Names.hostname(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("hostname");
    }
  }
}
