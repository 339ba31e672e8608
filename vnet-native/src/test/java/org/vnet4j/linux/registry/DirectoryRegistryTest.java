// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.VnetException;
import org.vnet4j.spi.JailSpec;

@EnabledOnOs(value = OS.LINUX, disabledReason = "the registry is that of the Linux provider")
class DirectoryRegistryTest {
  @TempDir Path temp;
  private DirectoryRegistry registry;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(temp.resolve("netns"));
    registry = new DirectoryRegistry(temp.resolve("vnet4j"), temp.resolve("netns"), temp);
  }

  private JailRecord enter(String name) {
    return registry.enter(
        new JailSpec(name, 0, true, 2, "www", Map.of()), "test/1/2/3", made -> {});
  }

  private void bind(String name) throws IOException {
    Files.createFile(temp.resolve("netns").resolve(name));
  }

  @Test
  void a_jail_that_was_entered_is_read_back() throws IOException {
    JailRecord jail = enter("outer.inner");
    bind("outer.inner");

    assertThat(registry.list()).containsExactly(jail);
    assertThat(jail).isEqualTo(new JailRecord(1, "outer.inner", true, 2, "www", "test/1/2/3"));
  }

  @Test
  void a_name_is_taken_while_its_namespace_is_there() throws IOException {
    enter("one");
    bind("one");

    assertThat(registry.enter(new JailSpec("one", 0, false, 0, null, Map.of()), "o", made -> {}))
        .isNull();
  }

  @Test
  void a_jail_whose_namespace_is_gone_is_no_jail_and_its_number_is_not_used_again()
      throws IOException {
    enter("one");

    assertThat(registry.list()).isEmpty();
    assertThat(enter("one").jid()).isEqualTo(2);
  }

  @Test
  void numbers_differ_for_all_threads() {
    Set<Integer> jids = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 40).parallel().forEach(i -> jids.add(enter("jail" + i).jid()));

    assertThat(jids).isEqualTo(new HashSet<>(IntStream.rangeClosed(1, 40).boxed().toList()));
  }

  @Test
  void a_directory_that_others_may_enter_is_refused() throws IOException {
    Path open = temp.resolve("open");
    Files.createDirectory(open);
    Files.setPosixFilePermissions(
        open, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    DirectoryRegistry unsafe = new DirectoryRegistry(open, temp.resolve("netns"));

    assertThatThrownBy(
            () -> unsafe.enter(new JailSpec("one", 0, false, 0, null, Map.of()), "o", made -> {}))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining(open.toString())
        .hasMessageContaining("only root may enter");
  }

  @Test
  void a_damaged_record_is_named_with_what_to_do() throws IOException {
    enter("one");
    bind("one");
    Files.write(temp.resolve("vnet4j/one.jail"), List.of("jid="));

    assertThatThrownBy(() -> registry.list())
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("one.jail is damaged")
        .hasMessageContaining("delete it");
  }
}
